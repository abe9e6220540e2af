"""Deleting into the trash, restoring and purging, thousands of records at once. The caller commits."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, delete, func, insert, select

from dashboard import clock
from dashboard.database.keys import key_of, key_text
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.history.models import Action, ChangeKind
from dashboard.history.recording import Entry, change_set_of, describe, record
from dashboard.history.values import differences
from dashboard.registry import registry
from dashboard.search.index import among
from dashboard.search.keys import sort_key
from dashboard.search.text import searchable
from dashboard.trash.kinds import Trashable
from dashboard.trash.models import Trashed
from dashboard.trash.rows import Values, format_of

Rows = list[Values]
Owned = Mapping[str, Rows]
"""The rows that are deleted and restored with a record, by their table."""
TRASH: Table = Trashed.__table__
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
QUICK = {"synchronize_session": False}
"""Options of statements for thousands of rows: objects in memory are not updated."""


@dataclass(frozen=True)
class TrashedRow:
    """A record in the trash: its ``id`` there, its ``values``, and the rows that are restored with it."""

    id: int
    values: Values
    owned: Owned = field(default_factory=dict)


def of_records(kind: Trashable, keys: Sequence[Any]) -> ColumnElement[bool]:
    """The condition for records in the trash that had one of `keys`; of those deleted twice, the last."""
    its = (Trashed.kind == kind.kind, among(Trashed.record_key, [key_text(key) for key in keys]))
    last = select(func.max(Trashed.id)).where(*its).group_by(Trashed.record_key)
    return Trashed.id.in_(last)


def trash_records(kind: Trashable, keys: Sequence[Any]) -> int:
    """Move the records with these keys to the trash; returns the number of records."""
    rows = _read(kind.table, kind.key, keys, lock=True)
    change_set = record(db.session, _entries(kind, rows, Action.DELETE))
    written = change_set_of(db.session)
    if change_set is None or written is None:
        return 0
    name = kind.key.name
    found = [row[name] for row in rows]
    hanging = [(column, _grouped(column, found)) for column in kind.owned]
    deletion = {
        "deleted_at": clock.now(),
        "deleted_by_id": written.row.author_id,
        "change_set_id": change_set,
        "kind": kind.kind,
    }
    connection = db.session.connection()
    connection.execute(insert(TRASH), [{**deletion, **_trash_row(kind, name, row, hanging)} for row in rows])
    for column in (*kind.owned, kind.key):
        connection.execute(delete(column.table).where(among(column, found)))
    return len(rows)


def take(kind: Trashable, where: ColumnElement[bool]) -> list[TrashedRow]:
    """The records of `kind` in the trash that meet `where`, locked until the transaction ends."""
    found = _locked([Trashed.id, Trashed.row], where, Trashed.kind == kind.kind)
    return [TrashedRow(row.id, *_parts(kind, json.loads(row.row))) for row in found]


def put_back(kind: Trashable, taken: Sequence[TrashedRow]) -> int:
    """Insert records that were taken from the trash; returns their number.

    References to missing records become NULL in nullable columns. Raises `sqlalchemy.exc.IntegrityError`
    where a key is taken.
    """
    if not taken:
        return 0
    rows = [each.values for each in taken]
    _clear_missing(kind, rows)
    describe(db.session, kind=ChangeKind.RESTORE)
    record(db.session, _entries(kind, rows, Action.CREATE))
    _insert(kind.table, rows)
    for column in kind.owned:
        _insert(column.table, [row for each in taken for row in each.owned.get(column.table.fullname, ())])
    _remove([each.id for each in taken])
    return len(taken)


def purge(*where: ColumnElement[bool]) -> int:
    """Delete the records in the trash that meet `where` permanently; returns their number."""
    found = _locked([Trashed.id, Trashed.kind, Trashed.record_key, Trashed.title], *where)
    describe(db.session, kind=ChangeKind.PURGE)
    # With its title, so that the history can still name the record.
    titles = ((row, {registry()[row.kind].trash.title: (row.title, None)}) for row in found)
    record(
        db.session,
        (
            Entry(row.kind, registry()[row.kind].key_from(row.record_key), Action.PURGE, None, name)
            for row, name in titles
        ),
    )
    _remove([row.id for row in found])
    return len(found)


def values_of(trashed: Trashed) -> Values:
    """The values of a record when it was deleted, secrets too: for the facts that its kind shows."""
    row = db.session.scalars(select(Trashed.row).where(Trashed.id == trashed.id)).one()
    values, _ = _parts(registry()[trashed.kind].trash, json.loads(row))
    return values


def _locked(columns: list[Any], *where: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Read and lock rows of the trash until the transaction ends."""
    return db.session.execute(for_writing(select(*columns).where(*where), Trashed.id)).all()


