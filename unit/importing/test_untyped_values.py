"""Values that no form takes, such as a day that is none: files that leave them alone can change the rest."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.jobs.models import State
from unit.consoles import console_over
from unit.importing.conftest import Importing
from unit.record_view.conftest import logged_in, plugin

VALUES: list[tuple[str, str | float]] = [
    ("at", "0000-00-00 00:00:00"),
    ("at", "yesterday"),
    ("at", 1_700_000_000),
    ("day", "0000-00-00"),
    ("day", "2026-02-30"),
    ("size", float("inf")),
    ("size", "wide"),
]


class Base(DeclarativeBase):
    """Tables that existed before the console."""


class Letter(Base):
    """A record that other programs write too."""

    __tablename__ = "own_letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    day: Mapped[date | None]
    at: Mapped[datetime | None]
    size: Mapped[float | None]


@pytest.fixture
def letters(settings: Settings) -> Iterator[Flask]:
    """A console with letters."""
    with console_over(settings, plugin(lambda: RecordView(Letter)), Base) as app:
        yield app


def stored(app: Flask) -> list[Any]:
    """All rows as the database has them."""
    with app.app_context():
        return [tuple(row) for row in db.session.execute(text("SELECT name, day, at, size FROM own_letters"))]


@pytest.mark.parametrize(("column", "value"), VALUES, ids=str)
def test_exported_row_with_such_a_value_can_be_imported(letters: Flask, column: str, value: Any) -> None:
    with letters.app_context():
        insertion = f"INSERT INTO own_letters (name, {column}) VALUES ('Old', :value)"
        db.session.execute(text(insertion), {"value": value})
        db.session.commit()
    before, importing = stored(letters), Importing(letters, "own_letters")
    file = logged_in(letters, "editor").get("/admin/own_letters/export/csv/").text
    assert importing.result(importing.check(file))["counts"]["nothing"] == 1
    assert importing.run(file.replace("Old", "New")).state is State.DONE
    assert stored(letters) == [("New", *before[0][1:])]


def test_such_a_value_is_refused_for_another_row(letters: Flask) -> None:
    with letters.app_context():
        insertion = "INSERT INTO own_letters (name, day) VALUES ('A', '0000-00-00'), ('B', NULL)"
        db.session.execute(text(insertion))
        db.session.commit()
    importing = Importing(letters, "own_letters")
    check = importing.check("id,name,day\n1,A,0000-00-00\n2,B,0000-00-00\n")
    assert importing.refused(check) == ["Day: Enter a date, such as 2026-03-31."]
