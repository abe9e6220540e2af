"""Records that are missing: created beside the form that refers to them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.permissions import Access, Role
from dashboard.testing.answers import is_redirect
from unit.admin.reading import flashes, read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Country, Supplier
from unit.record_view.stored import COUNTRIES, SUPPLIERS

NEW = f"{COUNTRIES}/new/"


@pytest.fixture
def editor(suppliers: Flask) -> FlaskClient:
    return logged_in(suppliers, "editor")


def links(client: FlaskClient, address: str) -> list[str]:
    """The texts of the links that create what a form can refer to."""
    return [each.text for each in read(client.get(address).text).all("a", class_="creating")]


def test_form_links_to_that_of_each_kind_it_refers_to(editor: FlaskClient) -> None:
    assert links(editor, f"{SUPPLIERS}/new/") == ["New country", "New supplier"]


def test_kind_without_a_form_of_new_records_has_no_link(console: With) -> None:
    class Fixed(RecordView):
        can_create = False

    app = console(lambda: RecordView(Supplier), lambda: Fixed(Country))
    assert links(logged_in(app, "editor"), f"{SUPPLIERS}/new/") == ["New supplier"]


def test_user_who_may_not_create_a_kind_has_no_link(console: With) -> None:
    class Guarded(RecordView):
        roles = {Access.WRITE: Role.ADMIN}  # noqa: RUF012

    app = console(lambda: RecordView(Supplier), lambda: Guarded(Country))
    assert links(logged_in(app, "editor"), f"{SUPPLIERS}/new/") == ["New supplier"]
    assert links(logged_in(app, "admin"), f"{SUPPLIERS}/new/") == ["New country", "New supplier"]


def test_child_rows_have_no_links(clubs: Flask) -> None:
    assert links(logged_in(clubs, "editor"), "/admin/own_clubs/edit/?id=1") == []


def test_script_gets_the_new_record_and_the_next_page_offers_undo(editor: FlaskClient) -> None:
    fields = {**record_form(editor.get(NEW).text), "code": "fr", "name": "France"}
    answer = editor.post(NEW, data=fields, headers={"Accept": "application/json"})
    assert answer.json == {"key": "fr", "label": "France", "hint": "no. fr", "text": "France"}
    page = editor.get(f"{SUPPLIERS}/new/").text
    assert flashes(page) == [("success", "Country “France” created.")]
    assert [each for each in read(page).all("form") if "undo" in each.attributes.get("action", "")]


def test_script_gets_the_key_where_two_have_one_name(editor: FlaskClient) -> None:
    fields = {**record_form(editor.get(NEW).text), "code": "d2", "name": "Germany"}
    answer = editor.post(NEW, data=fields, headers={"Accept": "application/json"})
    assert answer.json is not None and answer.json["text"] == "d2"


def test_refused_form_is_answered_by_its_page(editor: FlaskClient) -> None:
    fields = {**record_form(editor.get(NEW).text), "code": "fr", "name": ""}
    answer = editor.post(NEW, data=fields, headers={"Accept": "application/json, text/html;q=0.9"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")


def test_browser_goes_back_to_the_list(editor: FlaskClient) -> None:
    fields = {**record_form(editor.get(NEW).text), "code": "fr", "name": "France"}
    accept = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert is_redirect(editor.post(NEW, data=fields, headers=accept))
