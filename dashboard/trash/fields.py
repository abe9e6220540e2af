"""The fields of a record from its rows, as its mapping has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import RelationshipProperty

from dashboard.database.keys import Key, key_of
from dashboard.registry import Record
from dashboard.trash.kinds import Trashable
from dashboard.trash.rows import Values

Owned = Mapping[str, list[Values]]
"""The rows that are deleted and restored with a record, by their table."""


def fields_of(kind: Trashable, row: Values, owned: Owned) -> Values:
    """The fields of a record by their names, also those in tables of joined inheritance."""
    if kind.is_flat:
        return row
    return {
        name: (row if column.table is kind.table else _joined(owned, column.table.fullname)).get(column.name)
        for name, column in kind.columns.items()
    }


def _joined(owned: Owned, table: str) -> Values:
    return next(iter(owned.get(table, ())), {})


def recorded_fields(kind: Trashable, declared: Record, row: Values, owned: Owned) -> Values:
    """The fields that the history keeps, of a collection the keys in it."""
    if not declared.links:
        return fields_of(kind, row, owned)
    links = {name: _linked(link, row, owned) for name, link in declared.links.items()}
    return {**fields_of(kind, row, owned), **links}


def _linked(link: RelationshipProperty[Any], row: Values, owned: Owned) -> list[Key]:
    rows: list[Any] = owned.get(getattr(link.secondary, "fullname", ""), [])
    here = [(row[ours.name], its.name) for ours, its in link.synchronize_pairs]
    [(target, column)] = link.secondary_synchronize_pairs or ()
    return sorted(
        key_of(target.type, each[column.name])
        for each in rows
        if all(each[name] == value for value, name in here)
    )
