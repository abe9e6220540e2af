"""Collections of other records, as the keys of the records in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import inspect

from dashboard.database.keys import Key, key_of, key_text


def keys_of(records: Iterable[Any]) -> list[Key]:
    """The keys of records in order: numbers by size, texts by their characters; of a mapping its values."""
    each = records.values() if isinstance(records, Mapping) else records
    return sorted(map(_key_of_object, each), key=lambda key: (isinstance(key, str), key))


def _key_of_object(record: Any) -> Key:
    columns, values = (
        inspect(type(record)).primary_key,
        inspect(record).mapper.primary_key_from_instance(record),
    )
    if len(columns) == 1:
        return key_of(columns[0].type, values[0])
    return ",".join(map(key_text, values))
