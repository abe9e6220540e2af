"""The rows of changes: how they are inserted, few or very many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from dashboard.database.copying import insert_numbered
from dashboard.history.models import Change


class NewChange(NamedTuple):
    """A row of ``changes`` without its numbers; ``action`` as it is stored."""

    record_kind: str
    record_id: int
    action: str
    version: int | None
    fields: str
    salt: bytes
    digest: bytes
    record_key: str | None


NAMES = ("change_set_id", *NewChange._fields)


def insert_changes(
    connection: Connection, change_set_id: int, rows: Sequence[NewChange]
) -> Iterator[Sequence[Any]]:
    """Insert changes of a set, and return them as its seal covers them: see `dashboard.history.chain`."""
    its = [(change_set_id, *row) for row in rows]
    keys = insert_numbered(connection, Change.__table__, NAMES, its)
    return (
        (key, row.record_kind, row.record_id, row.action, row.version, row.digest, row.record_key)
        for key, row in zip(keys, rows, strict=True)
    )
