"""The names in the header of a table: each column has one of its own."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.sheets.decoding import has_bad_bytes
from dashboard.sheets.limits import NAME_LENGTH, Limits
from dashboard.words import listed


def letters(position: int) -> str:
    """The letters of a column in a spreadsheet, counted from 0: ``A``, ``Z``, ``AA``."""
    text = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        text = chr(ord("A") + letter) + text
    return text


def checked_names(cells: Sequence[str], limits: Limits) -> tuple[str, ...]:
    """The names of a header, without blanks around them and without nameless columns at its end.

    Raises `Refusal` for a header in which a column has no name, or the name of another column.
    """
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > limits.columns:
        raise Refusal(
            f"The header has {number_words(len(names))} columns. {number_words(limits.columns)} are allowed."
        )
    for position, name in enumerate(names):
        if fault := _fault(name):
            raise Refusal(f"Column {letters(position)} {fault}")
    _refuse_same(names)
    return tuple(names)


def _fault(name: str) -> str | None:
    if not name:
        return "has no name in the header. Name or remove it."
    if len(name) > NAME_LENGTH:
        return f"has a name of more than {NAME_LENGTH} characters. Is the first row the header?"
    if "\0" in name or has_bad_bytes(name):
        return "has a name that can't be read. Save the file again from a spreadsheet program."
    return None


def _refuse_same(names: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for position, name in enumerate(names):
        first = seen.setdefault(name.casefold(), position)
        if first != position:
            columns = listed([letters(first), letters(position)])
            raise Refusal(f"Columns {columns} have the same name, “{name}”. Rename or remove one.")
