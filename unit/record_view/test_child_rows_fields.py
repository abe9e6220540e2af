"""Which fields child rows have, and how these are called."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.bounds import CHILD_ROWS, NEW_CHILD_ROWS
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Base, Club, Supplier
from unit.record_view.stored import SUPPLIERS, rows

pytestmark = pytest.mark.both_databases
EDIT = "/admin/own_clubs/edit/?id=1"


class Visit(Base):
    """A record that refers to two clubs, with columns that are called like controls of rows."""

    __tablename__ = "own_visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    remove: Mapped[str | None] = mapped_column(String(20))
    shown: Mapped[str | None] = mapped_column(String(20))
    guest_id: Mapped[int] = mapped_column(ForeignKey("own_clubs.id"))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("own_clubs.id"))

    guest: Mapped[Club] = relationship(foreign_keys=[guest_id])
    host: Mapped[Club | None] = relationship(foreign_keys=[host_id])


class Badge(Base):
    """A record whose key is a text that people choose."""

    __tablename__ = "own_badges"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    club_id: Mapped[int] = mapped_column(ForeignKey("own_clubs.id"))

    club: Mapped[Club] = relationship()


def visited(console: With, entries: tuple[Any, ...], **attributes: Any) -> tuple[Flask, FlaskClient]:
    """A console with a club and a visit as its row, and a browser of an editor."""
    view = type("ClubView", (RecordView,), {"inline_models": entries})
    screen = type("VisitView", (RecordView,), attributes)
    app = console(lambda: view(Club), lambda: screen(Visit))
    with app.app_context():
        db.session.add_all([Club(name="Chess"), Club(name="Go")])
        db.session.flush()
        db.session.add(Visit(name="May", remove="kept", shown="kept", guest_id=1, host_id=1))
        db.session.commit()
    return app, logged_in(app, "editor")


GUESTS = (Visit, {"reference": "guest_id"})


def test_columns_that_are_called_like_controls_keep_their_texts(console: With) -> None:
    app, editor = visited(console, (GUESTS,))
    before = rows(app, Visit)
    form = record_form(editor.get(EDIT).text)
    assert is_redirect(editor.post(EDIT, data=form))
    assert rows(app, Visit) == before
    [remove, shown] = [name for name, text in form.items() if text == "kept"]
    assert is_redirect(editor.post(EDIT, data={**form, remove: "a", shown: "b"}))
    assert rows(app, Visit) == [{**before[0], "remove": "a", "shown": "b"}]


def test_row_with_a_column_called_remove_is_removed(console: With) -> None:
    app, editor = visited(console, (GUESTS,))
    page = editor.get(EDIT).text
    [box] = read(page).all("input", type="checkbox")
    assert is_redirect(editor.post(EDIT, data={**record_form(page), box.attributes["name"]: "y"}))
    assert rows(app, Visit) == []


def test_error_of_a_column_called_like_a_control_is_beside_it(console: With) -> None:
    _, editor = visited(console, (GUESTS,))
    form = record_form(editor.get(EDIT).text)
    name = next(name for name, text in form.items() if text == "kept")
    answer = editor.post(EDIT, data={**form, name: "x" * 21})
    assert field_errors(answer.text) == {name: "Use at most 20 characters; this has 21."}


def test_rows_of_two_references_are_told_apart(console: With) -> None:
    app, editor = visited(console, (GUESTS, (Visit, {"reference": "host_id", "form_label": "At home"})))
    page = editor.get(EDIT).text
    assert [each.all("h2")[0].text for each in read(page).all("section", class_="rows")] == [
        "Visits",
        "At home",
    ]
    form = record_form(page)
    away, home = (name.removesuffix("name") for name in form if name.endswith("-+1-name"))
    typed = {f"{away}name": "Away", f"{home}name": "Home", f"{home}guest_id": "2"}
    assert is_redirect(editor.post(EDIT, data={**form, **typed}))
    assert [(row["name"], row["guest_id"], row["host_id"]) for row in rows(app, Visit)] == [
        ("May", 1, 1),
        ("Away", 1, None),
        ("Home", 2, 1),
    ]


def test_row_of_two_references_keeps_what_is_typed_into_one(console: With) -> None:
    app, editor = visited(console, (GUESTS, (Visit, {"reference": "host_id"})))
    form = record_form(editor.get(EDIT).text)
    first = next(name for name, text in form.items() if text == "May")
    assert is_redirect(editor.post(EDIT, data={**form, first: "June"}))
    assert [row["name"] for row in rows(app, Visit)] == ["June"]


def test_new_rows_have_the_fields_of_the_form_of_a_new_record(console: With) -> None:
    rules = {"form_create_rules": ("name", "host_id"), "form_edit_rules": ("shown", "name")}
    app, editor = visited(console, (GUESTS,), **rules)
    form = record_form(editor.get(EDIT).text)
    ends = ["1-column.shown", "1-name", "+1-name", "+1-host_id", "+2-name", "+2-host_id"]
    assert [name for name in form if "own_visits" in name] == [f"own_visits-{end}" for end in ends]
    typed = {"own_visits-1-column.shown": "x", "own_visits-+1-name": "June", "own_visits-+1-host_id": "2"}
    assert is_redirect(editor.post(EDIT, data={**form, **typed}))
    assert [(row["name"], row["shown"], row["host_id"]) for row in rows(app, Visit)] == [
        ("May", "x", 1),
        ("June", None, 2),
    ]


def test_new_row_has_a_field_for_a_key_that_nothing_gives(console: With) -> None:
    app = console(lambda: type("ClubView", (RecordView,), {"inline_models": (Badge,)})(Club))
    with app.app_context():
        db.session.add(Club(name="Chess"))
        db.session.commit()
    editor = logged_in(app, "editor")
    form = record_form(editor.get(EDIT).text)
    typed = {"own_badges-+1-code": "a/b", "own_badges-+1-name": "Gold"}
    assert is_redirect(editor.post(EDIT, data={**form, **typed}))
    assert [name for name in record_form(editor.get(EDIT).text) if "a%2Fb" in name] == [
        "own_badges-a%2Fb-name"
    ]
    assert rows(app, Badge) == [{"code": "a/b", "name": "Gold", "club_id": 1}]


@pytest.mark.parametrize("name", ["%31-remove", "%31-name", "+01-name", "+0-name", "%2b1-name", "1%-name"])
def test_other_spelling_of_a_row_is_no_second_row(console: With, name: str) -> None:
    app, editor = visited(console, (GUESTS,))
    form = record_form(editor.get(EDIT).text)
    typed = {"own_visits-1-name": "June", "own_visits-+1-name": "July", f"own_visits-{name}": "y"}
    assert is_redirect(editor.post(EDIT, data={**form, **typed}))
    assert [row["name"] for row in rows(app, Visit)] == ["June", "July"]


def test_key_with_signs_is_no_number_of_a_new_row(console: With) -> None:
    app = console(lambda: type("ClubView", (RecordView,), {"inline_models": (Badge,)})(Club))
    with app.app_context():
        db.session.add(Club(name="Chess"))
        db.session.flush()
        db.session.add_all(Badge(code=code, name=code, club_id=1) for code in ("+1", "%31", "1"))
        db.session.commit()
    editor = logged_in(app, "editor")
    form = record_form(editor.get(EDIT).text)
    assert is_redirect(
        editor.post(EDIT, data={**form, "own_badges-%2B1-name": "a", "own_badges-%2531-name": "b"})
    )
    assert {row["code"]: row["name"] for row in rows(app, Badge)} == {"+1": "a", "%31": "b", "1": "1"}


@pytest.mark.parametrize("number", [NEW_CHILD_ROWS + 1, 999_999])
def test_number_of_a_new_row_beyond_the_bound_is_refused(console: With, number: int) -> None:
    app, editor = visited(console, (GUESTS,))
    before = rows(app, Visit)
    form = record_form(editor.get(EDIT).text)
    answer = editor.post(EDIT, data={**form, f"own_visits-+{number}-name": "June"})
    assert answer.status_code == 400
    assert rows(app, Visit) == before


def test_as_many_new_rows_as_a_form_has_come_back_with_their_errors(console: With) -> None:
    app, editor = visited(console, (GUESTS,))
    before = rows(app, Visit)
    form = record_form(editor.get(EDIT).text)
    typed = {f"own_visits-+{number}-name": "x" * 81 for number in range(1, CHILD_ROWS)}
    again = editor.post(EDIT, data={**form, **typed})
    assert len(field_errors(again.text)) == CHILD_ROWS - 1
    form = record_form(again.text)
    filled = {name: "x" * 81 for name in form if name.endswith("-name") and "-+" in name}
    assert len(filled) == CHILD_ROWS + 1
    assert len(field_errors(editor.post(EDIT, data={**form, **filled}).text)) == CHILD_ROWS + 1
    assert rows(app, Visit) == before


BRANCHES = (Supplier, {"form_columns": ("name", "city"), "form_label": "Branches"})
SUPPLIER = f"{SUPPLIERS}/edit/?id=1"


@pytest.fixture
def family(console: With) -> Flask:
    """A console with a supplier that has a branch and is, by mistake, a branch of itself."""
    app = console(lambda: type("SupplierView", (RecordView,), {"inline_models": (BRANCHES,)})(Supplier))
    with app.app_context():
        db.session.add(Supplier(name="Oak"))
        db.session.flush()
        db.session.add(Supplier(name="Elm", parent_id=1))
        db.session.get_one(Supplier, 1).parent_id = 1
        db.session.commit()
    return app


def test_rows_of_the_class_of_their_record_are_edited_with_it(family: Flask) -> None:
    editor = logged_in(family, "editor")
    form = record_form(editor.get(SUPPLIER).text)
    typed = {"name": "Oak & Sons", "own_suppliers-2-city": "Bonn", "own_suppliers-+1-name": "Ash"}
    assert is_redirect(editor.post(SUPPLIER, data={**form, **typed}))
    assert [(row["name"], row["city"], row["parent_id"]) for row in rows(family, Supplier)] == [
        ("Oak & Sons", None, 1),
        ("Elm", "Bonn", 1),
        ("Ash", None, 1),
    ]
    form = record_form(editor.get(SUPPLIER).text)
    assert is_redirect(editor.post(SUPPLIER, data={**form, "own_suppliers-2-remove": "y"}))
    assert [row["name"] for row in rows(family, Supplier)] == ["Oak & Sons", "Ash"]


def test_record_that_refers_to_itself_is_no_row_of_itself(family: Flask) -> None:
    editor = logged_in(family, "editor")
    page = editor.get(SUPPLIER).text
    assert [each.text for each in read(page).all("legend")] == ["Elm", "New supplier", "New supplier"]
    before = rows(family, Supplier)
    forged = {"own_suppliers-1-name": "Mallory", "own_suppliers-1-remove": "y"}
    assert is_redirect(editor.post(SUPPLIER, data={**record_form(page), **forged}))
    assert rows(family, Supplier) == before


def test_new_record_is_created_with_rows_of_its_class(family: Flask) -> None:
    editor = logged_in(family, "editor")
    form = record_form(editor.get(f"{SUPPLIERS}/new/").text)
    typed = {"name": "Birch", "own_suppliers-+1-name": "Larch"}
    assert is_redirect(editor.post(f"{SUPPLIERS}/new/", data={**form, **typed}))
    assert [(row["name"], row["parent_id"]) for row in rows(family, Supplier)[2:]] == [
        ("Birch", None),
        ("Larch", 3),
    ]
