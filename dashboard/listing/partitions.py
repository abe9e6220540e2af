"""The partitions of a list, each in the order of an index, and what lies after a place in one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    REAL,
    ColumnElement,
    Float,
    and_,
    cast,
    literal,
    not_,
    true,
    tuple_,
)
from sqlalchemy.types import TypeEngine

from dashboard.listing.columns import SqlColumn
from dashboard.listing.conditions import Conditions
from dashboard.listing.cursor import RANK, Cursor
from dashboard.listing.places import place_type
from dashboard.listing.state import Listing, ListState

DOUBLE = 25
"""The least precision in bits of numbers of eight bytes, as PostgreSQL has it."""
EXACT, FILLED, BLANK = "exact", "filled", "blank"


@dataclass(frozen=True)
class Reference:
    """The table that rows refer to, where a list is sorted by a column of that table.

    ``column`` of the list's table holds the primary key ``key`` of that other table. ``entity`` is its class,
    or an alias of it where the list reads the table more than once.
    """

    relationship: Any
    entity: Any
    column: SqlColumn
    key: SqlColumn


@dataclass(frozen=True)
class Partition:
    """A part of a list: the row whose code is searched for, rows with a value to sort by, the rest.

    Where best matches come first, there are the last two for each way to match.
    """

    name: str
    conditions: Conditions
    sort_key: SqlColumn | None
    reference: Reference | None = None


def partitions(
    listing: Listing, column: str, exact_match: int | None, leading: Sequence[ColumnElement[bool]] = ()
) -> list[Partition]:
    """The partitions of a list sorted by `column`, first to last; rows without a value always come last.

    Rows that meet the first of the conditions `leading` come before those that meet the second, and so on.
    """
    rest = [] if exact_match is None else [listing.key != exact_match]
    found = [] if exact_match is None else [Partition(EXACT, [listing.key == exact_match], None)]
    for number, condition in enumerate(leading):
        found += _by_value(listing, column, [*rest, condition], f"{number}{RANK}")
        rest = [*rest, not_(condition)]
    return [*found, *_by_value(listing, column, rest, f"{len(leading)}{RANK}" if leading else "")]


def _by_value(listing: Listing, column: str, asked: Conditions, rank: str = "") -> list[Partition]:
    """The partitions of the rows that meet `asked`, with the beginning of their names."""
    sort_key = listing.sort_key(column)
    if sort_key is listing.key:
        return [Partition(f"{rank}{FILLED}", asked, None)]
    if not may_be_blank(listing, sort_key):
        return [Partition(f"{rank}{FILLED}", asked, sort_key)]
    reference = reference_of(listing, sort_key)
    value = reference.column if reference else sort_key
    filled = Partition(f"{rank}{FILLED}", [*asked, value.is_not(None)], sort_key, reference)
    return [filled, Partition(f"{rank}{BLANK}", [*asked, value.is_(None)], None)]


def may_be_blank(listing: Listing, sort_key: SqlColumn) -> bool:
    """Whether rows may have nothing in what they are sorted by: a column that allows it, or a joined one."""
    return sort_key.parent is not listing.key.parent or bool(getattr(sort_key.expression, "nullable", False))


@lru_cache
def reference_of(listing: Listing, sort_key: SqlColumn) -> Reference | None:
    """Return the table that sorts the rows of `listing`, or None where a column of their own does.

    None as well where the other table may hold nothing in it: then a row that refers to one may be blank.
    """
    for relationship in listing.joins:
        prop, entity = relationship.property, sort_key.parent.entity
        is_own = not relationship.parent.is_aliased_class  # else another join leads there
        if is_own and relationship.entity is sort_key.parent and not sort_key.expression.nullable:
            [(here, there)] = prop.local_remote_pairs
            column = prop.parent.get_property_by_column(here).class_attribute
            key = getattr(entity, prop.mapper.get_property_by_column(there).key)
            return Reference(relationship, entity, column, key)
    return None


def ahead(listing: Listing, state: ListState) -> ColumnElement[bool]:
    """Whether a row comes after the place where a page begins; all of them do if it begins at an end."""
    for partition in partitions(listing, state.column, None):
        if state.cursor and partition.name == state.cursor.partition:
            beyond = after(listing, partition, state.cursor, state.descending == state.backwards)
            return and_(*partition.conditions, *beyond)
    return true()


def order_from_here(listing: Listing, state: ListState) -> list[ColumnElement[Any]]:
    """The order in which rows are read from where a page begins."""
    rising = state.descending == state.backwards
    parts = partitions(listing, state.column, None)
    blank = [partition.conditions[0] for partition in parts if partition.name == BLANK]
    keys = sort_keys(listing, parts[0].sort_key)
    last = [b.desc() if state.backwards else b.asc() for b in blank]
    return [*last, *(key.asc() if rising else key.desc() for key in keys)]


def after(listing: Listing, partition: Partition, place: Cursor | None, rising: bool) -> Conditions:
    """Return the condition of the rows of `partition` after `place`, as one comparison."""
    if place is None:
        return []
    keys = sort_keys(listing, partition.sort_key)
    values = [place.key] if partition.sort_key is None else [place.value, place.key]
    here = tuple_(*(typed_literal(value, key) for value, key in zip(values, keys, strict=True)))
    return [tuple_(*keys) > here if rising else tuple_(*keys) < here]


def typed_literal(value: Any, key: SqlColumn) -> ColumnElement[Any]:
    """`value` as a value to compare the column `key` with."""
    # A bare True or False could not be compared, hence the type.
    found = value if isinstance(value, ColumnElement) else literal(value, place_type(key))
    # PostgreSQL takes a number for one of eight bytes, which that of a column of four never equals.
    return cast(found, key.type) if _is_short(key.type) else found


def _is_short(kind: TypeEngine[Any]) -> bool:
    """Whether a column holds floating-point numbers of four bytes."""
    return isinstance(kind, REAL) or (isinstance(kind, Float) and (kind.precision or DOUBLE) < DOUBLE)


def sort_keys(listing: Listing, sort_key: SqlColumn | None) -> list[SqlColumn]:
    """Return the order of rows, with the primary key as the tiebreak."""
    return [listing.key] if sort_key is None else [sort_key, listing.key]
