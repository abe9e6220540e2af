"""Undo where a column is called as the console calls its own, and where there is none but the key."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import undone
from unit.record_view.kinds import Base
from unit.record_view.stored import rows

pytestmark = pytest.mark.both_databases


class Program(Base):
    """A record with a version that people write, and no number for changes."""

    __tablename__ = "own_programs"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    version: Mapped[str | None] = mapped_column(String(20))


class Counted(Base):
    """A record with a version that people write, and a number for changes that is called otherwise."""

    __tablename__ = "own_counted"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    version: Mapped[str | None] = mapped_column(String(20))
    changes: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": changes}  # noqa: RUF012


class Word(Base):
    """A record that is nothing but its key."""

    __tablename__ = "own_words"

    word: Mapped[str] = mapped_column(String(20), primary_key=True)


@pytest.mark.parametrize("model", [Program, Counted])
def test_change_and_creation_with_a_version_of_its_own_are_undone(console: With, model: type[Base]) -> None:
    app = console(lambda: RecordView(model))
    with app.app_context():
        db.session.add(model(name="Oak", version="1.0"))
        db.session.commit()
    editor, at, before = logged_in(app, "editor"), f"/admin/{model.__tablename__}", shown(app, model)
    form = record_form(editor.get(f"{at}/edit/?id=1").text)
    assert is_redirect(editor.post(f"{at}/edit/?id=1", data={**form, "version": "2.0"}))
    assert shown(app, model) == [("Oak", "2.0")]
    undone(editor, f"{at}/")
    assert shown(app, model) == before
    editor.get(f"{at}/")  # shows the messages
    form = record_form(editor.get(f"{at}/new/").text)
    assert is_redirect(editor.post(f"{at}/new/", data={**form, "name": "Elm", "version": "3.0"}))
    undone(editor, f"{at}/")
    assert shown(app, model) == before


def test_creation_of_a_record_that_is_nothing_but_its_key_is_undone(console: With) -> None:
    app = console(lambda: RecordView(Word))
    editor = logged_in(app, "editor")
    form = record_form(editor.get("/admin/own_words/new/").text)
    assert is_redirect(editor.post("/admin/own_words/new/", data={**form, "word": "oak"}))
    assert rows(app, Word) == [{"word": "oak"}]
    undone(editor, "/admin/own_words/")
    assert rows(app, Word) == []


def shown(app: Flask, model: type[Base]) -> list[tuple[str, str]]:
    """The columns that people write, of all records."""
    return [(row["name"], row["version"]) for row in rows(app, model)]
