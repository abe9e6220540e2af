"""Rows from a place onwards, in either direction: no row twice, none left out, equally fast anywhere.

A page begins right after a row (keyset paging) instead of after so many rows, which an index finds at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, null, or_, select

from dashboard.database.transactions import AnySession
from dashboard.listing.columns import Column, SqlColumn
from dashboard.listing.conditions import (
    Conditions,
    chosen,
    conditions,
    finding,
    joined,
    unindexed,
    walking,
)
from dashboard.listing.counting import Count, surveyed
from dashboard.listing.cursor import Cursor
from dashboard.listing.sections import (
    EXACT,
    FILLED,
    Keys,
    Section,
    Way,
    after,
    is_scattered,
    plainly,
    reads_each,
    sections,
    sort_keys,
    source,
    walked_by,
)
from dashboard.listing.state import Listing, ListState

BEFORE_CELLS = 3
"""What a row begins with: its key, its title and what it is sorted by."""
KEPT_STATEMENTS = 256


class Narrowing(NamedTuple):
    """What narrows a list where only filters do, by their names, and how rows are found: see `Rows.asked`."""

    where: tuple[tuple[str, ColumnElement[bool]], ...]
    found_by: str | None

    def asked(self, listing: Listing, sort_key: SqlColumn, is_walked: bool) -> Conditions:
        """What every row of `listing`, sorted by `sort_key`, has to meet."""
        if is_walked:
            asked = [condition for _, condition in self.where]
            return walking(asked, *walked_by(listing, sort_key, asked))
        return finding(dict(self.where), self.found_by)


class Found(NamedTuple):
    """A row as it was read, and the section it lies in."""

    section: str
    values: Sequence[Any]

    @property
    def key(self) -> int:
        """The primary key."""
        return int(self.values[0])

    @property
    def cursor(self) -> Cursor:
        """The place of this row."""
        return Cursor(self.section, self.values[2], self.key)


@dataclass(frozen=True)
class Rows:
    """The rows of a list in their order; ``columns`` are read, and ``count`` says how they are best found.

    ``wanted`` is how many are read or passed over, counted from an end of the list or from a place in it;
    None where all are.
    """

    session: AnySession
    listing: Listing
    state: ListState
    columns: Sequence[Column]
    count: Count
    wanted: int | None = None

    def sections(self) -> list[Section]:
        """The stretches of the list, first to last."""
        return sections(self.listing, self.state.column, self.count.named)

    def walk(
        self, limit: int, *, start: Cursor | None = None, backwards: bool = False, skip: int = 0
    ) -> list[Found]:
        """Up to `limit` rows right after (or before) the place `start`, having skipped `skip`, in order."""
        sections = self._from(start, backwards)
        one_by_one = self.is_walked or self.far or len(sections) == 1
        walk = self._one_by_one if one_by_one else self._at_once
        found = walk(sections, limit, start, backwards, skip)
        if found is None:
            here = self.state._replace(cursor=start, backwards=backwards)
            count = surveyed(self.session, self.listing, here, self.count)
            return replace(self, count=count).walk(limit, start=start, backwards=backwards, skip=skip)
        return found[::-1] if backwards else found

    def _at_once(
        self, sections: Sequence[Section], limit: int, start: Cursor | None, backwards: bool, skip: int
    ) -> list[Found]:
        """All sections in one statement, which has to sort the rows: nothing where they are few."""
        way = self._way(backwards)
        places = [start if start and section.name == start.section else None for section in sections]
        own = [and_(True, *section.conditions) for section in sections]
        fits = [
            and_(condition, *after(self.listing, section, place, way.rising))
            for section, place, condition in zip(sections, places, own, strict=True)
        ]
        rank = case(*((condition, number) for number, condition in enumerate(own))).label("rank")
        sort_key = next((section.sort_key for section in sections if section.sort_key is not None), None)
        statement = _reading(self.listing, self.columns, sort_key).add_columns(rank)
        statement = statement.where(*self.asked(), or_(*fits))
        order = [rank, *_order(self.listing, sort_key, way)]
        rows = self.session.execute(statement.order_by(*order).offset(skip).limit(limit))
        return [Found(sections[row[-1]].name, row[:-1]) for row in rows]

    def _one_by_one(
        self, sections: Sequence[Section], limit: int, start: Cursor | None, backwards: bool, skip: int
    ) -> list[Found] | None:
        """One section after the other, each in the order of an index, as far as they are needed.

        None where the rows that were looked at are too few to tell.
        """
        found: list[Found] = []
        for section in sections:
            place = start if start and section.name == start.section else None
            left = limit - len(found)
            looks = self._looks(section, skip + left)
            if self._is_kept(section) and not skip:
                read = self._kept_page(section, place, backwards, left, looks)
            else:
                read = self._page(section, place, backwards, skip, left, looks), {}
            # Past the ORM, which adds nothing to plain values and takes as long again.
            rows = self.session.connection().execute(*read).all()
            if looks and len(rows) < left and self._has_more(section, place, backwards, looks):
                return None
            found += [Found(section.name, row) for row in rows]
            if len(found) == limit:
                break
            if skip:
                skip = 0 if rows else max(0, skip - self._size(section))
        return found

    def every(self) -> Iterator[Select[Any]]:
        """The statements that read all rows, in order, without their places, which nobody comes back to."""
        way = self._way()
        for section in self.sections():
            order = _order(self.listing, section.sort_key, way)
            wanted = [*self.asked(), *section.conditions]
            columns = _columns(self.listing, self.columns, None)
            yield source(self.listing, section, columns, way).where(*wanted).order_by(*order)

    def cursor_of(self, key: int) -> Cursor | None:
        """The place of the row with `key`, None where there is none."""
        for section in self.sections():
            sorted_by = null() if section.sort_key is None else section.sort_key
            place = _join(self.listing, select(self.listing.key, sorted_by))
            row = self.session.execute(
                place.where(self.listing.key == key, *self.listing.scope(), *section.conditions)
            ).first()
            if row is not None:
                return Cursor(section.name, row[1], key)
        return None

    def _from(self, start: Cursor | None, backwards: bool) -> list[Section]:
        sections = self.sections()[::-1] if backwards else self.sections()
        names = [section.name for section in sections]
        return sections[names.index(start.section) :] if start and start.section in names else sections

    def _is_kept(self, section: Section) -> bool:
        """Whether only filters narrow the list: what they ask is asked again, a search hardly ever is."""
        has_own = section.conditions or self.state.query or self.far or self.listing.scope()
        return not has_own and self.count.keys is None

    def _looks(self, section: Section, wanted: int) -> int | None:
        """How many rows of `section` to look at for the first `wanted`; None for all."""
        is_on_the_way = self.wanted is not None and self.state.is_filtered and self.is_walked
        if not is_on_the_way or section.name == EXACT or reads_each(section, self._way()):
            return None
        return self.count.looks(wanted)

    def _has_more(self, section: Section, place: Cursor | None, backwards: bool, looks: int) -> bool:
        """Whether `section` has rows beyond so many from `place` on, whether asked for or not."""
        keys = Keys(self.listing, section, self.asked(), self._way(backwards), looks)
        return self.session.scalar(keys.beyond(place)) is not None

    def _kept_page(
        self, section: Section, place: Cursor | None, backwards: bool, limit: int, looks: int | None
    ) -> tuple[Select[Any], dict[str, Any]]:
        """The statement of `_page`, made once for all places, and the place it begins at."""
        narrowing = Narrowing((*chosen(self.state).items(),), self.count.found_by)
        way = self._way(backwards)
        what = self.listing, tuple(self.columns), section.sort_key, narrowing, way, limit, looks
        if place is None:
            return _kept(*what), {}
        return _kept(*what, is_further_on=True), {"here": place.value, "here_key": place.key}

    def _page(
        self,
        section: Section,
        place: Cursor | None,
        backwards: bool,
        skip: int,
        limit: int,
        looks: int | None,
    ) -> Select[Any]:
        """Read up to `limit` rows of `section` from `place` on, in the direction of the walk."""
        keys = Keys(self.listing, section, self.asked(), self._way(backwards), looks)
        return _page(keys, tuple(self.columns), place, limit, skip, keys_first=bool(skip or self.far))

    def asked(self) -> Conditions:
        """What every row has to meet, for rows that are found by an index where they are few, else judged."""
        count = self.count
        if not self.is_walked:
            return conditions(self.listing, self.state, count.keys, found_by=self.far or count.found_by)
        asked = conditions(self.listing, self.state, count.keys)
        return walking(asked, *walked_by(self.listing, self.listing.sort_key(self.state.column), asked))

    @cached_property
    def is_walked(self) -> bool:
        """Whether rows are read in the order of the list and judged, instead of all found and sorted."""
        wanted = self.count.rows if self.wanted is None else self.wanted
        return not self.far and self.count.is_walked(wanted)

    @property
    def far(self) -> str | None:
        """What finds all rows, where some are wanted that lie far away in the order of the list."""
        return None if self.wanted is None else self.count.far

    def _way(self, backwards: bool = False) -> Way:
        dialect = self.session.get_bind().dialect.name
        return Way(self.state.descending == backwards, self.is_walked, dialect)

    def _size(self, section: Section) -> int:
        rows = _join(self.listing, select(func.count())).where(*self.asked(), *section.conditions)
        return self.session.scalar(rows) or 0


@lru_cache(maxsize=KEPT_STATEMENTS)
def _kept(
    listing: Listing,
    columns: tuple[Column, ...],
    sort_key: SqlColumn | None,
    narrowing: Narrowing,
    way: Way,
    limit: int,
    looks: int | None,
    is_further_on: bool = False,
) -> Select[Any]:
    """Read a page of a list that only filters narrow, which begins after ``here``, ``here_key`` further on.

    Kept, for making the statement takes as long as running it.
    """
    here = None if sort_key is None else bindparam("here", type_=sort_key.type)
    place = Cursor(FILLED, here, bindparam("here_key", type_=listing.key.type))  # type: ignore[arg-type]
    section = Section(FILLED, [], sort_key)
    asked = narrowing.asked(listing, listing.key if sort_key is None else sort_key, way.is_walked)
    keys = Keys(listing, section, asked, way, looks)
    return _page(keys, columns, place if is_further_on else None, limit)


def _page(
    keys: Keys,
    columns: tuple[Column, ...],
    place: Cursor | None,
    limit: int,
    skip: int = 0,
    keys_first: bool = False,
) -> Select[Any]:
    listing, section, way = keys.listing, keys.section, keys.way
    statement = _ordered(listing, columns, section.sort_key, way)
    if keys_first or (keys.looks and keys.is_judging) or is_scattered(section, place, way):
        # Skipping whole joined rows takes half as long again.
        return statement.where(listing.key.in_(keys.after(place, skip, limit)))
    wanted = [*keys.asked, *section.conditions]
    beyond = after(listing, section, place, way.rising)
    # Where something narrows the list, the best plan depends on how many rows meet that.
    return statement.where(*wanted, *beyond).limit(limit if wanted else plainly(limit))


@lru_cache(maxsize=KEPT_STATEMENTS)
def _ordered(
    listing: Listing, columns: tuple[Column, ...], sort_key: SqlColumn | None, way: Way
) -> Select[Any]:
    return _reading(listing, columns, sort_key).order_by(*_order(listing, sort_key, way))


def _reading(listing: Listing, columns: Sequence[Column], sort_key: SqlColumn | None) -> Select[Any]:
    return _join(listing, _columns(listing, columns, sort_key))


def _columns(listing: Listing, columns: Sequence[Column], sort_key: SqlColumn | None) -> Select[Any]:
    reads = [expression for column in columns for expression in column.sql]
    sorted_by = (null() if sort_key is None else sort_key).label("sorted_by")
    return select(listing.key, listing.title, sorted_by, *reads)


def _order(listing: Listing, sort_key: SqlColumn | None, way: Way) -> list[ColumnElement[Any]]:
    keys = sort_keys(listing, sort_key)
    ordered = keys if way.is_walked else [unindexed(key.expression) for key in keys]
    return [key.asc() if way.rising else key.desc() for key in ordered]


def _join(listing: Listing, statement: Select[Any]) -> Select[Any]:
    return joined(listing, statement.select_from(listing.key.class_))


def parts(columns: Sequence[Column]) -> Iterator[tuple[Column, slice]]:
    """Each column with the part of a row that holds its values."""
    position = BEFORE_CELLS
    for column in columns:
        width = len(column.sql)
        yield column, slice(position, position + width)
        position += width
