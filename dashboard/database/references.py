"""The references of a mapped class: the relationships to one other record, by the columns behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Mapper, RelationshipDirection, RelationshipProperty


def references_of(mapper: Mapper[Any]) -> Mapping[str, RelationshipProperty[Any]]:
    """The relationships to one other record, by the name of the column that holds its key.

    Where a column has several, it is the one that the column is named after, else the last.
    """
    found: dict[str, RelationshipProperty[Any]] = {}
    for name, each in _to_one(mapper):
        if name not in found or not name.startswith(f"{found[name].key}_"):
            found[name] = each
    return found


def _to_one(mapper: Mapper[Any]) -> Iterator[tuple[str, RelationshipProperty[Any]]]:
    for each in mapper.relationships:
        pairs = each.local_remote_pairs or []
        is_to_one = each.direction is RelationshipDirection.MANYTOONE and len(pairs) == 1
        if is_to_one and _is_key(each.mapper, pairs[0][1]):
            yield mapper.get_property_by_column(pairs[0][0]).key, each


def _is_key(mapper: Mapper[Any], column: Any) -> bool:
    """Whether a column alone is the key of a mapping."""
    keys = [mapper.get_property_by_column(each) for each in mapper.primary_key]
    return keys == [mapper.get_property_by_column(column)]
