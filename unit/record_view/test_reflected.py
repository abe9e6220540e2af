"""Classes as automap makes them of tables that exist: their names are those of tables and columns."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Enum, Identity, Integer, PickleType, String, Table, Uuid
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.columns import nouns_of
from dashboard.admin.record_view.texts import reader
from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from dashboard.testing.kinds import check_kinds
from unit.admin.reading import field_errors, read, record_form, row_titles
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import undone
from unit.record_view.kinds import Base
from unit.record_view.stored import confirm, rows

SIGNS = ("Ship Name", "a.b", "a.b.c", "x-y/z?&=", "percent%", 'quo"te', "Größe", "q", "select")
LISTED = "/admin/own_odd_orders"
UID = "0f0e0d0c-0b0a-4908-8706-050403020100"
TABLE = Table(
    "own odd_orders",
    Base.metadata,
    Column("Order ID", Integer, primary_key=True),
    *(Column(name, String(20)) for name in SIGNS),
    Column("uid", Uuid(as_uuid=False)),
    Column("pickled", PickleType),
)
Reflected: Any = type("own odd_orders", (Base,), {"__table__": TABLE, "__module__": __name__})


class Colour(Base):
    """A record whose key is one of a few texts."""

    __tablename__ = "own_colours"

    name: Mapped[str] = mapped_column(Enum("red", "green", "light blue", name="own_colour"), primary_key=True)
    note: Mapped[str | None] = mapped_column(String(20))


class Switch(Base):
    """A record whose key is a truth value, as that of a table for one row."""

    __tablename__ = "own_switches"

    id: Mapped[bool] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


class Numbered(Base):
    """A record whose key only the database writes."""

    __tablename__ = "own_numbered"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    shelf: Mapped[dict[str, int] | None] = mapped_column(PickleType)


@pytest.fixture
def app(console: With) -> Flask:
    """A console with one record whose columns have names with signs."""
    app = console(lambda: RecordView(Reflected))
    with app.app_context():
        its = {name: f"{number}" for number, name in enumerate(SIGNS)}
        db.session.add(Reflected(**its, uid=UID, pickled={"a": [1, 2]}))
        db.session.commit()
    return app


@pytest.mark.both_databases
def test_columns_with_odd_names_are_edited(app: Flask) -> None:
    address = f"{LISTED}/edit/?id=1"
    editor, [before] = logged_in(app, "editor"), rows(app, Reflected)
    form = record_form(editor.get(address).text)
    assert is_redirect(editor.post(address, data={**form, **dict.fromkeys(SIGNS, "new")}))
    assert rows(app, Reflected) == [{**before, **dict.fromkeys(SIGNS, "new")}]
    undone(editor, f"{LISTED}/")
    assert rows(app, Reflected) == [before]


class SearchedByDot(RecordView):
    """Records that are searched, filtered and sorted by their own columns whose names have a dot."""

    column_list = ("a.b", "a.b.c")
    column_searchable_list = ("a.b",)
    column_filters = ("a.b.c",)
    column_sortable_list = ("a.b",)
    column_default_sort = "a.b"


@pytest.mark.both_databases
def test_own_columns_with_a_dot_are_searched_filtered_and_sorted(console: With) -> None:
    app = console(lambda: SearchedByDot(Reflected))
    with app.app_context():
        db.session.add_all(Reflected(**{"a.b": name, "a.b.c": f"of {name}"}) for name in ("oak", "elm"))
        db.session.commit()
    editor = logged_in(app, "editor")
    for query, found in (
        ("", ["elm", "oak"]),
        ("?q=oak", ["oak"]),
        ("?a.b.c=elm", ["elm"]),
        ("?sort=-a.b", ["oak", "elm"]),
    ):
        assert row_titles(editor.get(f"{LISTED}/{query}").text) == found


@pytest.mark.both_databases
def test_uuid_that_is_a_text_in_python_is_edited(app: Flask) -> None:
    address, new = f"{LISTED}/edit/?id=1", UID.replace("0f", "ff")
    editor = logged_in(app, "editor")
    form = record_form(editor.get(address).text)
    assert form["uid"] == UID
    assert "uid" in field_errors(editor.post(address, data={**form, "uid": "oak"}).text)
    assert is_redirect(editor.post(address, data={**form, "uid": new.upper()}))
    assert rows(app, Reflected)[0]["uid"] == new


@pytest.mark.both_databases
def test_pickled_value_is_on_no_page_and_restored_with_its_record(app: Flask) -> None:
    editor, before = logged_in(app, "editor"), rows(app, Reflected)
    pages = [editor.get(f"{LISTED}/{page}").text for page in ("", "details/?id=1", "edit/?id=1")]
    assert not any("ickled" in page for page in pages)
    assert is_redirect(confirm(editor, f"{LISTED}/delete/?id=1"))
    assert rows(app, Reflected) == []
    undone(editor, f"{LISTED}/")
    assert rows(app, Reflected) == before


@pytest.mark.both_databases
def test_choice_as_a_key_is_deleted_and_restored(console: With) -> None:
    app = console(lambda: RecordView(Colour))
    with app.app_context():
        db.session.add_all([Colour(name="red"), Colour(name="light blue", note="sky")])
        db.session.commit()
    editor, before = logged_in(app, "editor"), rows(app, Colour)
    assert is_redirect(confirm(editor, "/admin/own_colours/delete/?id=light+blue"))
    undone(editor, "/admin/own_colours/")
    assert rows(app, Colour) == before


@pytest.mark.both_databases
def test_all_records_with_a_truth_value_as_their_key_are_deleted(console: With) -> None:
    app = console(lambda: RecordView(Switch))
    with app.app_context():
        db.session.add_all([Switch(id=True, name="On"), Switch(id=False, name="Off")])
        db.session.commit()
    editor, before = logged_in(app, "editor"), rows(app, Switch)
    token = read(editor.get("/admin/own_switches/").text).fields["csrf_token"]
    sent = {"csrf_token": token, "action": "delete", "matching": ""}
    question = editor.post("/admin/own_switches/action/", data=sent)
    editor.post("/admin/own_switches/action/", data=record_form(question.text))
    assert rows(app, Switch) == []
    undone(editor, "/admin/own_switches/")
    assert rows(app, Switch) == before


@pytest.mark.both_databases
def test_key_that_only_the_database_writes_is_restored(console: With) -> None:
    app = console(lambda: RecordView(Numbered))
    with app.app_context():
        db.session.add_all(Numbered(name=f"Oak {number}", shelf={"a": number}) for number in range(3))
        db.session.commit()
    editor, before = logged_in(app, "editor"), rows(app, Numbered)
    token = read(editor.get("/admin/own_numbered/").text).fields["csrf_token"]
    sent = {"csrf_token": token, "action": "delete", "rowid": ["1", "3"]}
    question = editor.post("/admin/own_numbered/action/", data=sent)
    editor.post("/admin/own_numbered/action/", data=record_form(question.text))
    assert [row["id"] for row in rows(app, Numbered)] == [2]
    undone(editor, "/admin/own_numbered/")
    assert rows(app, Numbered) == before


def test_duration_of_a_reflected_column_has_a_field() -> None:
    read_span, write_span = reader(INTERVAL()) or (None, None)
    assert read_span and write_span
    assert write_span(read_span("26:00:01")) == "26:00:01"


def test_columns_with_odd_names_keep_the_rules_of_the_console(app: Flask) -> None:
    check_kinds(app)


@pytest.mark.parametrize(
    ("name", "table", "noun"),
    [
        ("NW Order_Details", "NW Order_Details", "nw order detail"),
        ("categories", "categories", "category"),
        ("boxes", "boxes", "box"),
        ("branches", "branches", "branch"),
        ("addresses", "addresses", "address"),
        ("address", "address", "address"),
        ("us_states", "us_states", "us state"),
        ("statuses", "statuses", "status"),
        ("status", "status", "status"),
        ("databases", "databases", "database"),
        ("news", "news", "news"),
        ("region", "region", "region"),
        ("Orders", "orders", "orders"),
    ],
)
def test_class_named_after_its_table_is_called_by_one_of_its_rows(name: str, table: str, noun: str) -> None:
    model = type(name, (), {"__table__": Table(table, Base.metadata.__class__())})
    assert nouns_of(model) == noun
