"""Days and moments that PostgreSQL holds and Python does not: shown by their text, and never lost."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import DateTime, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.database.beyond import BeyondDay, BeyondMoment, day_of, moment_of
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form, row_titles
from unit.consoles import console_over
from unit.record_view.conftest import logged_in, plugin
from unit.record_view.deleting import undone
from unit.record_view.stored import confirm

ERAS = "/admin/own_eras"
VALUES = {
    "day": ["infinity", "-infinity", "0044-03-15 BC", "20000-01-01"],
    "at": ["infinity", "-infinity", "0044-03-15 00:00:00+00 BC", "20000-01-01 00:00:00+00"],
    "plain": ["infinity", "-infinity", "0044-03-15 00:00:00 BC", "20000-01-01 00:00:00.5"],
    "clock": ["24:00:00"],
}


class Base(DeclarativeBase):
    """Tables that existed before the console."""


class Era(Base):
    """A record with days and times."""

    __tablename__ = "own_eras"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    day: Mapped[date | None]
    at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    plain: Mapped[datetime | None]
    clock: Mapped[time | None]


@pytest.fixture
def eras(settings: Settings) -> Iterator[Flask]:
    """A console with eras."""
    with console_over(settings, plugin(lambda: RecordView(Era)), Base) as app:
        yield app


def add(app: Flask, column: str, *values: str) -> None:
    """Store an era for each value of a column, as another program would."""
    with app.app_context():
        for number, value in enumerate(values, 1):
            insertion = (
                f"INSERT INTO own_eras (name, {column}) VALUES (:name, CAST(:value AS text)::{TYPES[column]})"
            )
            db.session.execute(text(insertion), {"name": f"E{number}", "value": value})
        db.session.commit()


TYPES = {"day": "date", "at": "timestamptz", "plain": "timestamp", "clock": "time"}


def stored(app: Flask) -> list[str]:
    """All rows as the database writes them."""
    with app.app_context():
        return [*db.session.scalars(text("SELECT own_eras::text FROM own_eras ORDER BY id"))]


@pytest.mark.parametrize(("column", "value"), [(name, each) for name, its in VALUES.items() for each in its])
def test_value_that_python_does_not_have_is_shown_and_restored(eras: Flask, column: str, value: str) -> None:
    add(eras, column, value)
    editor, before = logged_in(eras, "editor"), stored(eras)
    columns = "&".join(f"column={each}" for each in VALUES)
    for page in (f"?{columns}&sort={column}", "details/?id=1", "export/csv/", "history/?id=1"):
        answer = editor.get(f"{ERAS}/{page}")
        assert answer.status_code == 200
        assert value in answer.text or "history" in page
    form = record_form(editor.get(f"{ERAS}/edit/?id=1").text)
    assert is_redirect(editor.post(f"{ERAS}/edit/?id=1", data={**form, "name": "New"}))
    assert stored(eras) == [row.replace("E1", "New") for row in before]
    undone(editor, f"{ERAS}/")
    editor.get(f"{ERAS}/")
    assert is_redirect(confirm(editor, f"{ERAS}/delete/?id=1"))
    assert value in read(editor.get("/admin/trash/details/?id=1").text).all("main")[0].text
    undone(editor, f"{ERAS}/")
    assert stored(eras) == before


@pytest.mark.parametrize("value", ["infinity", "20000-01-01"])
def test_value_that_python_does_not_have_is_replaced_and_reverted(eras: Flask, value: str) -> None:
    add(eras, "day", value)
    editor, before = logged_in(eras, "editor"), stored(eras)
    form = record_form(editor.get(f"{ERAS}/edit/?id=1").text)
    assert form["day"] == value
    assert is_redirect(editor.post(f"{ERAS}/edit/?id=1", data={**form, "day": "2026-01-31"}))
    assert "2026-01-31" in stored(eras)[0]
    assert value in read(editor.get(f"{ERAS}/history/?id=1").text).all("main")[0].text
    undone(editor, f"{ERAS}/")
    assert stored(eras) == before


def test_pages_follow_each_other_through_such_values(eras: Flask) -> None:
    values = ["-infinity", *(f"{year:04}-03-15 BC" for year in range(12, 0, -1)), "2026-01-31"]
    add(eras, "day", *values, *(f"{year}-01-01" for year in range(20_000, 20_012)), "infinity")
    viewer, titles, address = logged_in(eras, "viewer"), list[str](), f"{ERAS}/?sort=day&size=10"
    while address:
        page = viewer.get(address).text
        titles += row_titles(page)
        following = read(page).all("a", aria_label="Next page")
        address = following[0].attributes["href"] if following else ""
    assert titles == [f"E{number}" for number in range(1, 28)]


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "20000",
        "infinit",
        "20000-02-30",
        "0044-02-29 BC",
        "999999-01-01",
        "9999-01-01 BC",
        "0000-01-01 BC",
    ],
)
def test_text_that_postgresql_does_not_read_is_no_day(wrong: str) -> None:
    for read_text in (day_of, moment_of):
        with pytest.raises(ValueError, match=r"isoformat|day is out of range"):
            read_text(wrong)


def test_such_values_are_equal_by_their_text_alone() -> None:
    same: list[Any] = [day_of("infinity"), BeyondDay("infinity")]
    assert len({*same, date.max, day_of("20000-01-01")}) == 3
    assert BeyondMoment("infinity", aware=False) != datetime(9999, 12, 31)  # noqa: DTZ001
    assert day_of("0001-02-29 BC").isoformat() == "0001-02-29 BC"  # the year before year 1 is a leap year
