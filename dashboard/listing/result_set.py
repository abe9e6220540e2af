"""Every row that a list has, on all its pages: how many, the first of them, and all in slices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from dashboard.database.locks import for_writing
from dashboard.database.transactions import AnySession
from dashboard.listing.conditions import Conditions, conditions
from dashboard.listing.counting import read_statistics
from dashboard.listing.paging import Rows
from dashboard.listing.planning import Statistics
from dashboard.listing.state import Listing, ListState
from dashboard.listing.statements import Window

SLICE = 1000


@dataclass(frozen=True)
class ResultSet:
    """Every row that `state` asks for, as far as they are ``known``, but for the keys ``left_out``."""

    session: AnySession
    listing: Listing
    state: ListState
    known: Statistics
    left_out: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls, session: AnySession, listing: Listing, state: ListState, left_out: frozenset[int] = frozenset()
    ) -> ResultSet:
        """The rows that `state` asks for, counted if that is cheap."""
        return cls(session, listing, state, read_statistics(session, listing, state), left_out)

    @cached_property
    def number(self) -> int:
        """How many rows there are, exactly, at the moment when it is first asked for."""
        key = self.listing.key
        if not self.known.count.exact:
            return self._size([key.not_in(self.left_out)])
        return self.known.count.rows - (self._size([key.in_(self.left_out)]) if self.left_out else 0)

    def titles(self, most: int) -> list[str]:
        """The names of the first rows, in the order of the list."""
        wanted = most + len(self.left_out)
        rows = self._rows(wanted).read(Window(wanted))
        return [str(row.values[1]) for row in rows if row.key not in self.left_out][:most]

    def slices(self, lock: bool = True) -> Iterator[Sequence[int]]:
        """The keys of all rows, some at a time, each read after the slice before it was done with.

        Each row comes once, whatever is done to those that came. Where `lock` is set,
        PostgreSQL holds the rows of a slice until the transaction ends.
        """
        key, beyond = self.listing.key, list[ColumnElement[bool]]()
        read = self.keys().limit(SLICE)
        read = for_writing(read, key) if lock else read
        while keys := self.session.scalars(read.where(*beyond)).all():
            yield keys
            beyond = [key > literal(keys[-1], key.type)]  # a plain truth value is no operand of >

    def keys(self) -> Select[Any]:
        """The statement for the keys of all rows, in their order.

        By the key and nothing else: any other index would find, and sort, all that is left for each slice.
        """
        key = self.listing.key
        return select(key).where(*self._rows(None).asked(), key.not_in(self.left_out)).order_by(key)

    def _rows(self, wanted: int | None) -> Rows:
        return Rows.planned(self.session, self.listing, self.state, (), self.known, wanted)

    def _size(self, among: Conditions) -> int:
        asked = conditions(self.listing, self.state, self.known.keys)
        rows = select(func.count()).select_from(self.listing.key.class_).where(*asked, *among)
        return self.session.scalar(rows) or 0