def _read(table: Table, column: Column[Any], keys: Sequence[Any], *, lock: bool = False) -> Rows:
    statement = select(*format_of(table).columns).where(among(column, keys))
    ordered = for_writing(statement, column) if lock else statement.order_by(*table.primary_key)
    return [dict(row) for row in db.session.execute(ordered).mappings()]


def _grouped(column: Column[Any], keys: Sequence[Any]) -> Mapping[Any, Rows]:
    """The rows that refer to each of `keys`, by key."""
    rows = defaultdict(list)
    for row in _read(column.table, column, keys):
        rows[row[column.name]].append(row)
    return rows


def _trash_row(
    kind: Trashable, name: str, row: Values, hanging: Iterable[tuple[Column[Any], Mapping[Any, Rows]]]
) -> Values:
    """The columns of the trash for a record; `name` is the column of its key."""
    key, title, code = row[name], str(row[kind.title]), str(row[kind.code]) if kind.code else ""
    tables = {kind.table: [row], **{column.table: rows.get(key, []) for column, rows in hanging}}
    written = {table.fullname: [*map(format_of(table).write, rows)] for table, rows in tables.items()}
    return {
        "record_key": key_text(key),
        "title": title,
        "code": code,
        # The defaults of these columns would do the same, in twice the time.
        "title_key": sort_key(title),
        "code_key": sort_key(code),
        "search_text": searchable(code, title),
        "row": encode(written),
    }


def _parts(kind: Trashable, stored: Mapping[str, Any]) -> tuple[Values, Owned]:
    """The values of a record and of the rows that it owned."""
    [values] = map(format_of(kind.table).read, stored[kind.table.fullname])
    tables = [column.table for column in kind.owned]
    owned = {table.fullname: [*map(format_of(table).read, stored[table.fullname])] for table in tables}
    return values, owned


def _entries(kind: Trashable, rows: Iterable[Values], action: Action) -> Iterator[Entry]:
    names, key, there = kind.recorded.fields, kind.key.name, action is Action.CREATE
    for row in rows:
        before, after = ({}, row) if there else (row, {})
        version = row.get("version") if there else None
        yield Entry(
            kind.kind, key_of(kind.key.type, row[key]), action, version, differences(before, after, names)
        )


def _clear_missing(kind: Trashable, rows: Rows) -> None:
    """Set references to missing records to NULL where the column allows it."""
    for foreign_key in kind.table.foreign_keys:
        name, target = foreign_key.parent.name, foreign_key.column
        wanted = {row[name] for row in rows if row.get(name) is not None}
        if not wanted or not foreign_key.parent.nullable:
            continue
        there = {*db.session.scalars(select(target).where(target.in_(wanted)))}
        if target is kind.key:
            there |= {row[name] for name in (target.name,) for row in rows}
        for row in rows:
            if row.get(name) in wanted - there:
                row[name] = None


def _insert(table: Table, rows: Rows) -> None:
    """Insert thousands of rows in few statements: SQLite's full-text table is slow with one for each."""
    alike: dict[tuple[str, ...], Rows] = defaultdict(list)
    for row in rows:
        alike[tuple(row)].append(row)
    for group in alike.values():  # rows deleted before and after a column was added differ
        # With RETURNING SQLAlchemy sends many rows in one statement.
        db.session.connection().execute(insert(table).returning(*table.primary_key), group)


def _remove(ids: Sequence[int]) -> None:
    db.session.execute(delete(Trashed).where(among(Trashed.id, ids)), execution_options=QUICK)
