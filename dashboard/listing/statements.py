"""The statements that read the rows of a list: in the order of an index, or found by one and sorted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, null, or_, select

from dashboard.listing.columns import Column, SqlColumn
from dashboard.listing.conditions import Conditions, conditions, joined, unindexed, using_index, without_index
from dashboard.listing.cursor import Cursor
from dashboard.listing.key_scan import KeyScan, Scan, in_order, index_columns, inline_limit, is_scattered
from dashboard.listing.partitions import FILLED, Partition, after, sort_keys
from dashboard.listing.places import place_in, place_type
from dashboard.listing.planning import Among, Indexed, Plan, Probe, Whole
from dashboard.listing.state import Listing, ListState

CACHED_STATEMENTS = 256


class Window(NamedTuple):
    """Which rows are read: up to ``limit`` after ``start``, or before it, having skipped ``skip``."""

    limit: int
    start: Cursor | None = None
    backwards: bool = False
    skip: int = 0

    def place(self, partition: Partition) -> Cursor | None:
        """Where it begins within `partition`; None for its end."""
        return self.start if self.start and partition.name == self.start.partition else None


def is_in_order(plan: Plan) -> bool:
    """Whether rows are read in the order of the list, instead of all found and sorted."""
    return isinstance(plan, Whole | Probe)


def planned_conditions(listing: Listing, state: ListState, plan: Plan) -> Conditions:
    """Return the conditions of every row, written so that the database follows `plan`."""
    if isinstance(plan, Among):
        return conditions(listing, state, plan.keys)
    if isinstance(plan, Indexed):
        return conditions(listing, state, found_by=plan.by)
    return _checking(listing, listing.sort_key(state.column), conditions(listing, state))


def _checking(listing: Listing, sort_key: SqlColumn, asked: Conditions) -> Conditions:
    return without_index(asked, *index_columns(listing, sort_key, asked))


def ordered_page(
    keys: KeyScan, columns: tuple[Column, ...], place: Cursor | None, limit: int, skip: int = 0
) -> Select[Any]:
    """Read up to `limit` rows right after `place` in the order of an index, having skipped `skip`."""
    listing, partition, scan = keys.listing, keys.partition, keys.scan
    statement = _ordered(listing, columns, partition.sort_key, scan.rising)
    if skip or (keys.probe_limit and keys.is_checking) or is_scattered(partition, place, scan):
        # Skipping whole joined rows takes half as long again.
        return statement.where(listing.key.in_(keys.after(place, skip, limit)))
    wanted = [*keys.asked, *partition.conditions]
    beyond = after(listing, partition, place, scan.rising)
    # Where something narrows the list, the best plan depends on how many rows meet that.
    return statement.where(*wanted, *beyond).limit(limit if wanted else inline_limit(limit))


class Sorting(NamedTuple):
    """The parts of a list that are sorted in one statement, first to last in the direction of reading."""

    partitions: Sequence[Partition]
    rising: bool

    @property
    def sort_key(self) -> SqlColumn | None:
        """Return the sort key of the rows, besides their keys."""
        return next((part.sort_key for part in self.partitions if part.sort_key is not None), None)

    @property
    def rank(self) -> ColumnElement[int]:
        """In which of the partitions a row lies, from 0."""
        own = (and_(True, *part.conditions) for part in self.partitions)
        return case(*((condition, number) for number, condition in enumerate(own))).label("rank")

    def within(self, listing: Listing, window: Window) -> ColumnElement[bool]:
        """Whether a row lies in one of them, and after the place where the window begins."""
        parts = ((part, after(listing, part, window.place(part), self.rising)) for part in self.partitions)
        return or_(*(and_(True, *part.conditions, *beyond) for part, beyond in parts))


def sorted_page(
    listing: Listing, columns: tuple[Column, ...], sorting: Sorting, asked: Conditions, window: Window
) -> Select[Any]:
    """Find all rows that meet `asked` by an index, sort them, and read those of `window` with their rank."""
    keys = _sorted_keys(listing, sorting, asked, window)
    order = [sorting.rank, *_order(listing, sorting.sort_key, sorting.rising, plain=True)]
    page = _reading(listing, columns, sorting.sort_key).add_columns(sorting.rank)
    return page.where(listing.key.in_(keys)).order_by(*order)


def _sorted_keys(listing: Listing, sorting: Sorting, asked: Conditions, window: Window) -> Select[Any]:
    # Keys alone: whole joined rows are slow to sort. SQLite would rather read an index in the order of the
    # list than sort, and PostgreSQL as well, for it takes matching rows for evenly spread.
    names = [listing.key] if sorting.sort_key is None else [sorting.sort_key, listing.key]
    sorts = [unindexed(name.expression).label(f"by_{number}") for number, name in enumerate(names)]
    found = _join(listing, select(sorting.rank, *sorts)).where(*asked, sorting.within(listing, window))
    rows = found.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    rank, *by = rows.c
    order = [rank, *(each.asc() if sorting.rising else each.desc() for each in by)]
    return select(by[-1]).order_by(*order).offset(window.skip or None).limit(window.limit)


def every_row(
    listing: Listing,
    columns: Sequence[Column],
    partition: Partition,
    asked: Conditions,
    scan: Scan,
    plan: Plan,
) -> Select[Any]:
    """Read all rows of `partition`, in order, without their places."""
    read, is_ordered = _columns(listing, columns, None), is_in_order(plan)
    read = in_order(listing, partition, read, scan) if is_ordered else _join(listing, read)
    order = _order(listing, partition.sort_key, scan.rising, plain=not is_ordered)
    return read.where(*asked, *partition.conditions).order_by(*order)


def one_row(listing: Listing, partition: Partition, key: int) -> Select[Any]:
    """Read the key of the row with `key` and what it is sorted by, if it lies in `partition`."""
    sorted_by = null() if partition.sort_key is None else place_in(partition.sort_key)
    row = _join(listing, select(listing.key, sorted_by))
    return row.where(listing.key == key, *listing.scope(), *partition.conditions)


def rows_with_keys(listing: Listing, columns: Sequence[Column], keys: Sequence[Any]) -> Select[Any]:
    """Read the rows with these keys, whether or not the list has them now."""
    return _reading(listing, columns, None).where(listing.key.in_(keys))


def size_of(listing: Listing, partition: Partition, asked: Conditions) -> Select[Any]:
    """Count the rows of `partition` that meet `asked`."""
    return _join(listing, select(func.count())).where(*asked, *partition.conditions)


class CachedPage(NamedTuple):
    """A page of a list that only filters narrow, wherever it begins: what its statement is made of."""

    listing: Listing
    columns: tuple[Column, ...]
    sort_key: SqlColumn | None
    where: tuple[tuple[str, ColumnElement[bool]], ...]
    plan: Plan
    scan: Scan
    limit: int
    is_further_on: bool


@lru_cache(maxsize=CACHED_STATEMENTS)
def cached_page_statement(page: CachedPage) -> Select[Any]:
    """Read the page, which begins after ``here`` and ``here_key`` if it is further on.

    Cached, for making the statement takes as long as running it.
    """
    listing, sort_key, plan = page.listing, page.sort_key, page.plan
    here = None if sort_key is None else bindparam("here", type_=place_type(sort_key))
    place = Cursor(FILLED, here, bindparam("here_key", type_=place_type(listing.key)))
    start = place if page.is_further_on else None
    partition = Partition(FILLED, [], sort_key)
    if isinstance(plan, Indexed):
        asked, sorting = using_index(dict(page.where), plan.by), Sorting([partition], page.scan.rising)
        return sorted_page(listing, page.columns, sorting, asked, Window(page.limit, start))
    asked = [condition for _, condition in page.where]
    asked = _checking(listing, listing.key if sort_key is None else sort_key, asked)
    keys = KeyScan(listing, partition, asked, page.scan, plan.limit if isinstance(plan, Probe) else None)
    return ordered_page(keys, page.columns, start, page.limit)


@lru_cache(maxsize=CACHED_STATEMENTS)
def _ordered(
    listing: Listing, columns: tuple[Column, ...], sort_key: SqlColumn | None, rising: bool
) -> Select[Any]:
    return _reading(listing, columns, sort_key).order_by(*_order(listing, sort_key, rising))


def _reading(listing: Listing, columns: Sequence[Column], sort_key: SqlColumn | None) -> Select[Any]:
    return _join(listing, _columns(listing, columns, sort_key))


def _columns(listing: Listing, columns: Sequence[Column], sort_key: SqlColumn | None) -> Select[Any]:
    reads = [expression for column in columns for expression in column.sql]
    sorted_by = (null() if sort_key is None else place_in(sort_key)).label("sorted_by")
    return select(listing.key, listing.title, sorted_by, *reads)


def _order(
    listing: Listing, sort_key: SqlColumn | None, rising: bool, plain: bool = False
) -> list[ColumnElement[Any]]:
    """The order of rows; `plain` keeps SQLite from reading an index in that order."""
    keys: Sequence[Any] = sort_keys(listing, sort_key)
    keys = [unindexed(key.expression) for key in keys] if plain else keys
    return [key.asc() if rising else key.desc() for key in keys]


def _join(listing: Listing, statement: Select[Any]) -> Select[Any]:
    return joined(listing, statement.select_from(listing.key.class_))
