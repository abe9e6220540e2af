"""Deleting into the trash, restoring and purging, thousands of records at once. The caller commits."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Table, delete, func, inspect, select

from dashboard import clock
from dashboard.database.filling import insert_rows
from dashboard.database.keys import key_of, key_text
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.history.models import Action, ChangeKind
from dashboard.history.recording import Entry, change_set_of, describe, record, usually
from dashboard.history.stored import read_rows
from dashboard.history.values import differences
from dashboard.registry import VERSION_NOW, registry
from dashboard.search.index import among
from dashboard.search.keys import sort_key
from dashboard.search.text import searchable
from dashboard.trash.fields import Owned, fields_of, recorded_fields
from dashboard.trash.gathering import Gathered, Rows, gather
from dashboard.trash.hanging import Taken, TrashedRow, hanging_on
from dashboard.trash.holders import refuse_held
from dashboard.trash.kinds import Trashable
from dashboard.trash.models import Trashed
from dashboard.trash.ordering import referred_first
from dashboard.trash.references import (
    References,
    clear_missing,
    clear_references,
    read_references,
    set_references,
    written_references,
)
from dashboard.trash.rows import Values, format_of
from dashboard.trash.undescribed import refuse_undescribed

TRASH: Table = Trashed.__table__
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
QUICK = {"synchronize_session": False}
"""Options of statements for thousands of rows: objects in memory are not updated."""


def of_records(kind: Trashable, keys: Sequence[Any]) -> ColumnElement[bool]:
    """The condition for records in the trash that had one of `keys`; of those deleted twice, the last."""
    its = (Trashed.kind == kind.kind, among(Trashed.record_key, [key_text(key) for key in keys]))
    last = select(func.max(Trashed.id)).where(*its).group_by(Trashed.record_key)
    return Trashed.id.in_(last)


def trash_records(kind: Trashable, keys: Sequence[Any]) -> int:
    """Move the records with these keys to the trash, with what depends on them; returns their number.

    Records of other kinds that the mapping or the database deletes with them go to the trash as well. Raises
    Refusal where others refer to them that do not.
    """
    return _trash(kind, keys, set())


def _trash(kind: Trashable, keys: Sequence[Any], begun: set[tuple[str, Any]]) -> int:
    """Move records to the trash, but those that are on their way already."""
    left = [key for key in keys if (kind.kind, key) not in begun]
    if not left:
        return 0
    found = gather(kind, left)
    refuse_held(kind, found.rows)
    refuse_undescribed(kind, found)
    begun |= {(kind.kind, kind.key_in(row)) for row in found.rows}
    if found.others or found.cleared:
        usually(db.session, kind=ChangeKind.DELETE)
    # The line of the record is the last: undo, which begins with the last, finds it again for the others.
    for name, others in found.others.items():
        _trash(registry()[name].trash, others, begun)
    clear_references(found)
    change_set = record(db.session, _entries(kind, _whole(kind, found)))
    written = change_set_of(db.session)
    if change_set is None or written is None:
        return 0
    deletion = {
        "deleted_at": clock.now(),
        "deleted_by_id": written.row.author_id,
        "change_set_id": change_set,
        "kind": kind.kind,
    }
    rows = [{**deletion, **_trash_row(kind, row, found)} for row in found.rows]
    insert_rows(db.session.connection(), TRASH, rows)
    _delete(kind, found)
    return len(found.rows)


def _delete(kind: Trashable, found: Gathered) -> None:
    """Delete the rows that depend on records, those without dependents first, and the records."""
    connection = db.session.connection()
    for table in reversed(kind.tables):
        for each in kind.dependents:
            if each.table is table and not each.is_cleared:
                connection.execute(delete(table).where(among(each.column, found.referred[each])))
    connection.execute(delete(kind.table).where(among(kind.key, [kind.key_in(row) for row in found.rows])))


def take(kind: Trashable, where: ColumnElement[bool]) -> list[TrashedRow]:
    """The records of `kind` in the trash that meet `where`, locked until the transaction ends."""
    # No condition for the kind: where thousands of records were just deleted, PostgreSQL takes it for one
    # that a single row fits, and looks for the last of each record again for each of them.
    columns = [Trashed.id, Trashed.change_set_id, Trashed.kind, Trashed.row]
    found = (row for row in _locked(columns, where) if row.kind == kind.kind)
    return [TrashedRow(row.id, *_parts(kind, json.loads(row.row)), row.change_set_id) for row in found]


def last_deleted_first(ids: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """The kinds of records in the trash that have these ids, with their ids.

    In this order each finds those that it refers to: they were deleted after it.
    """
    found = select(Trashed.kind, Trashed.id).where(among(Trashed.id, ids)).order_by(Trashed.id.desc())
    for kind, rows in groupby(db.session.execute(found).all(), key=itemgetter(0)):
        yield kind, [number for _, number in rows]


def put_back(kind: Trashable, taken: Sequence[TrashedRow], *, alone: bool = False) -> int:
    """Insert records that were taken from the trash; returns their number.

    Records of other kinds that were deleted with them come back too, unless they are to be `alone`, because
    reverting restores each of them by itself. References to missing records become NULL in nullable columns.
    Raises `sqlalchemy.exc.IntegrityError` where a key is taken.
    """
    if not taken:
        return 0
    put_in: list[Taken] = [(kind, taken)]
    _put_in(kind, taken)
    for its, rows in () if alone else hanging_on(kind, taken, take):
        count_versions(its, rows)
        _put_in(its, rows)
        put_in.append((its, rows))
    # Last, so that undo, which begins with the last line, clears them before it deletes the record.
    for its, rows in reversed(put_in):
        set_references(its, [each.references for each in rows], alone=alone)
    return len(taken)


def _put_in(kind: Trashable, taken: Sequence[TrashedRow]) -> None:
    """Insert records of one kind, with the rows that each owns, and take them out of the trash."""
    rows = {table: [row for each in taken for row in each.of(kind, table)] for table in kind.tables}
    clear_missing(rows, {each.table for each in kind.dependents if each.is_link})
    left = {id(row) for its in rows.values() for row in its}
    describe(db.session, kind=ChangeKind.RESTORE)
    for table, its in rows.items():
        _insert(table, its)
    record(db.session, _restored(kind, [each.with_owned(left) for each in taken]))
    _remove([each.id for each in taken])


def count_versions(kind: Trashable, taken: Sequence[TrashedRow]) -> None:
    """Let records that are about to be restored have their next version, where it is a number."""
    column = inspect(kind.model).version_id_col
    if column is not None and column.table is kind.table and isinstance(column.type, Integer):
        for each in taken:
            each.values[column.name] += 1


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
    """The fields of a record when it was deleted, secrets too: for the facts that its kind shows."""
    row = db.session.scalars(select(Trashed.row).where(Trashed.id == trashed.id)).one()
    kind = registry()[trashed.kind].trash
    values, owned, _ = _parts(kind, json.loads(row))
    return fields_of(kind, values, owned)


def _locked(columns: list[Any], *where: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Read and lock rows of the trash until the transaction ends."""
    return db.session.execute(for_writing(select(*columns).where(*where), Trashed.id)).all()


