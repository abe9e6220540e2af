"""Reading a page of the console: names, messages and errors."""

from __future__ import annotations

from dashboard.testing.markup import Element as Element
from dashboard.testing.markup import read as read
from dashboard.testing.markup import record_form as record_form


def row_titles(html: str) -> list[str]:
    """The names of the records of a list, in their order."""
    return [row.all("th")[0].text for body in read(html).all("tbody") for row in body.all("tr")]


def value(html: str, name: str) -> str:
    """The value of the first field of that name on a page."""
    return read(html).fields[name]


def flashes(html: str) -> list[tuple[str, str]]:
    """The messages shown, with their categories."""
    shown = read(html).all("div", class_="flash")
    return [(flash.attributes.get("data-category", ""), flash.all("p")[0].text) for flash in shown]


def field_errors(html: str) -> dict[str, str]:
    """The error at each field, by the id of its control."""
    shown = read(html).all("p", class_="error")
    return {note.attributes["id"].removesuffix("-error"): note.text for note in shown}
