"""Texts and numbers that other programs stored as days in SQLite: shown as they are, and never lost."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form, row_titles
from unit.consoles import console_over
from unit.record_view.conftest import logged_in, plugin
from unit.record_view.deleting import undone
from unit.record_view.stored import confirm

MAILS = "/admin/own_mails"
VALUES: list[tuple[str, str | float]] = [
    ("at", "0000-00-00 00:00:00"),
    ("at", "yesterday"),
    ("at", 1_700_000_000),
    ("at", 2460000.5),
    ("day", "0000-00-00"),
    ("day", "2026-02-30"),
    ("day", "2026-01-31 08:30:00"),
    ("clock", "25:00"),
]


class Base(DeclarativeBase):
    """Tables that existed before the console."""


class Mail(Base):
    """A record with days and times."""

    __tablename__ = "own_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    day: Mapped[date | None]
    at: Mapped[datetime | None]
    clock: Mapped[time | None]


@pytest.fixture
def mails(settings: Settings) -> Iterator[Flask]:
    """A console with mails."""
    with console_over(settings, plugin(lambda: RecordView(Mail)), Base) as app:
        yield app


def add(app: Flask, column: str, *values: str | float | None) -> None:
    """Store a mail for each value of a column, as another program would."""
    with app.app_context():
        for number, value in enumerate(values, 1):
            insertion = f"INSERT INTO own_mails (name, {column}) VALUES (:name, :value)"
            db.session.execute(text(insertion), {"name": f"M{number}", "value": value})
        db.session.commit()


def stored(app: Flask) -> list[Any]:
    """All rows as the database has them."""
    with app.app_context():
        return [tuple(row) for row in db.session.execute(text("SELECT * FROM own_mails ORDER BY id"))]


@pytest.mark.parametrize(("column", "value"), VALUES, ids=str)
def test_value_that_is_no_day_is_shown_and_restored(mails: Flask, column: str, value: Any) -> None:
    add(mails, column, value)
    editor, before = logged_in(mails, "editor"), stored(mails)
    columns = "&".join(f"column={name}" for name in ("day", "at", "clock"))
    for page in (f"?{columns}&sort={column}", "details/?id=1", "export/csv/"):
        answer = editor.get(f"{MAILS}/{page}")
        assert answer.status_code == 200
        assert str(value) in answer.text
    form = record_form(editor.get(f"{MAILS}/edit/?id=1").text)
    assert is_redirect(editor.post(f"{MAILS}/edit/?id=1", data={**form, "name": "New"}))
    assert stored(mails) == [(1, "New", *before[0][2:])]
    undone(editor, f"{MAILS}/")
    editor.get(f"{MAILS}/")
    assert is_redirect(confirm(editor, f"{MAILS}/delete/?id=1"))
    assert str(value) in read(editor.get("/admin/trash/details/?id=1").text).all("main")[0].text
    undone(editor, f"{MAILS}/")
    assert stored(mails) == before


@pytest.mark.parametrize(("column", "value"), VALUES, ids=str)
def test_value_that_is_no_day_is_replaced_and_reverted(mails: Flask, column: str, value: Any) -> None:
    add(mails, column, value)
    editor, before = logged_in(mails, "editor"), stored(mails)
    form = record_form(editor.get(f"{MAILS}/edit/?id=1").text)
    new = {"day": "2026-01-31", "at": "2026-01-31T08:30", "clock": "08:30"}[column]
    assert is_redirect(editor.post(f"{MAILS}/edit/?id=1", data={**form, column: new}))
    assert stored(mails) != before
    assert str(value) in read(editor.get(f"{MAILS}/history/?id=1").text).all("main")[0].text
    undone(editor, f"{MAILS}/")
    assert stored(mails) == before


SPELLED: list[tuple[str, str]] = [
    ("at", "2026-01-31 09:30:00"),
    ("at", "2026-01-31T09:30:00.5"),
    ("at", "2026-01-31"),
    ("day", "20260131"),
    ("clock", "09:30"),
]
"""Values that are read, and written by SQLAlchemy in another way."""


@pytest.mark.parametrize(("column", "value"), SPELLED, ids=str)
def test_undone_edit_restores_what_was_stored(mails: Flask, column: str, value: str) -> None:
    add(mails, column, value)
    editor, before = logged_in(mails, "editor"), stored(mails)
    form = record_form(editor.get(f"{MAILS}/edit/?id=1").text)
    new = {"day": "2026-03-01", "at": "2026-03-01T08:30", "clock": "08:30"}[column]
    assert is_redirect(editor.post(f"{MAILS}/edit/?id=1", data={**form, column: new, "name": "New"}))
    changed = stored(mails)
    assert changed != before
    undone(editor, f"{MAILS}/")
    assert stored(mails) == before
    undone(editor, f"{MAILS}/")
    assert stored(mails) == changed


WALKED: dict[str, list[str | float]] = {
    "none": ["0000-00-00 00:00:00"] * 25,
    "without parts of seconds": ["2026-01-31 08:30:00"] * 25,
    "numbers": [20_260_000.5] * 12 + [20_260_131] * 13,
    "words": ["yesterday"] * 13 + ["10"] * 12,
}


@pytest.mark.parametrize("sort", ["at", "-at", "day", "-day"])
@pytest.mark.parametrize("values", WALKED.values(), ids=WALKED)
def test_pages_through_any_stored_day_have_each_row_once(
    mails: Flask, values: list[str | float], sort: str
) -> None:
    add(mails, sort.removeprefix("-"), *values, "2026-01-31 00:00:00.000000", None)
    viewer, order = logged_in(mails, "viewer"), list[list[str]]()
    for end, link in (("", "Next page"), ("&before=end", "Previous page")):
        found, address = list[list[str]](), f"{MAILS}/?sort={sort}&size=10{end}"
        while address and len(found) < 10:
            page = viewer.get(address).text
            found.append(row_titles(page))
            following = read(page).all("a", aria_label=link)
            address = following[0].attributes["href"] if following else ""
        order.append([name for part in (found if not end else found[::-1]) for name in part])
    assert order[0] == order[1]
    assert sorted(order[0]) == sorted(f"M{number}" for number in range(1, 28))


MIDNIGHTS = ("2026-01-31", "2026-01-31 00:00", "2026-01-31 00:00:00", "2026-01-31T00:00:00")


@pytest.mark.parametrize("column", ["at", "day"])
@pytest.mark.parametrize("value", MIDNIGHTS)
def test_filter_by_a_day_finds_its_midnight_in_any_words(mails: Flask, column: str, value: str) -> None:
    add(mails, column, value)
    viewer = logged_in(mails, "viewer")
    for first, last, found in (("31", "31", ["M1"]), ("30", "30", [])):
        query = f"{column}_from=2026-01-{first}&{column}_to=2026-01-{last}"
        assert row_titles(viewer.get(f"{MAILS}/?{query}").text) == found


def test_pages_follow_each_other_through_such_values(mails: Flask) -> None:
    values = [*(1_000_000 + number for number in range(12)), *(f"0000-00-00 00:00:{n:02}" for n in range(13))]
    add(mails, "at", *values, "2026-01-31 00:00:00.000000", "yesterday")
    viewer, titles, address = logged_in(mails, "viewer"), list[str](), f"{MAILS}/?sort=at&size=10"
    while address and len(titles) < 100:
        page = viewer.get(address).text
        titles += row_titles(page)
        following = read(page).all("a", aria_label="Next page")
        address = following[0].attributes["href"] if following else ""
    assert titles == [f"M{number}" for number in range(1, 28)]
