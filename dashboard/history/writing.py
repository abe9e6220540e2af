"""Writing very many records of a kind by statement, each change in the history. The caller commits.

The kinds are those whose rows nothing else changes: no trigger that writes recorded fields, no event of the
mapper. Their fields and columns have the same names, and their key is a plain number called ``id``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import inspect, update

from dashboard.database.filling import insert_rows
from dashboard.database.transactions import AnySession
from dashboard.database.types import is_transparent
from dashboard.database.updating import update_rows
from dashboard.history.entries import Entry, Fields
from dashboard.history.models import Action
from dashboard.history.recording import record
from dashboard.history.values import differences
from dashboard.registry import Record, Values
from dashboard.search.following import following
from dashboard.search.index import among

Changed = Sequence[tuple[Values, Values]]
"""Rows that are locked, with ``id``, ``version`` and their fields, each with the values that are new."""
FEW = 8
"""Groups of rows with the same new values: up to so many are changed by a statement for each."""


def change_rows(session: AnySession, declared: Record, changed: Changed) -> None:
    """Give rows their new values, and the columns that follow them; count their versions and record it.

    Objects in memory keep the old values until they are read again. Raises as `record` does, and
    `sqlalchemy.exc.IntegrityError` where a constraint is broken.
    """
    kind, table, own = declared.kind, inspect(declared.model).local_table, _with_own_texts(declared)
    record(
        session,
        (
            Entry(
                kind, row["id"], Action.CHANGE, row["version"] + 1, _differences(declared, own, row, new, new)
            )
            for row, new in changed
        ),
    )
    after = [(row["id"], {**new, **following(table, row, new)}) for row, new in changed]
    alike = _alike(after)
    version = {"version": table.c.version + 1}
    if alike is None:
        update_rows(session.connection(), table, after, **version)
        return
    for values, keys in alike.items():
        statement = update(table).where(among(table.c.id, keys)).values({**dict(values), **version})
        session.connection().execute(statement)


def create_rows(session: AnySession, declared: Record, rows: Sequence[Values]) -> Sequence[int]:
    """Insert rows with these values, the defaults of others and what follows them; record it.

    Returns their ids in the order of `rows`. Raises as `change_rows` does.
    """
    table: Any = inspect(declared.model).local_table
    whole = [{**values, **following(table, {}, values)} for values in rows]
    keys, stored = insert_rows(session.connection(), table, whole)
    own = _with_own_texts(declared)
    record(session, (_created(declared, own, key, its) for key, its in zip(keys, stored, strict=True)))
    return keys


def _created(declared: Record, own: frozenset[str], key: int, values: Mapping[str, Any]) -> Entry:
    fields = _differences(declared, own, {}, values, declared.fields)
    return Entry(declared.kind, key, Action.CREATE, values["version"], fields)


def _with_own_texts(declared: Record) -> frozenset[str]:
    """The fields whose type is known only by what it stores, such as a list of files."""
    return frozenset(name for name, kind in declared.types.items() if is_transparent(kind))


def _differences(
    declared: Record, own: frozenset[str], before: Values, after: Values, names: Iterable[str]
) -> Fields:
    """The fields that differ. Those in `own` are written as their type stores them, which takes longer."""
    its = own.intersection(after)
    if not its:
        return differences(before, after, names)
    plain = differences(before, after, [name for name in names if name not in own])
    return {**plain, **differences(before, after, its, declared)}


def _alike(after: Sequence[tuple[int, Values]]) -> dict[tuple[Any, ...], list[int]] | None:
    """The keys of rows by their new values; None where those are many."""
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for key, values in after:
        found[tuple(values.items())].append(key)
        if len(found) > FEW:
            return None
    return found
