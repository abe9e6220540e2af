"""Somebody else has the form open: told, renewed, over by itself, and never in anybody's way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import Connection

from dashboard.accounts.leases import LASTS, EditLease, renew
from dashboard.accounts.models import User
from dashboard.admin.features.presence import in_words
from dashboard.database.transactions import WRITES
from dashboard.extensions import db
from dashboard.history.models import ChangeSet
from unit.admin.conftest import Make
from unit.admin.reading import read, record_form
from unit.admin.screens import SCREENS, Screen
from unit.conftest import ClientAs, CountQueries, SetClock, Submit
from unit.factories.accounts import the_account

each_screen = pytest.mark.parametrize("screen", SCREENS, ids=str)
Leases = Callable[[], list[tuple[str, int, str]]]


@pytest.fixture
def leases(app: Flask) -> Leases:
    """`leases()` are the kinds and ids of the records that are being edited, and by whom."""

    def leases() -> list[tuple[str, int, str]]:
        with app.app_context():
            statement = select(EditLease.record_kind, EditLease.record_id, User.email).join(User)
            return [(kind, key, email) for kind, key, email in db.session.execute(statement)]

    return leases


def told(page: str) -> str:
    """What a page says about others."""
    [notice] = [each for each in read(page).all("p", role="status") if "data-editing" in each.attributes]
    return notice.text


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["Ada"], "Ada is editing this too."),
        (["Ada", "Bob"], "Ada and Bob are editing this too."),
        (["Ada", "Bob", "Cy"], "Ada, Bob and Cy are editing this too."),
        (["Ada", "Bob", "Cy", "Di"], "Ada, Bob and 2 others are editing this too."),
    ],
)
def test_others_are_named(names: list[str], words: str) -> None:
    assert in_words(names) == words


@each_screen
def test_whoever_opens_a_form_second_is_told_who_has_it_open(
    screen: Screen, client_as: ClientAs, make: Make, leases: Leases
) -> None:
    key = make(screen.name)
    address = f"{screen.path}edit/?id={key}"
    assert told(client_as("admin").get(address).text) == ""
    assert told(client_as("owner").get(address).text) == "admin@example.test is editing this too."
    assert leases() == [(screen.name, key, "admin@example.test"), (screen.name, key, "owner@example.test")]


def test_a_name_stands_before_the_address_and_is_text(app: Flask, client_as: ClientAs, make: Make) -> None:
    key = make("products")
    client_as("admin").get(f"/admin/products/edit/?id={key}")
    with app.app_context():
        the_account("admin").name = "<b>Ada</b>"
        db.session.commit()
    page = client_as("owner").get(f"/admin/products/edit/?id={key}").text
    assert told(page) == "<b>Ada</b> (admin@example.test) is editing this too."


def test_nobody_is_told_of_oneself_in_another_tab_or_of_another_record(
    client_as: ClientAs, make: Make
) -> None:
    editor, product, other, shelf = client_as("editor"), *map(make, ("products", "products", "categories"))
    client_as("admin").get(f"/admin/products/edit/?id={other}")
    client_as("admin").get(f"/admin/categories/edit/?id={shelf}")
    for _ in range(2):
        assert told(editor.get(f"/admin/products/edit/?id={product}").text) == ""


@each_screen
def test_the_script_of_the_first_learns_of_the_second(
    screen: Screen, client_as: ClientAs, make: Make, submit: Submit
) -> None:
    key = make(screen.name)
    first, second = client_as("owner"), client_as("admin")
    for browser in (first, second):
        browser.get(f"{screen.path}edit/?id={key}")
    answer = submit(first, f"{screen.path}editing/?id={key}")
    assert (answer.status_code, answer.json) == (200, {"words": "admin@example.test is editing this too."})


def test_it_is_over_after_two_minutes_and_renewed_by_the_script(
    client_as: ClientAs, make: Make, submit: Submit, set_clock: SetClock, leases: Leases
) -> None:
    address = f"/admin/products/edit/?id={make('products')}"
    first, second = client_as("admin"), client_as("editor")
    first.get(address)
    set_clock(LASTS - timedelta(seconds=1))
    assert told(second.get(address).text)
    submit(first, address.replace("edit/", "editing/"))
    set_clock(LASTS - timedelta(seconds=1))
    assert told(second.get(address).text)
    set_clock(LASTS)
    assert told(second.get(address).text) == ""
    assert [email for _, _, email in leases()] == ["editor@example.test"]  # what was over is away


@pytest.mark.parametrize(("short_of_it", "words"), [(1, "admin@example.test is editing this too."), (0, "")])
def test_it_lasts_for_two_minutes_and_no_moment_longer(
    client_as: ClientAs, make: Make, set_clock: SetClock, short_of_it: int, words: str
) -> None:
    address = f"/admin/products/edit/?id={make('products')}"
    admin, owner = client_as("admin"), client_as("owner")
    set_clock(timedelta(0))
    admin.get(address)
    set_clock(LASTS - timedelta(microseconds=short_of_it))
    assert told(owner.get(address).text) == words


def test_saving_ends_it_and_a_save_that_is_refused_does_not(
    client_as: ClientAs, make: Make, leases: Leases
) -> None:
    editor, address = client_as("editor"), f"/admin/products/edit/?id={make('products')}"
    form = record_form(editor.get(address).text)
    editor.post(address, data={**form, "price": "abc"})
    assert len(leases()) == 1
    assert editor.post(address, data={**form, "name": "New"}).status_code == 302
    assert leases() == []


def test_the_merge_page_tells_who_else_is_there(client_as: ClientAs, make: Make) -> None:
    mine, theirs = client_as("editor"), client_as("admin")
    address = f"/admin/products/edit/?id={make('products')}"
    form = record_form(mine.get(address).text)
    theirs.post(address, data={**record_form(theirs.get(address).text), "name": "Theirs"})
    theirs.get(address)
    assert told(mine.post(address, data={**form, "name": "Mine"}).text).startswith("Account no. 2 is")


def test_nothing_of_it_is_in_the_history(app: Flask, client_as: ClientAs, make: Make, submit: Submit) -> None:
    key = make("products")
    client_as("editor")
    with app.app_context():
        before = len(db.session.scalars(select(ChangeSet)).all())
    browser = client_as("editor")
    browser.get(f"/admin/products/edit/?id={key}")
    submit(browser, f"/admin/products/editing/?id={key}")
    with app.app_context():
        assert len(db.session.scalars(select(ChangeSet)).all()) == before


def test_reading_notes_oneself_for_that_record_and_nothing_else(
    client_as: ClientAs, make: Make, leases: Leases
) -> None:
    editor, key = client_as("editor"), make("products")
    for what in ("", f"details/?id={key}", f"delete/?id={key}", "new/"):
        editor.get(f"/admin/products/{what}")
    assert leases() == []
    editor.get(f"/admin/products/edit/?id={key}&user_id=1&record_id=9&until=2099-01-01")
    assert leases() == [("products", key, "editor@example.test")]


def test_without_a_token_nothing_is_noted(client_as: ClientAs, make: Make, leases: Leases) -> None:
    assert client_as("editor").post(f"/admin/products/editing/?id={make('products')}").status_code == 400
    assert leases() == []


def test_whoever_may_not_edit_is_neither_noted_nor_told(
    client_as: ClientAs, make: Make, submit: Submit, leases: Leases
) -> None:
    owner = make("users", "owner", email="boss@example.test")
    admin, viewer = client_as("admin"), client_as("viewer")
    assert submit(viewer, f"/admin/products/editing/?id={make('products')}").status_code == 403
    assert submit(admin, f"/admin/users/editing/?id={owner}").status_code == 404
    assert admin.get(f"/admin/users/edit/?id={owner}").status_code == 404
    assert submit(admin, "/admin/products/editing/?id=999").status_code == 404
    assert leases() == []


def test_nobody_edits_oneself(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    admin = client_as("admin")
    with app.app_context():
        key = the_account("admin").id
    assert submit(admin, f"/admin/users/editing/?id={key}").status_code == 403


def test_a_lease_goes_with_its_person(app: Flask, client_as: ClientAs, make: Make, leases: Leases) -> None:
    client_as("editor").get(f"/admin/products/edit/?id={make('products')}")
    with app.app_context():
        db.session.delete(the_account("editor"))
        db.session.commit()
        assert db.session.scalars(select(EditLease)).all() == []


@pytest.mark.sqlite
def test_a_database_that_somebody_else_writes_to_is_not_waited_for(
    app: Flask, client_as: ClientAs, make: Make, leases: Leases
) -> None:
    editor, key = client_as("editor"), make("products")
    with app.app_context(), db.engine.connect().execution_options(**{WRITES: True}) as other, other.begin():
        assert editor.get(f"/admin/products/edit/?id={key}").status_code == 200
    assert leases() == []


def test_a_fault_in_the_note_is_no_fault_of_the_page(
    app: Flask, client_as: ClientAs, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: Connection, *_lease: Any) -> None:
        connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

    monkeypatch.setattr("dashboard.accounts.leases.renew", broken)
    assert client_as("editor").get(f"/admin/products/edit/?id={make('products')}").status_code == 200


def test_a_renewal_takes_few_queries_however_many_are_there(
    app: Flask, client_as: ClientAs, make: Make, submit: Submit, count_queries: CountQueries
) -> None:
    editor, key = client_as("editor"), make("products")
    taken = []
    for more in (1, 5):
        with app.app_context():
            for _ in range(more):
                user = make("users")
                with db.engine.begin() as connection:
                    renew(connection, "products", key, user)
        with count_queries() as statements:
            page = editor.get(f"/admin/products/edit/?id={key}")
        assert "editing this too" in page.text
        with count_queries() as more_statements:
            submit(editor, f"/admin/products/editing/?id={key}")
        taken.append((len(statements), len(more_statements)))
    assert taken[0] == taken[1] <= (7, 6), statements


def test_two_tabs_have_one_lease(client_as: ClientAs, make: Make, leases: Leases) -> None:
    editor, address = client_as("editor"), f"/admin/products/edit/?id={make('products')}"
    editor.get(address)
    editor.get(address)
    assert len(leases()) == 1
