"""How files write numbers, dates and yes or no, and how forms do: nothing is guessed in a single cell.

A text that is not written as the file is said to write it stays as it is, and the rules of the form refuse
it with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from dashboard.importing.fields import ImportField, Kind
from dashboard.sheets.several import separated
from dashboard.text.numbers import COMMA, POINT, as_written, unambiguous

NUMBERS = {POINT: "1,234.50", COMMA: "1.234,50"}
DATES = {
    "year": "Year first: 2026-12-31, or 31.12.2026",
    "day": "Day first: 31/12/2026",
    "month": "Month first: 12/31/2026",
}
SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})((?:[ T].*)?)")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})((?:[ T].*)?)")
LONGEST = 60
YES = ("yes", "y", "true", "1", "x", "on", "ja", "oui", "si", "sí")
MILLISECOND = timedelta(milliseconds=1)
"""The smallest part of a moment that spreadsheets have; other files have whole seconds."""
NO = ("no", "n", "false", "0", "off", "nein", "non")
TRUTHS = {**dict.fromkeys(YES, "y"), **dict.fromkeys(NO, "")}
"""The texts of a checkbox by the words for yes and no."""


def number_text(text: str, written: str) -> str:
    """A number as forms read it in one way alone."""
    found = as_written(text, written) if len(text) <= LONGEST else None
    return text if found is None else unambiguous(found)


def date_text(text: str, written: str) -> str:
    """A day, or a moment that begins with one, as forms write it: with the year first."""
    plain = text.strip()
    if len(plain) > LONGEST or not plain[:1].isdigit():
        return text
    found = (DOTTED if written == "year" else SLASHED).fullmatch(plain)
    if not found:
        return text
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    day, month = (second, first) if written == "month" and "." not in plain[:6] else (first, second)
    try:
        return f"{date(year, month, day).isoformat()}{found[4]}"
    except ValueError:
        return text


def choice_text(text: str, choices: Mapping[str, str]) -> str:
    """The text of the form for a choice that is called `text`; the same text where it names no choice."""
    return choices.get(text, choices.get(text.strip().casefold(), text))


def form_text(field: ImportField, text: str, numbers: str, dates: str) -> str:
    """The text of a cell as the form of the record takes it."""
    if field.kind is Kind.TEXT or not text or text.isspace():
        return text
    if field.kind is Kind.LIST:
        return "\n".join(separated(text))
    if field.kind is Kind.NUMBER:
        return number_text(text, numbers)
    if field.kind is Kind.DATE:
        return date_text(text, dates)
    return choice_text(text, field.choices)


def guessed_numbers(cells: Iterable[str]) -> str:
    """How a file seems to write numbers: with a comma only where no other reading is left."""
    with_comma = (cell for cell in cells if as_written(cell, COMMA) is not None)
    return COMMA if any(as_written(cell, POINT) is None for cell in with_comma) else POINT


def guessed_dates(cells: Iterable[str]) -> str:
    """How a file seems to write days: where both readings are left, the day comes first."""
    parts = [
        found.groups() for cell in cells if "/" in cell[:6] and (found := SLASHED.fullmatch(cell.strip()))
    ]
    if not parts:
        return "year"
    return "month" if any(int(second) > 12 for _, second, *_ in parts) else "day"


def is_cut(found: datetime, stored: datetime) -> bool:
    """Whether a moment in a file is the stored one without what files leave out of it."""
    in_file, whole = _in_utc(found), _in_utc(stored)
    is_rounded = not in_file.microsecond % 1000 and abs(in_file - whole) <= MILLISECOND
    return is_rounded or in_file == whole.replace(microsecond=0)


def _in_utc(moment: datetime) -> datetime:
    """A moment with its zone, which SQLite does not store."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
