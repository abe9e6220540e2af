"""Classes as automap makes them of tables that exist: their names are those of tables and columns."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Enum, Integer, PickleType, String, Table, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.columns import nouns_of
from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from dashboard.testing.kinds import check_kinds
from unit.admin.reading import field_errors, record_form
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
