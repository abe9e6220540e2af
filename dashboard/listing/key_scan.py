"""Reads the keys of a part of a list in the order of an index.

Two orders are not those of one range of one index, and would be sorted whole, or scanned from far away:

- What lies after a row among many that tie with it: SQLite looks for the value alone, and passes over all
  ties. The rest of the ties and what comes after them are ranges of their own.
- Rows by what they refer to, such as the name of a group: PostgreSQL does not know that those of one group
  come in order, and sorts them all. Each group is asked for as many as a page needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import eq
from typing import Any, NamedTuple

from sqlalchemy import (
    BinaryExpression,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    asc,
    case,
    desc,
    false,
    inspect,
    literal_column,
    null,
    select,
    true,
    union_all,
)

from dashboard.listing.columns import SqlColumn
from dashboard.listing.conditions import Conditions, joined, restricts_sort, unindexed
from dashboard.listing.cursor import Cursor
from dashboard.listing.partitions import Partition, Reference, after, reference_of, typed_literal
from dashboard.listing.state import Listing


class Scan(NamedTuple):
    """In which direction rows are read, and by which database."""

    rising: bool
    dialect: str


class KeyRange(NamedTuple):
    """A part of what lies after a place: conditions of what the rows are sorted by, and of their keys."""

    sorted_by: Conditions
    keys: Conditions


def is_scattered(partition: Partition, place: Cursor | None, scan: Scan) -> bool:
    """Whether the rows after `place` are not those of one range of one index, in its order."""
    has_ties = place is not None and partition.sort_key is not None
    return partition.reference is not None or (scan.dialect == "sqlite" and has_ties)


def reads_each(partition: Partition, scan: Scan) -> bool:
    """Whether some rows are read for each that they refer to, as PostgreSQL has to."""
    return partition.reference is not None and scan.dialect != "sqlite"


def inline_limit(number: int) -> ColumnElement[int]:
    """How many rows a statement is for, in its text: as a parameter, PostgreSQL would plan each time."""
    return literal_column(str(number), Integer)


def index_columns(listing: Listing, sort_key: SqlColumn, conditions: Conditions) -> list[Any]:
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


@dataclass(frozen=True)
class KeyScan:
    """Reads the keys of matching rows in their order, from the indexes alone.

    ``asked`` is what they have to meet; ``probe_limit`` is how many rows it
    reads at most, whether they match or not, None for all.
    """

    listing: Listing
    partition: Partition
    asked: Conditions
    scan: Scan
    probe_limit: int | None = None

    def after(self, place: Cursor | None, skip: int, limit: int) -> Select[Any]:
        """Read up to `limit` keys right after `place`, having skipped `skip`."""
        read = [self._read(part, skip + limit) for part in self._ranges(place)]
        found: Select[Any] | CompoundSelect[Any] = union_all(*read) if len(read) > 1 else read[0]
        names = ["row_key"] if self.partition.sort_key is None else ["sorted_by", "row_key"]
        order: list[ColumnElement[Any]] = [asc(name) if self.scan.rising else desc(name) for name in names]
        if self.probe_limit:
            return self._met(found.order_by(*order).limit(inline_limit(self.probe_limit)), order, skip, limit)
        keys: Select[Any] = select(found.order_by(*order).offset(skip).limit(limit).subquery().c.row_key)
        return keys

    def beyond(self, place: Cursor | None) -> Select[Any]:
        """Read the key of the first row that a probe leaves out, whether it matches or not."""
        every = replace(self, asked=self._restricting(), probe_limit=None)
        return every.after(place, skip=self.probe_limit or 0, limit=1)

    def _met(
        self,
        probed: Select[Any] | CompoundSelect[Any],
        order: Sequence[ColumnElement[Any]],
        skip: int,
        limit: int,
    ) -> Select[Any]:
        """Read the keys of probed rows that match: up to `limit`, after `skip` others."""
        seen = probed.subquery("seen")
        keys: Select[Any] = select(seen.c.row_key).where(seen.c.is_met)
        # SQLite gives the rows as they are read, which is in their order; asked for that it would read all
        # first and sort them: https://sqlite.org/optoverview.html#subquery_co_routines
        keys = keys if self.scan.dialect == "sqlite" else keys.order_by(*order)
        return keys.offset(skip or None).limit(inline_limit(limit))

    @property
    def is_checking(self) -> bool:
        """Whether the scan may read rows that do not match."""
        return bool(self._checking())

    def _restricting(self) -> Conditions:
        """The conditions that say where the scan begins and ends."""
        return [condition for condition in self.asked if restricts_sort(condition, *self._columns)]

    def _checking(self) -> Conditions:
        """The conditions that are checked of each row."""
        return [condition for condition in self.asked if not restricts_sort(condition, *self._columns)]

    @cached_property
    def _columns(self) -> list[Any]:
        sort_key = self.listing.key if self.partition.sort_key is None else self.partition.sort_key
        return index_columns(self.listing, sort_key, self.asked)

    def _ranges(self, place: Cursor | None) -> list[KeyRange]:
        """Return the ranges after `place`: one range, or the rest of its ties and then all beyond them."""
        sort_key, key = self.partition.sort_key, self.listing.key
        if place is None:
            return [KeyRange([], [])]
        if sort_key is None or not is_scattered(self.partition, place, self.scan):
            return [KeyRange(after(self.listing, self.partition, place, self.scan.rising), [])]
        value = typed_literal(place.value, sort_key)
        if self.scan.rising:
            return [KeyRange([sort_key == value], [key > place.key]), KeyRange([sort_key > value], [])]
        return [KeyRange([sort_key == value], [key < place.key]), KeyRange([sort_key < value], [])]

    def _read(self, part: KeyRange, most: int) -> Select[Any]:
        """Read the keys of a range, and what they are sorted by: `most` of them for each row referred to."""
        sort_key, reference = self.partition.sort_key, self.partition.reference
        sorted_by = (null() if sort_key is None else sort_key.expression).label("sorted_by")
        if reference is not None and reads_each(self.partition, self.scan):
            return self._read_each(reference, part, sorted_by, most)
        read: Select[Any] = select(self.listing.key.expression.label("row_key"), sorted_by)
        asked = self.asked
        if self.probe_limit:
            asked = self._restricting()
            read = read.add_columns(_one_by_one(self._checking()).label("is_met"))
        wanted = [*asked, *self.partition.conditions, *part.keys, *part.sorted_by]
        return in_order(self.listing, self.partition, read, self.scan).where(*wanted)

    def _read_each(
        self, reference: Reference, part: KeyRange, sorted_by: ColumnElement[Any], most: int
    ) -> Select[Any]:
        key = self.listing.key
        within: Select[Any] = select(key.label("row_key")).select_from(key.class_)
        within = joined(self.listing, within, but=reference.relationship)
        within = within.where(reference.column == reference.key, *self.asked)
        within = within.where(*self.partition.conditions, *part.keys)
        within = within.order_by(key.asc() if self.scan.rising else key.desc()).limit(most)
        each = within.correlate(reference.entity).lateral()
        some_of_each: Select[Any] = select(each.c.row_key, sorted_by).select_from(reference.entity)
        return some_of_each.join(each, true()).where(*part.sorted_by)


def _one_by_one(conditions: Conditions) -> ColumnElement[bool]:
    """Whether a row meets all, the next one checked only if it meets those before.

    SQLite checks both sides of an AND in a column, and so would read whole rows for what an index tells.
    """
    meets: ColumnElement[bool] = true()
    for condition in reversed(conditions):
        meets = case((condition, meets), else_=false())
    return meets


def in_order(listing: Listing, partition: Partition, statement: Select[Any], scan: Scan) -> Select[Any]:
    """A statement that reads rows of `partition` in their order, with what they refer to."""
    statement, reference = statement.select_from(listing.key.class_), partition.reference
    if reference is None or scan.dialect != "sqlite":
        return joined(listing, statement)
    # SQLite would read all rows and look up for each what it refers to; the plus keeps it from that.
    statement = statement.join(reference.entity, reference.column == unindexed(reference.key.expression))
    return joined(listing, statement, but=reference.relationship)
