"""The relationships of a mapped class to one other record, and to many by a table of links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import BinaryExpression
from sqlalchemy.orm import Mapper, RelationshipDirection, RelationshipProperty

UNREAD = ("dynamic", "noload", "raise", "raise_on_sql", "write_only")
"""Ways to load a relationship that give no collection of records."""


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


def collections_of(mapper: Mapper[Any]) -> Mapping[str, RelationshipProperty[Any]]:
    """The relationships to many other records by a table of links, by their names.

    Links that need more than the two keys are records of their own, which the mapping can add as such.
    """
    return {each.key: each for each in mapper.relationships if _is_collection(each)}


def _is_collection(each: RelationshipProperty[Any]) -> bool:
    if each.direction is not RelationshipDirection.MANYTOMANY or each.viewonly or not each.uselist:
        return False
    pairs = (each.synchronize_pairs, each.secondary_synchronize_pairs or ())
    if any(len(found) != 1 for found in pairs) or each.lazy in UNREAD:
        return False
    links: Any = each.secondary
    if any(_is_asked_for(column) for column in links.columns if not column.foreign_keys):
        return False
    is_of_keys = _is_key(each.parent, pairs[0][0][0]) and _is_key(each.mapper, pairs[1][0][0])
    return is_of_keys and all(_is_plain_join(join) for join in (each.primaryjoin, each.secondaryjoin))


def _is_asked_for(column: Any) -> bool:
    """Whether a row needs a value that nothing gives it."""
    given = column.default is not None or column.server_default is not None or column.primary_key
    return not column.nullable and not given


def _is_plain_join(join: Any) -> bool:
    """Whether a relationship joins by nothing but the foreign key."""
    return isinstance(join, BinaryExpression)


def _is_key(mapper: Mapper[Any], column: Any) -> bool:
    """Whether a column alone is the key of a mapping."""
    keys = [mapper.get_property_by_column(each) for each in mapper.primary_key]
    return keys == [mapper.get_property_by_column(column)]
