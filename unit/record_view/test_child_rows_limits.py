"""Child rows keep to the limits of the screens that they and their record have."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.permissions import Access, Role
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form, row_titles
from unit.record_view.clubs import CLUBS, EDIT, ClubView, members
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Club, Country, Member, Supplier
from unit.record_view.stored import confirm, rows

pytestmark = pytest.mark.both_databases
MEMBERS = "/admin/own_members"


class OpenClubs(ClubView):
    """Clubs with their members, without the one that is called Hidden."""

    def get_query(self) -> Any:
        return super().get_query().filter(Club.name != "Hidden")


def filled(app: Flask) -> Flask:
    """A console with two clubs that have a member each; the second club is called Hidden."""
    with app.app_context():
        db.session.add_all([Club(name="Chess"), Club(name="Hidden")])
        db.session.flush()
        db.session.add_all([Member(name="Ann", club_id=1), Member(name="Secret", club_id=2)])
        db.session.commit()
    return app


@pytest.fixture
def narrow(console: With) -> Flask:
    """A console whose users see the first of two clubs."""
    return filled(console(lambda: OpenClubs(Club)))


@pytest.fixture
def editor(narrow: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(narrow, "editor")


@pytest.mark.parametrize("path", ["edit", "delete", "details", "history"])
def test_row_of_a_record_that_is_not_seen_has_no_page(editor: FlaskClient, path: str) -> None:
    assert editor.get(f"{MEMBERS}/{path}/?id=1").status_code == 200
    answer = editor.get(f"{MEMBERS}/{path}/?id=2")
    assert answer.status_code == 404
    assert "Secret" not in answer.text


@pytest.mark.parametrize("path", ["/", "/?q=Secre", "/lookup/?q=Secre", "/export/csv/"])
def test_row_of_a_record_that_is_not_seen_is_in_no_list(editor: FlaskClient, path: str) -> None:
    answer = editor.get(MEMBERS + path).text
    shown = read(answer).all("main")[0].text if "<main" in answer else answer
    assert "Secret" not in shown


def test_rows_of_a_record_that_is_seen_are_listed(editor: FlaskClient) -> None:
    assert row_titles(editor.get(f"{MEMBERS}/").text) == ["Ann"]
    assert "Ann" in editor.get(f"{MEMBERS}/export/csv/").text


def test_palette_has_no_row_of_a_record_that_is_not_seen(editor: FlaskClient) -> None:
    assert "Ann" in str(editor.get("/admin/palette/?q=Ann").data)
    assert "Secret" not in str(editor.get("/admin/palette/?q=Secre").data)


def test_made_up_post_reaches_no_row_of_a_record_that_is_not_seen(narrow: Flask, editor: FlaskClient) -> None:
    before = rows(narrow, Member)
    form = read(editor.get(f"{MEMBERS}/edit/?id=1").text).all("form", method="post")[-1].fields
    for page in ("edit", "delete"):
        sent = {**form, "id": "2", "name": "Mallory"}
        assert editor.post(f"{MEMBERS}/{page}/?id=2", data=sent).status_code == 404
    sent = {**form, "name": "Mallory", "club_id": "2"}
    assert editor.post(f"{MEMBERS}/edit/?id=1", data=sent).status_code == 200
    assert rows(narrow, Member) == before


SWITCHED = {
    "can_create": ["new"],
    "can_edit": ["new", "edit", "delete"],
    "can_delete": ["delete"],
    "can_export": ["export/csv"],
}
"""The pages of rows that a switch of the screen of their record closes."""


@pytest.mark.parametrize("switch", SWITCHED)
def test_switch_of_a_screen_holds_for_the_pages_of_its_rows(console: With, switch: str) -> None:
    view = type("Switched", (ClubView,), {switch: False})
    editor = logged_in(filled(console(lambda: view(Club))), "editor")
    closed = [
        page
        for page in ("new", "edit", "delete", "export/csv")
        if editor.get(f"{MEMBERS}/{page}/?id=1").status_code >= 400
    ]
    assert closed == SWITCHED[switch]


def test_row_is_deleted_and_restored_where_records_are_limited(narrow: Flask, editor: FlaskClient) -> None:
    before = rows(narrow, Member)
    confirm(editor, f"{MEMBERS}/delete/?id=1")
    assert len(rows(narrow, Member)) == 1
    confirm(editor, "/admin/trash/restore/?id=1")
    assert rows(narrow, Member) == before


@pytest.mark.parametrize("path", [f"{MEMBERS}/delete/?id=1", EDIT, f"{CLUBS}/delete/?id=3"])
def test_deletion_is_undone_by_who_made_it_where_records_are_limited(
    narrow: Flask, editor: FlaskClient, path: str
) -> None:
    with narrow.app_context():
        db.session.add(Club(name="Empty"))
        db.session.commit()
    before = named(narrow)
    answer = editor.post(path, data={**record_form(editor.get(path).text), "members-1-remove": "y"})
    assert named(narrow) != before
    page = read(editor.get(answer.headers["Location"]).text)
    [undo] = [form for form in page.all("form") if form.attributes["action"].endswith("/undo/")]
    other = logged_in(narrow, "admin")
    token = read(other.get(f"{CLUBS}/").text).fields["csrf_token"]
    address = undo.attributes["action"]
    assert other.post(address, data={**undo.fields, "csrf_token": token}).status_code == 403
    assert is_redirect(editor.post(address, data=undo.fields))
    assert named(narrow) == before


def named(app: Flask) -> list[str]:
    """The names of all members and clubs."""
    return [row["name"] for model in (Member, Club) for row in rows(app, model)]


def test_row_without_a_record_is_not_seen_where_records_are_limited(console: With) -> None:
    class OpenCountries(RecordView):
        inline_models = (Supplier,)

        def get_query(self) -> Any:
            return super().get_query().filter(Country.code != "x")

    app = console(lambda: OpenCountries(Country))
    with app.app_context():
        db.session.add_all([Country(code="de", name="Germany"), Country(code="x", name="Nowhere")])
        db.session.flush()
        db.session.add_all(Supplier(name=f"S {code}", country_code=code) for code in ("de", "x", None))
        db.session.commit()
    assert row_titles(logged_in(app, "viewer").get("/admin/own_suppliers/").text) == ["S de"]


class Seen(RecordView):
    """Members without the one that is called Secret."""

    def get_query(self) -> Any:
        return super().get_query().filter(Member.name != "Secret")


FORGED = {
    "members-1-name": "Mallory",
    "members-2-remove": "y",
    "members-3-name": "Mallory",
    "members-3-remove": "y",
    "members-+1-name": "Eve",
}
"""Fields that change, remove and add members of a club with Ann, Bob and Secret."""


@pytest.mark.parametrize(
    ("attributes", "names", "shown"),
    [
        ({}, ["Mallory", "Eve"], "Ann Bob New New"),
        ({"can_create": False}, ["Mallory"], "Ann Bob"),
        ({"can_edit": False}, ["Ann", "Eve"], "Ann Bob New New"),
        ({"can_delete": False}, ["Mallory", "Bob", "Eve"], "Ann Bob New New"),
        ({"can_edit": False, "can_delete": False}, ["Ann", "Bob", "Eve"], "New New"),
        ({"can_create": False, "can_edit": False}, ["Ann"], "Ann Bob"),
        ({"can_create": False, "can_edit": False, "can_delete": False}, ["Ann", "Bob"], ""),
        ({"roles": {Access.READ: Role.ADMIN}}, ["Ann", "Bob"], ""),
        ({"roles": {Access.WRITE: Role.ADMIN}}, ["Ann", "Bob"], ""),
        ({"may_change": lambda _, record: record.name != "Ann"}, ["Ann", "Eve"], "Bob New New"),
    ],
)
def test_rows_in_a_form_keep_to_the_limits_of_their_screen(
    console: With, attributes: dict[str, Any], names: list[str], shown: str
) -> None:
    view = type("Limited", (Seen,), attributes)
    app = console(lambda: ClubView(Club), lambda: view(Member))
    with app.app_context():
        db.session.add(Club(name="Chess"))
        db.session.flush()
        db.session.add_all(Member(name=name, club_id=1) for name in ("Ann", "Bob", "Secret"))
        db.session.commit()
    editor = logged_in(app, "editor")
    page = editor.get(EDIT).text
    legends = [legend.text for each in read(page).all("section") for legend in each.all("legend")]
    assert [each.split()[0] for each in legends] == shown.split()
    assert is_redirect(editor.post(EDIT, data={**record_form(page), **FORGED, "name": "Chess!"}))
    assert sorted(members(app)) == sorted(["Secret", *names])


def test_new_record_gets_no_rows_that_may_not_be_added(console: With) -> None:
    view = type("Limited", (RecordView,), {"can_create": False})
    app = console(lambda: ClubView(Club), lambda: view(Member))
    editor = logged_in(app, "editor")
    form = record_form(editor.get(f"{CLUBS}/new/").text)
    assert is_redirect(editor.post(f"{CLUBS}/new/", data={**form, "name": "Go", "members-+1-name": "Eve"}))
    assert rows(app, Member) == []


def test_rows_that_can_only_be_removed_are_all_shown_again(console: With) -> None:
    view = type("Limited", (RecordView,), {"can_create": False, "can_edit": False})
    app = filled(console(lambda: ClubView(Club), lambda: view(Member)))
    with app.app_context():
        db.session.add(Member(name="Bob", club_id=1))
        db.session.commit()
    editor = logged_in(app, "editor")
    form = {**record_form(editor.get(EDIT).text), "name": "", "members-3-remove": "y"}
    again = editor.post(EDIT, data=form)
    boxes = read(again.text).all("input", type="checkbox")
    found = [(each.attributes["name"], "checked" in each.attributes) for each in boxes]
    assert found == [("members-1-remove", False), ("members-3-remove", True)]
