"""Rows from a place onwards, in either direction: each row once, equally fast anywhere.

A page begins right after a row (keyset paging) instead of after so many rows, which an index finds at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select

from dashboard.database.transactions import AnySession
from dashboard.listing.columns import Column
from dashboard.listing.conditions import SEARCH, Conditions, filter_conditions
from dashboard.listing.cursor import Cursor
from dashboard.listing.key_scan import KeyScan, Scan, reads_each
from dashboard.listing.partitions import EXACT, Partition, partitions
from dashboard.listing.planning import Among, Indexed, Plan, Probe, Statistics, otherwise, plan
from dashboard.listing.ranking import best_matches
from dashboard.listing.state import Listing, ListState
from dashboard.listing.statements import (
    CachedPage,
    Sorting,
    Window,
    cached_page_statement,
    every_row,
    is_in_order,
    one_row,
    ordered_page,
    planned_conditions,
    size_of,
    sorted_page,
)

BEFORE_CELLS = 3
"""The first values of a row: its key, its title and its sort key."""


class Found(NamedTuple):
    """A row as it was read, and the partition it lies in."""

    partition: str
    values: Sequence[Any]

    @property
    def key(self) -> Any:
        """The primary key."""
        return self.values[0]

    @property
    def cursor(self) -> Cursor:
        """The place of this row."""
        return Cursor(self.partition, self.values[2], self.key)


@dataclass(frozen=True)
class Rows:
    """The rows of a list in their order, found as ``plan`` says; ``columns`` are read.

    ``exact_match`` is the key of the row whose code is searched for, which comes first; after it those
    that meet the first of the conditions ``leading``.
    """

    session: AnySession
    listing: Listing
    state: ListState
    columns: Sequence[Column]
    plan: Plan
    exact_match: int | None = None
    leading: tuple[ColumnElement[bool], ...] = ()

    @classmethod
    def planned(
        cls,
        session: AnySession,
        listing: Listing,
        state: ListState,
        columns: Sequence[Column],
        known: Statistics,
        wanted: int | None,
    ) -> Rows:
        """Those of a list of which so much is ``known``, for `wanted` of them at a time; None for all."""
        how, leading = plan(known, wanted, listing.tuning), best_matches(listing, state, known)
        if leading and is_in_order(how):
            how = Indexed(SEARCH)  # all of them in one statement, and not each kind of match by itself
        return cls(session, listing, state, columns, how, known.exact_match, leading)

    def partitions(self) -> list[Partition]:
        """The partitions of the list, first to last."""
        return partitions(self.listing, self.state.column, self.exact_match, self.leading)

    def read(self, window: Window) -> list[Found]:
        """The rows of `window`, in the order of the list."""
        found = self._in_order(window) if is_in_order(self.plan) else self._sorted(window)
        if found is None:
            return replace(self, plan=otherwise(self.plan)).read(window)
        return found[::-1] if window.backwards else found

    def _sorted(self, window: Window) -> list[Found]:
        """All partitions in one statement."""
        parts = self._from(window)
        if len(parts) == 1 and self._is_cached(parts[0], window):
            statement, places = self._cached_page(parts[0], window, window.limit)
        else:
            sorting = Sorting(parts, self._scan(window.backwards).rising)
            asked = self.asked()
            statement, places = sorted_page(self.listing, tuple(self.columns), sorting, asked, window), {}
        rows = self.session.connection().execute(statement, places)
        return [Found(parts[row[-1]].name, row[:-1]) for row in rows]

    def _in_order(self, window: Window) -> list[Found] | None:
        """One partition after the other, as far as they are needed; None if a probe does not tell."""
        found: list[Found] = []
        for partition in self._from(window):
            left = window._replace(limit=window.limit - len(found))
            rows = self._page(partition, left)
            if len(rows) < left.limit and self._has_more(partition, left):
                return None
            found += rows
            if len(found) == window.limit:
                break
            if window.skip:
                window = window._replace(skip=0 if rows else max(0, window.skip - self._size(partition)))
        return found

    def _page(self, partition: Partition, window: Window) -> list[Found]:
        """The rows of `partition` within `window`, in the direction of reading."""
        if self._is_cached(partition, window):
            read = self._cached_page(partition, window, window.limit)
        else:
            keys, place = self._keys(partition, window), window.place(partition)
            read = ordered_page(keys, tuple(self.columns), place, window.limit, window.skip), {}
        # Past the ORM, which adds nothing to plain values and takes as long again.
        return [Found(partition.name, row) for row in self.session.connection().execute(*read)]

    def _has_more(self, partition: Partition, window: Window) -> bool:
        """Whether a probe left rows of `partition` out, whether they match or not."""
        keys = self._keys(partition, window)
        return (
            bool(keys.probe_limit) and self.session.scalar(keys.beyond(window.place(partition))) is not None
        )

    def every(self) -> Iterator[Select[Any]]:
        """The statements that read all rows, in order, without their places."""
        scan, asked = self._scan(), self.asked()
        for partition in self.partitions():
            yield every_row(self.listing, self.columns, partition, asked, scan, self.plan)

    def cursor_of(self, key: int) -> Cursor | None:
        """The place of the row with `key`, None where there is none."""
        for partition in self.partitions():
            row = self.session.execute(one_row(self.listing, partition, key)).first()
            if row is not None:
                return Cursor(partition.name, row[1], key)
        return None

    def asked(self) -> Conditions:
        """Return the conditions of every row."""
        return planned_conditions(self.listing, self.state, self.plan)

    def _from(self, window: Window) -> list[Partition]:
        """The partitions from where the window begins, in the direction of reading."""
        parts = self.partitions()[::-1] if window.backwards else self.partitions()
        names = [partition.name for partition in parts]
        start = window.start
        return parts[names.index(start.partition) :] if start and start.partition in names else parts

    def _is_cached(self, partition: Partition, window: Window) -> bool:
        """Whether only filters narrow the list: what they ask is asked again, a search hardly ever is."""
        has_own = partition.conditions or self.state.query or self.listing.scope() or window.skip
        return not has_own and not isinstance(self.plan, Among)

    def _cached_page(
        self, partition: Partition, window: Window, limit: int
    ) -> tuple[Select[Any], dict[str, Any]]:
        """The statement of a page, made once for all places, and the place it begins at."""
        place, scan = window.place(partition), self._scan(window.backwards)
        where = (*filter_conditions(self.state).items(),)
        page = CachedPage(
            self.listing,
            tuple(self.columns),
            partition.sort_key,
            where,
            self.plan,
            scan,
            limit,
            place is not None,
        )
        return cached_page_statement(page), {"here": place.value, "here_key": place.key} if place else {}

    def _keys(self, partition: Partition, window: Window) -> KeyScan:
        scan = self._scan(window.backwards)
        is_probe = (
            isinstance(self.plan, Probe) and partition.name != EXACT and not reads_each(partition, scan)
        )
        limit = self.plan.limit if is_probe else None  # type: ignore[union-attr]
        return KeyScan(self.listing, partition, self.asked(), scan, limit)

    def _scan(self, backwards: bool = False) -> Scan:
        return Scan(self.state.descending == backwards, self.session.get_bind().dialect.name)

    def _size(self, partition: Partition) -> int:
        return self.session.scalar(size_of(self.listing, partition, self.asked())) or 0


def parts(columns: Sequence[Column]) -> Iterator[tuple[Column, slice]]:
    """Each column with the part of a row that holds its values."""
    position = BEFORE_CELLS
    for column in columns:
        width = len(column.sql)
        yield column, slice(position, position + width)
        position += width