def _trash_row(kind: Trashable, row: Values, found: Gathered) -> Values:
    """The columns of the trash for a record."""
    key = kind.key_in(row)
    tables = {kind.table: [row], **found.owned.get(key, {})}
    its = fields_of(kind, row, _by_name(tables))
    title, code = _text(its[kind.title]), _text(its[kind.code]) if kind.code else ""
    written = {table.fullname: [*map(format_of(table).write, rows)] for table, rows in tables.items()}
    return {
        "record_key": key_text(key),
        "title": title,
        "code": code,
        # The defaults of these columns would do the same, in twice the time.
        "title_key": sort_key(title),
        "code_key": sort_key(code),
        "search_text": searchable(code, title),
        "row": encode(written | written_references(found.cleared.get(key, {}))),
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _by_name(tables: Mapping[Table, Rows]) -> Owned:
    return {table.fullname: rows for table, rows in tables.items()}


def _parts(kind: Trashable, stored: Mapping[str, Any]) -> tuple[Values, Owned, References]:
    """The values of a record, the rows that it owned, and those that referred to it."""
    found = {
        table.fullname: [*map(format_of(table).read, stored.get(table.fullname, ()))] for table in kind.tables
    }
    [values] = found.pop(kind.table.fullname)
    return values, found, read_references(kind, stored)


def _whole(kind: Trashable, found: Gathered) -> Iterator[tuple[Values, Owned]]:
    for row in found.rows:
        yield row, _by_name(found.owned.get(kind.key_in(row), {}))


def _entries(kind: Trashable, records: Iterable[tuple[Values, Owned]]) -> Iterator[Entry]:
    """The deletion of records."""
    declared = registry()[kind.kind]
    for row, owned in records:
        before = recorded_fields(kind, declared, row, owned)
        fields = differences(before, {}, declared.fields, declared)
        yield Entry(kind.kind, key_of(kind.key.type, kind.key_in(row)), Action.DELETE, None, fields)


def _restored(kind: Trashable, records: Sequence[tuple[Values, Owned]]) -> Iterator[Entry]:
    """The creation of records that were inserted again, with what triggers made of them."""
    declared = registry()[kind.kind]
    now = read_rows(db.session, declared, [kind.key_in(row) for row, _ in records])
    for row, owned in records:
        key = key_of(kind.key.type, kind.key_in(row))
        stored = now.get(key, {VERSION_NOW: None})
        after = {**recorded_fields(kind, declared, row, owned), **stored}
        fields = differences({}, after, declared.fields, declared)
        yield Entry(kind.kind, key, Action.CREATE, stored[VERSION_NOW], fields)


def _insert(table: Table, rows: Rows) -> None:
    """Insert thousands of rows in few statements: SQLite's full-text table is slow with one for each."""
    alike: dict[tuple[str, ...], Rows] = defaultdict(list)
    its = format_of(table)
    for row in map(its.to_insert, referred_first(table, rows)):
        alike[tuple(row)].append(row)
    for names, group in alike.items():  # rows deleted before and after a column was added differ
        # With RETURNING SQLAlchemy sends many rows in one statement.
        db.session.connection().execute(its.insertion(names).returning(*table.primary_key), group)


def _remove(ids: Sequence[int]) -> None:
    db.session.execute(delete(Trashed).where(among(Trashed.id, ids)), execution_options=QUICK)
