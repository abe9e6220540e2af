"""Columns of a list, and the values their cells show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Self

from sqlalchemy.orm import InstrumentedAttribute

SqlColumn = InstrumentedAttribute[Any]


class Kind(StrEnum):
    """How a column is set: templates choose the alignment and the element by it."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    BADGE = "badge"
    DATE = "date"
    DAY = "day"
    CLOCK = "clock"
    """A moment without a zone."""


ORDERS = {
    Kind.TEXT: (" A\N{EN DASH}Z", " Z\N{EN DASH}A"),
    Kind.NUMBER: (" low to high", " high to low"),
    Kind.MONEY: (" low to high", " high to low"),
    Kind.BADGE: ("", ", reversed"),  # its sort key may be a flag or a rank, which has no alphabet
    Kind.DATE: (", oldest first", ", newest first"),
    Kind.DAY: (", oldest first", ", newest first"),
    Kind.CLOCK: (", oldest first", ", newest first"),
}
"""The ends of the names of an order: ascending, descending."""


class Badge(NamedTuple):
    """A word with a tint: ``ok``, ``warn``, ``bad`` or ``neutral``."""

    label: str
    tone: str


class LinkedText(str):
    """A text that leads to the local address ``url``."""

    __slots__ = ("url",)
    url: str

    def __new__(cls, text: str, url: str) -> Self:
        """A text with its address."""
        made = super().__new__(cls, text)
        made.url = url
        return made


CellValue = str | Badge | datetime | None
"""The value of a cell; a text that is `markupsafe.Markup` is HTML, any other is escaped."""


def as_text(value: object) -> CellValue:
    """Show a value as it is, moments as moments and nothing as nothing."""
    if value is None or value == "":
        return None
    return value if isinstance(value, datetime) else str(value)


@dataclass(frozen=True)
class Column:
    """One column: what is read from the database, and how `show` turns it into a cell.

    ``sql`` holds the expressions to read, the first of which sorts the column unless ``sorted_by`` names a
    sort key or ``sortable`` is false; one that is not ``shown`` can be chosen by the user.
    """

    name: str
    label: str
    sql: tuple[SqlColumn, ...]
    kind: Kind = Kind.TEXT
    show: Callable[..., CellValue] = as_text
    sortable: bool = True
    plain: Callable[..., object] | None = None
    """The value that an export writes; the first value unchanged unless set."""
    shown: bool = True
    sorted_by: SqlColumn | None = None
    show_all: Callable[..., Iterable[CellValue]] | None = None
    """Shows the values of all rows of a page, each of ``sql`` as a sequence, instead of ``show``."""
    plain_all: Callable[..., Sequence[object]] | None = None
    """The same for the rows of a file, instead of ``plain``."""
    tones: Sequence[tuple[int | Decimal, str]] = ()
    """The tones of a number, each with the highest number that has it, from the lowest one up."""
    grouped_by: str = ""
    """The word for what comes first in its sort key, such as a unit; blank where nothing does."""
    is_choice: bool = False
    """Whether its texts are a few choices, so that they can stand for the state of a record."""

    def cells(self, *values: Sequence[Any]) -> Iterable[CellValue]:
        """The cells of a page, from the values of each expression in ``sql``."""
        cells = map(self.show, *values) if self.show_all is None else self.show_all(*values)
        return map(self._with_tone, cells, values[0]) if self.tones else cells

    def _with_tone(self, cell: CellValue, value: Any) -> CellValue:
        is_number = isinstance(value, int | float | Decimal)  # SQLite may hold a text in a column of numbers
        tone = next((tone for highest, tone in self.tones if is_number and value <= highest), "")
        return Badge(cell, tone) if tone and isinstance(cell, str) else cell

    def fields(self, *values: Sequence[Any]) -> Sequence[object]:
        """The values that a file has, from the values of each expression in ``sql``."""
        if self.plain_all is not None:
            return self.plain_all(*values)
        return [*map(self.plain, *values)] if self.plain else values[0]

    def order_words(self, *, descending: bool) -> str:
        """Return the order by this column in words, such as ``Size low to high``."""
        up, down = ORDERS[self.kind]
        return (
            self.label + (down if descending else up) + (f", by {self.grouped_by}" if self.grouped_by else "")
        )

    @property
    def shows_state(self) -> bool:
        """Whether its cells say in a word what state a record is in."""
        return self.is_choice or self.kind is Kind.BADGE

    @property
    def sort_key(self) -> SqlColumn | None:
        """Return the sort key of the column, or None where it is not sortable."""
        if not self.sortable:
            return None
        return self.sql[0] if self.sorted_by is None else self.sorted_by
