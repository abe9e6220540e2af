"""References to a record whose key is the empty text, or a text in quotes: they are chosen like any other."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.relations.together import FEW
from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import undone
from unit.record_view.kinds import Base
from unit.record_view.stored import rows

pytestmark = pytest.mark.both_databases
THINGS = "/admin/own_things"
EDIT = f"{THINGS}/edit/?id=1"
QUOTED = '"a"'
SHELVES = {"": "Floor", "a": "Top", QUOTED: "Bottom"}

beside = Table(
    "own_beside",
    Base.metadata,
    Column("thing_id", ForeignKey("own_things.id"), primary_key=True),
    Column("shelf_key", ForeignKey("own_shelves.key"), primary_key=True),
)


class Shelf(Base):
    """A record whose key may be the empty text."""

    __tablename__ = "own_shelves"

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Thing(Base):
    """A record that lies on a shelf, and is seen from others."""

    __tablename__ = "own_things"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    shelf_key: Mapped[str | None] = mapped_column(ForeignKey("own_shelves.key"))

    shelf: Mapped[Shelf | None] = relationship()
    seen_from: Mapped[list[Shelf]] = relationship(secondary=beside)


@pytest.fixture(params=[0, FEW], ids=["listed", "typed"])
def app(console: With, request: pytest.FixtureRequest) -> Flask:
    """A console with a thing on no shelf; there are few shelves, or too many to list."""
    app = console(lambda: RecordView(Thing), lambda: RecordView(Shelf))
    with app.app_context():
        more = {f"s{number}": f"Shelf {number}" for number in range(request.param)}
        db.session.add_all(Shelf(key=key, name=name) for key, name in {**SHELVES, **more}.items())
        db.session.add(Thing(name="Lamp"))
        db.session.commit()
    return app


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(app, "editor")


def save(client: FlaskClient, **fields: str) -> None:
    """Save the form of the thing, as it is shown but for `fields`."""
    assert is_redirect(client.post(EDIT, data={**record_form(client.get(EDIT).text), **fields}))


def shelf_of(app: Flask) -> str | None:
    [row] = rows(app, Thing)
    return row["shelf_key"]


def option(client: FlaskClient, name: str) -> str:
    """The text that the form sends for the shelf with this name."""
    main = read(client.get(EDIT).text).all("main")[0]
    listed = {each.text: each.attributes["value"] for each in main.all("option")}
    return listed.get(name, name)


@pytest.mark.parametrize("key", SHELVES)
def test_every_shelf_is_chosen_and_shown(app: Flask, editor: FlaskClient, key: str) -> None:
    save(editor, shelf_key=option(editor, SHELVES[key]))
    assert shelf_of(app) == key
    assert record_form(editor.get(EDIT).text)["shelf_key"] == option(editor, SHELVES[key])
    assert SHELVES[key] in read(editor.get(f"{THINGS}/details/?id=1").text).all("main")[0].text


def test_blank_field_still_chooses_none(app: Flask, editor: FlaskClient) -> None:
    save(editor, shelf_key=option(editor, "Floor"))
    save(editor, name="Desk lamp")
    assert shelf_of(app) == ""
    save(editor, shelf_key="")
    assert shelf_of(app) is None


def test_choice_of_an_empty_key_is_undone(app: Flask, editor: FlaskClient) -> None:
    save(editor, shelf_key=option(editor, "Floor"))
    undone(editor, f"{THINGS}/")
    assert shelf_of(app) is None


def test_key_in_quotes_is_typed(app: Flask, editor: FlaskClient) -> None:
    save(editor, shelf_key='""')
    assert shelf_of(app) == ""
    form = record_form(editor.get(EDIT).text)
    answer = editor.post(EDIT, data={**form, "shelf_key": '"none of these"'})
    assert "No shelf is called" in field_errors(answer.text)["shelf_key"]


def test_name_that_several_have_is_shown_as_the_key_in_quotes(app: Flask, editor: FlaskClient) -> None:
    with app.app_context():
        db.session.add(Shelf(key="z", name="Floor"))
        db.session.commit()
    save(editor, shelf_key='""')
    assert record_form(editor.get(EDIT).text)["shelf_key"] == '""'


def test_collection_takes_a_record_with_an_empty_key(app: Flask, editor: FlaskClient) -> None:
    save(editor, seen_from="Floor\nBottom")
    assert shelves_beside(app) == {"", QUOTED}
    form = record_form(editor.get(EDIT).text)
    assert form["seen_from"].split() == ["Bottom", "Floor"]
    save(editor, name="Desk lamp")
    assert shelves_beside(app) == {"", QUOTED}
    editor.get(f"{THINGS}/")  # shows the messages
    save(editor, seen_from="Bottom")
    undone(editor, f"{THINGS}/")
    assert shelves_beside(app) == {"", QUOTED}


def shelves_beside(app: Flask) -> set[str]:
    """The keys of the shelves that the thing is seen from."""
    with app.app_context():
        return {each.shelf_key for each in db.session.execute(beside.select())}
