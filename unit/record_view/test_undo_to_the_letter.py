"""An undone edit restores what the database had, where another program wrote a value in its own way."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, Interval, String, select, text
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.history.models import ChangeSet
from dashboard.history.revert import Part, revert
from dashboard.testing.answers import is_redirect
from unit.admin.reading import record_form
from unit.consoles import console_over
from unit.record_view.conftest import logged_in, plugin
from unit.record_view.deleting import undone

CRATES = "/admin/own_crates"


class Base(DeclarativeBase):
    """Tables that existed before the console."""


class Crate(Base):
    """A record with values that can be written in several ways."""

    __tablename__ = "own_crates"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    facts: Mapped[Any | None] = mapped_column(JSON)
    parts: Mapped[Any | None] = mapped_column(MutableDict.as_mutable(JSON()))
    lasts: Mapped[timedelta | None] = mapped_column(Interval)

    @validates("facts", "lasts")
    def validate(self, _name: str, value: Any) -> Any:
        assert value is None or isinstance(value, dict | list | timedelta)
        return value


@pytest.fixture
def crates(settings: Settings) -> Iterator[Flask]:
    """A console with crates."""
    with console_over(settings, plugin(lambda: RecordView(Crate)), Base) as app:
        yield app


def stored(app: Flask) -> list[Any]:
    """All rows as the database has them."""
    columns = "id, name, CAST(facts AS TEXT), CAST(parts AS TEXT), CAST(lasts AS TEXT)"
    with app.app_context():
        found = db.session.execute(text(f"SELECT {columns} FROM own_crates ORDER BY id"))
        return [tuple(row) for row in found]


def add(app: Flask, **values: str) -> None:
    """Store a crate as another program would."""
    with app.app_context():
        values = {"name": "Oak", **values}
        named = ", ".join(f":{name}" for name in values)
        insertion = f"INSERT INTO own_crates (id, {', '.join(values)}) VALUES (1, {named})"
        if db.engine.dialect.name == "postgresql":
            insertion = insertion.replace(":lasts", "CAST(:lasts AS INTERVAL)")
            insertion = insertion.replace(":facts", "CAST(:facts AS JSON)").replace(
                ":parts", "CAST(:parts AS JSON)"
            )
        db.session.execute(text(insertion), values)
        db.session.commit()


def edited_and_undone(app: Flask, **texts: str) -> None:
    """Edit the crate and undo that; every byte has to be back."""
    editor, before = logged_in(app, "editor"), stored(app)
    form = record_form(editor.get(f"{CRATES}/edit/?id=1").text)
    assert is_redirect(editor.post(f"{CRATES}/edit/?id=1", data={**form, **texts}))
    assert stored(app) != before
    undone(editor, f"{CRATES}/")
    assert stored(app) == before


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["facts", "parts"])
@pytest.mark.parametrize("value", ['{"b":1,  "a" : [1.0]}', '{"a":1,"a":2}', '{"a": 1}', '{"a":"\\u00fc"}'])
def test_undo_restores_blanks_and_digits_of_json(crates: Flask, name: str, value: str) -> None:
    add(crates, **{name: value})
    edited_and_undone(crates, **{name: '{"new": 1}'})


@pytest.mark.both_databases
def test_undo_restores_several_fields_that_one_edit_changed(crates: Flask) -> None:
    add(crates, facts='{"b":1}', parts='{"c":[ 1]}')
    edited_and_undone(crates, facts="[1]", parts='{"d": 2}', name="Elm")


@pytest.mark.postgresql
def test_undo_restores_months_of_a_duration(crates: Flask) -> None:
    add(crates, lasts="1 year 2 mons 3 days")
    edited_and_undone(crates, lasts="1:30:00")


@pytest.mark.both_databases
def test_undo_of_two_edits_restores_what_was_first(crates: Flask) -> None:
    add(crates, facts='{"b":1}')
    editor, before = logged_in(crates, "editor"), stored(crates)
    for facts in ("[1]", "[2]"):
        form = record_form(editor.get(f"{CRATES}/edit/?id=1").text)
        assert is_redirect(editor.post(f"{CRATES}/edit/?id=1", data={**form, "facts": facts}))
    with crates.app_context():
        last = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(2)).all()
        for number in last:
            assert revert(db.session, Part(number)) == 1
            db.session.commit()
    assert stored(crates) == before


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["facts", "parts"])
def test_cleared_json_is_undone(crates: Flask, name: str) -> None:
    add(crates, **{name: '{"b":1}'})
    edited_and_undone(crates, **{name: ""})


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["facts", "parts"])
def test_json_that_was_blank_is_blank_after_undo(crates: Flask, name: str) -> None:
    add(crates, name="Oak")
    edited_and_undone(crates, **{name: '{"b": 1}'})


@pytest.mark.both_databases
@pytest.mark.parametrize("value", ["NaN", "[1, -Infinity]", '{"a": NaN}'])
def test_number_that_is_none_is_refused_as_json(crates: Flask, value: str) -> None:
    add(crates, facts="{}")
    editor, before = logged_in(crates, "editor"), stored(crates)
    form = record_form(editor.get(f"{CRATES}/edit/?id=1").text)
    answer = editor.post(f"{CRATES}/edit/?id=1", data={**form, "parts": value})
    assert "Enter JSON, such as" in answer.text
    assert stored(crates) == before


def test_edit_beside_such_a_number_in_json_is_undone(crates: Flask) -> None:
    add(crates, parts='{"a": NaN}')
    edited_and_undone(crates, name="Elm")
    edited_and_undone(crates, parts='{"b": 1}')
