"""The stretches that a list consists of, each in the order of an index, and the way to a place within one.

Two orders are not those of one range of one index, and would be sorted whole, or walked from far away:

- What lies after a row among many that tie with it: SQLite looks for the value alone, and passes over all
  ties. The rest of the ties and what comes after them are ranges of their own.
- Rows by what they refer to, products by the name of their category: PostgreSQL does not know that those of
  one category come in order, and sorts them all. Each category is asked for as many as a page needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import eq
from typing import Any, NamedTuple

from sqlalchemy import (
    BinaryExpression,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    asc,
    desc,
    inspect,
    literal,
    literal_column,
    null,
    select,
    true,
    tuple_,
    union_all,
)

from dashboard.listing.columns import SqlColumn
from dashboard.listing.conditions import Conditions, bounds, joined, unindexed
from dashboard.listing.cursor import Cursor
from dashboard.listing.state import Listing, ListState

EXACT, FILLED, BLANK = "exact", "filled", "blank"


@dataclass(frozen=True)
class Reference:
    """What rows refer to, where a list is sorted by one of its columns: a category, by its name.

    ``column`` of the list's table holds the primary key ``key`` of that other table.
    """

    relationship: Any
    column: SqlColumn
    key: SqlColumn


@dataclass(frozen=True)
class Section:
    """A stretch of a list: the row whose code is searched for, rows with a value to sort by, the rest."""

    name: str
    conditions: Conditions
    sort_key: SqlColumn | None
    reference: Reference | None = None


class Way(NamedTuple):
    """How rows are read: upwards or downwards, walked to in the order of an index or all found and sorted."""

    rising: bool
    is_walked: bool
    dialect: str


class Range(NamedTuple):
    """A part of what lies after a place: conditions of what the rows are sorted by, and of their keys."""

    sorted_by: Conditions
    keys: Conditions


def sections(listing: Listing, column: str, named: int | None) -> list[Section]:
    """The stretches of a list sorted by `column`, first to last; rows without a value always come last."""
    rest = [] if named is None else [listing.key != named]
    first = [] if named is None else [Section(EXACT, [listing.key == named], None)]
    sort_key = listing.sort_key(column)
    if sort_key is listing.key:
        return [*first, Section(FILLED, rest, None)]
    if not may_be_blank(listing, sort_key):
        return [*first, Section(FILLED, rest, sort_key)]
    reference = reference_of(listing, sort_key)
    value = reference.column if reference else sort_key
    filled = Section(FILLED, [*rest, value.is_not(None)], sort_key, reference)
    return [*first, filled, Section(BLANK, [*rest, value.is_(None)], None)]


def may_be_blank(listing: Listing, sort_key: SqlColumn) -> bool:
    """Whether rows may have nothing in what they are sorted by: a column that allows it, or a joined one."""
    return sort_key.class_ is not listing.key.class_ or bool(getattr(sort_key.expression, "nullable", False))


@lru_cache
def reference_of(listing: Listing, sort_key: SqlColumn) -> Reference | None:
    """What the rows of `listing` are sorted through, None where that is a column of their own.

    None as well where the other table may hold nothing in it: then a row that refers to one may be blank.
    """
    for relationship in listing.joins:
        prop = relationship.property
        if prop.mapper.class_ is sort_key.class_ and not sort_key.expression.nullable:
            [(here, there)] = prop.local_remote_pairs
            columns = prop.parent.get_property_by_column(here), prop.mapper.get_property_by_column(there)
            return Reference(relationship, *(column.class_attribute for column in columns))
    return None


def ahead(listing: Listing, state: ListState) -> ColumnElement[bool]:
    """Whether a row comes after the place where a page begins; all of them do where it begins at an end."""
    for section in sections(listing, state.column, None):
        if state.cursor and section.name == state.cursor.section:
            beyond = after(listing, section, state.cursor, state.descending == state.backwards)
            return and_(*section.conditions, *beyond)
    return true()


def order_from_here(listing: Listing, state: ListState) -> list[ColumnElement[Any]]:
    """The order in which rows are walked through from where a page begins."""
    rising = state.descending == state.backwards
    stretches = sections(listing, state.column, None)
    blank = [section.conditions[0] for section in stretches if section.name == BLANK]
    keys = sort_keys(listing, stretches[0].sort_key)
    way = [b.desc() if state.backwards else b.asc() for b in blank]
    return [*way, *(key.asc() if rising else key.desc() for key in keys)]


def is_scattered(section: Section, place: Cursor | None, way: Way) -> bool:
    """Whether the rows walked to after `place` are not those of one range of one index, in its order."""
    has_ties = place is not None and section.sort_key is not None
    return way.is_walked and (section.reference is not None or (way.dialect == "sqlite" and has_ties))


def reads_each(section: Section, way: Way) -> bool:
    """Whether some rows are read for each that they refer to, as PostgreSQL has to."""
    return section.reference is not None and way.is_walked and way.dialect != "sqlite"


def plainly(number: int) -> ColumnElement[int]:
    """How many rows a statement is for, in its text: as a parameter, PostgreSQL would plan anew each time."""
    return literal_column(str(number), Integer)


def after(listing: Listing, section: Section, place: Cursor | None, rising: bool) -> Conditions:
    """What the rows of `section` after `place` meet, as one comparison."""
    if place is None:
        return []
    keys = sort_keys(listing, section.sort_key)
    values = [place.key] if section.sort_key is None else [place.value, place.key]
    here = tuple_(*(_typed(value, key) for value, key in zip(values, keys, strict=True)))
    return [tuple_(*keys) > here if rising else tuple_(*keys) < here]


def _typed(value: Any, key: SqlColumn) -> ColumnElement[Any]:
    # A bare True or False could not be compared, hence the type.
    return value if isinstance(value, ColumnElement) else literal(value, key.type)


def walked_by(listing: Listing, sort_key: SqlColumn, conditions: Conditions) -> list[Any]:
    """The columns whose indexes give the order of `sort_key`, for rows that meet `conditions`."""
    reference = reference_of(listing, sort_key)
    columns = [sort_key, reference.column] if reference else [sort_key]
    return columns + [c.left for c in conditions if _has_own_order(listing, sort_key, c)]


def _has_own_order(listing: Listing, sort_key: SqlColumn, condition: ColumnElement[bool]) -> bool:
    """Whether an index holds the rows with one value of a column, which is asked for, in the right order."""
    if not isinstance(condition, BinaryExpression) or condition.operator is not eq:
        return False
    wanted = [condition.left, sort_key.expression, listing.key.expression]
    return any(
        len(index.columns) == len(wanted) and all(map(ColumnElement.shares_lineage, index.columns, wanted))
        for index in inspect(listing.key.class_).local_table.indexes
    )


def sort_keys(listing: Listing, sort_key: SqlColumn | None) -> list[SqlColumn]:
    """What rows are sorted by, with the primary key as the tiebreak."""
    return [listing.key] if sort_key is None else [sort_key, listing.key]


@dataclass(frozen=True)
class Keys:
    """Reads the keys of rows in their order, from the indexes alone; ``asked`` is what each has to meet.

    ``looks`` is after how many rows it ends, whether those it looked at meet that or not; None for never.
    """

    listing: Listing
    section: Section
    asked: Conditions
    way: Way
    looks: int | None = None

    def after(self, place: Cursor | None, skip: int, limit: int) -> Select[Any]:
        """Read up to `limit` keys right after `place`, having skipped `skip`."""
        ranges = self._ranges(place)
        read = [self._read(part, skip + limit) for part in ranges]
        found: Select[Any] | CompoundSelect[Any] = union_all(*read) if len(read) > 1 else read[0]
        names = ["row_key"] if self.section.sort_key is None else ["sorted_by", "row_key"]
        order: list[ColumnElement[Any]] = [asc(name) if self.way.rising else desc(name) for name in names]
        if self.looks:
            return self._met(found.order_by(*order).limit(plainly(self.looks)), order, skip, limit)
        if not self.way.is_walked:
            # PostgreSQL takes rows for evenly spread, and would walk to them all the same.
            found = select(found.cte("found").prefix_with("MATERIALIZED", dialect="postgresql"))
        found = found.order_by(*order).offset(skip).limit(limit)
        keys: Select[Any] = select(found.subquery().c.row_key)
        return keys

    def beyond(self, place: Cursor | None) -> Select[Any]:
        """Read the key of the first row that is not looked at, whether it meets what is asked or not."""
        return replace(self, asked=self._judging()[0], looks=None).after(place, skip=self.looks or 0, limit=1)

    def _met(
        self,
        looked_at: Select[Any] | CompoundSelect[Any],
        order: Sequence[ColumnElement[Any]],
        skip: int,
        limit: int,
    ) -> Select[Any]:
        """Read the keys of rows looked at that meet what is asked: up to `limit`, after `skip` others."""
        seen = looked_at.subquery("seen")
        keys: Select[Any] = select(seen.c.row_key).where(seen.c.is_met)
        # SQLite gives the rows as they are read, which is in their order; asked for that it would read all
        # first and sort them: https://sqlite.org/optoverview.html#subquery_co_routines
        keys = keys if self.way.dialect == "sqlite" else keys.order_by(*order)
        return keys.offset(skip or None).limit(plainly(limit))

    @property
    def is_judging(self) -> bool:
        """Whether rows on the way may not be among those asked for."""
        return bool(self._judging()[1])

    def _judging(self) -> tuple[Conditions, Conditions]:
        """What says where looking at rows begins and ends, and what judges each of them on the way."""
        sort_key = self.listing.key if self.section.sort_key is None else self.section.sort_key
        columns = walked_by(self.listing, sort_key, self.asked)
        ends = [condition for condition in self.asked if bounds(condition, *columns)]
        return ends, [condition for condition in self.asked if not bounds(condition, *columns)]

    def _ranges(self, place: Cursor | None) -> list[Range]:
        """What lies after `place`: all in one, or the rest of those that tie with it, and all beyond them."""
        sort_key, key = self.section.sort_key, self.listing.key
        if place is None:
            return [Range([], [])]
        if sort_key is None or not is_scattered(self.section, place, self.way):
            return [Range(after(self.listing, self.section, place, self.way.rising), [])]
        value = _typed(place.value, sort_key)
        if self.way.rising:
            return [Range([sort_key == value], [key > place.key]), Range([sort_key > value], [])]
        return [Range([sort_key == value], [key < place.key]), Range([sort_key < value], [])]

    def _read(self, part: Range, most: int) -> Select[Any]:
        """Read the keys of a range, and what they are sorted by: `most` of them for each row referred to."""
        key, reference, sort_key = self.listing.key, self.section.reference, self.section.sort_key
        asked, judging = self._judging() if self.looks else (self.asked, [])
        wanted = [*asked, *self.section.conditions, *part.keys]
        sorted_by = (null() if sort_key is None else self._as_read(sort_key)).label("sorted_by")
        if reference is None or not reads_each(self.section, self.way):
            read: Select[Any] = select(self._as_read(key).label("row_key"), sorted_by)
            if self.looks:
                read = read.add_columns(and_(True, *judging).label("is_met"))
            return source(self.listing, self.section, read, self.way).where(*wanted, *part.sorted_by)
        within: Select[Any] = select(key.label("row_key")).select_from(key.class_)
        within = joined(self.listing, within, but=reference.relationship)
        within = within.where(reference.column == reference.key, *wanted)
        within = within.order_by(key.asc() if self.way.rising else key.desc()).limit(most)
        each = within.correlate(reference.key.class_).lateral()
        some_of_each: Select[Any] = select(each.c.row_key, sorted_by).select_from(reference.key.class_)
        return some_of_each.join(each, true()).where(*part.sorted_by)

    def _as_read(self, key: SqlColumn) -> ColumnElement[Any]:
        return key.expression if self.way.is_walked else unindexed(key.expression)


def source(listing: Listing, section: Section, statement: Select[Any], way: Way) -> Select[Any]:
    """A statement that reads rows of `section`, with what lies in the tables they refer to."""
    statement, reference = statement.select_from(listing.key.class_), section.reference
    if reference is None or not way.is_walked or way.dialect != "sqlite":
        return joined(listing, statement)
    # SQLite would read all rows and look up for each what it refers to; the plus takes that way from it.
    statement = statement.join(reference.key.class_, reference.column == unindexed(reference.key.expression))
    return joined(listing, statement, but=reference.relationship)
