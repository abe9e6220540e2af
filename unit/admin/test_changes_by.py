"""From a person to their changes: the number on the page of a user, and the link in the profile."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.ledger import changes_by
from dashboard.testing.accounts import an_account, the_account
from dashboard.testing.catalogue import a_category
from unit.admin.ledger import Write, whats
from unit.admin.reading import Element, read
from unit.conftest import ClientAs, SetClock

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def number_on(client: FlaskClient, key: int) -> Element:
    """The link from the page of a user to their changes."""
    page = read(client.get(f"/admin/users/details/?id={key}").text)
    [link] = [each for each in page.all("a") if "in the last 30 days" in each.text]
    return link


@pytest.fixture
def editor_id(app: Flask, editor: FlaskClient) -> int:
    """The number of the editor."""
    with app.app_context():
        return the_account("editor").id


def test_page_of_a_user_counts_recent_changes_and_leads_to_all(
    owner: FlaskClient, editor_id: int, write: Write, set_clock: SetClock
) -> None:
    set_clock(NOW)
    write(lambda: a_category("Old"), author_id=editor_id)
    write(lambda: a_category("Not theirs"))
    set_clock(NOW + changes_by.PERIOD + timedelta(seconds=1))
    write(lambda: a_category("New"), author_id=editor_id)
    link = number_on(owner, editor_id)
    assert link.text == "1 in the last 30 days"
    query = link.attributes["href"].partition("?")[2]
    assert whats(owner, query) == ["Created category “New”", "Created category “Old”"]


def test_changes_that_the_reader_may_not_see_are_not_counted(
    client_as: ClientAs, owner: FlaskClient, editor_id: int, write: Write
) -> None:
    admin = client_as("admin")
    write(lambda: an_account("owner", email="other@example.test"), author_id=editor_id)
    assert number_on(owner, editor_id).text == "1 in the last 30 days"
    assert number_on(admin, editor_id).text == "0 in the last 30 days"


def test_very_many_changes_are_not_counted_exactly(
    owner: FlaskClient, editor_id: int, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_by, "MOST_COUNTED", 2)
    for number in range(4):
        write(lambda number=number: a_category(f"Shelf {number}"), author_id=editor_id)
    assert number_on(owner, editor_id).text == "Over 2 in the last 30 days"


def test_profile_leads_to_the_own_changes(editor: FlaskClient, editor_id: int, write: Write) -> None:
    write(lambda: a_category("Mine"), author_id=editor_id)
    write(lambda: a_category("Not mine"))
    [link] = [each for each in read(editor.get("/profile").text).all("a") if each.text == "Your changes"]
    query = link.attributes["href"].partition("?")[2]
    assert whats(editor, query) == ["Created category “Mine”"]


def test_form_of_an_account_leads_to_its_changes(owner: FlaskClient, editor_id: int, write: Write) -> None:
    write(lambda: a_category("Theirs"), author_id=editor_id)
    write(lambda: a_category("Not theirs"))
    page = read(owner.get(f"/admin/users/edit/?id={editor_id}").text)
    [link] = [each for each in page.all("a") if each.text == "Changes by this user"]
    query = link.attributes["href"].partition("?")[2]
    assert whats(owner, query) == ["Created category “Theirs”"]
