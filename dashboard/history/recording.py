"""Writing the ledger: every change of a recorded model, in the transaction that makes it.

The session records changes of objects, so that no flow can forget to. A statement that changes many rows
bypasses the session and is refused, unless it has the options `PAST_LEDGER`; the code that gives them calls
`record` for the recorded fields.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import current_app, g, has_request_context
from flask_login import current_user
from sqlalchemy import Row, event, insert, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, scoped_session
from werkzeug.exceptions import Conflict, InternalServerError

from dashboard.database.errors import is_outage
from dashboard.database.keys import Key
from dashboard.database.transactions import AnySession
from dashboard.extensions import db
from dashboard.history.around import (
    Befores,
    values_around,
    values_before,
    values_before_deletion,
    values_of_new,
)
from dashboard.history.chain import SEALED_OF_SET, digest, seal
from dashboard.history.models import KEY_LENGTH, Action, Change, ChangeKind, ChangeSet, Origin
from dashboard.history.values import as_text, differences
from dashboard.refusal import Refusal
from dashboard.registry import Record, registry

BEFORE = "values before the flush"
SET, SAVEPOINT, WORDS = "change set", "savepoint of the change set", "words of the change set"
PAST = "dashboard_past_ledger"
PAST_LEDGER: Mapping[str, Any] = {PAST: True}
"""Execution options of a statement whose changes are recorded by its caller."""
SALT_BYTES = 16
NO_NUMBER = 0
"""The ``record_id`` of a record whose key is no plain integer."""
KINDS = {
    Action.CREATE: ChangeKind.CREATE,
    Action.CHANGE: ChangeKind.EDIT,
    Action.DELETE: ChangeKind.DELETE,
    Action.EXPORT: ChangeKind.EXPORT,
    Action.LINK: ChangeKind.LINK,
    Action.PURGE: ChangeKind.PURGE,
}


class LedgerError(Refusal, InternalServerError):
    """The ledger could not be written, so the change was not made: answered by an error page of 500."""

    def __init__(self) -> None:
        super().__init__(
            "The change could not be recorded in the history, so it was not made. Try again later."
        )

    def __str__(self) -> str:
        return self.description or ""


class UnrecordedError(Refusal, RuntimeError, Conflict):
    """A statement would change records without the ledger: answered by a page of 409 that says so."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"This would change {name} without recording it in the history, so it was not done."
            " Change the records one by one."
        )
        self.description = str(self)

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Written:
    """The change set that a transaction writes, and the kind of its first record.

    ``row`` has the columns that its seal covers, as the database has them.
    """

    key: int
    kind: ChangeKind
    record_kind: str
    row: Row[Any]


@dataclass(frozen=True)
class Entry:
    """A change of one record: the values of its ``fields`` before and after, its ``version`` after it."""

    kind: str
    key: Key
    action: Action
    version: int | None
    fields: Mapping[str, tuple[Any, Any]]

    @property
    def number_and_text(self) -> tuple[int, str]:
        """The key as a number, or as a text; the other is 0 or empty."""
        return (self.key, "") if isinstance(self.key, int) else (NO_NUMBER, self.key)


def describe(session: AnySession, **words: Any) -> None:
    """Describe the change set of this transaction: ``kind``, ``origin``, ``note`` or ``reverts_id``.

    Must be called before the first change is written. By default the kind follows from the first change, and
    the origin is a form within a request and a command elsewhere.
    """
    session.info.setdefault(WORDS, {}).update(words)


def usually(session: AnySession, **words: Any) -> None:
    """Describe the change set as `describe` does, where nobody described it otherwise."""
    session.info[WORDS] = {**words, **session.info.get(WORDS, {})}


def record(session: AnySession, entries: Iterable[Entry]) -> int | None:
    """Add `entries` to the change set of this transaction; returns its id, None without entries.

    Raises LedgerError where they cannot be written, and `sqlalchemy.exc.OperationalError` where the database
    is busy or away.
    """
    rows = [_row(entry) for entry in entries]
    if not rows:
        return None
    try:
        key = _open_set(session, rows[0]).key
        session.connection().execute(
            insert(Change.__table__), [{**row, "change_set_id": key} for row in rows]
        )
    except DBAPIError as error:
        raise _unwritten(error) from error
    return key


def change_set_of(session: AnySession) -> Written | None:
    """The change set of this transaction; None before the first recorded change."""
    written: Written | None = session.info.get(SET)
    return written


def _row(entry: Entry) -> dict[str, Any]:
    text, salt = as_text(entry.fields), secrets.token_bytes(SALT_BYTES)
    return {
        "record_kind": entry.kind,
        **_key_columns(entry),
        "action": entry.action,
        "version": entry.version,
        "fields": text,
        "salt": salt,
        "digest": digest(salt, text),
    }


def _key_columns(entry: Entry) -> dict[str, int | str | None]:
    number, text = entry.number_and_text
    if len(text) > KEY_LENGTH:
        raise Refusal(f"The history takes keys of up to {KEY_LENGTH} characters, and this one is longer.")
    return {"record_id": number, "record_key": None if isinstance(entry.key, int) else text}


def _open_set(session: AnySession, first: Mapping[str, Any]) -> Written:
    if SET not in session.info:
        words = {"kind": KINDS[first["action"]], **_circumstances(), **session.info.get(WORDS, {})}
        statement = insert(ChangeSet.__table__).values(words).returning(*SEALED_OF_SET)
        row = session.connection().execute(statement).one()
        session.info[SET] = Written(row.id, row.kind, first["record_kind"], row)
        inner = session() if isinstance(session, scoped_session) else session
        session.info[SAVEPOINT] = inner.get_nested_transaction()
    written: Written = session.info[SET]
    return written


def _circumstances() -> dict[str, Any]:
    if not has_request_context():
        return {"origin": Origin.COMMAND, "author_id": None}
    author = current_user.id if current_user.is_authenticated else None
    return {"origin": Origin.FORM, "author_id": author, "request_id": g.get("request_id", "")}


def _unwritten(error: DBAPIError) -> Exception:
    if is_outage(error):
        return error
    current_app.logger.error("The history could not be written: %s", error.orig)
    return LedgerError()


# The events of the session.


def _read_before(session: Session, _context: Any, _instances: Any) -> None:
    """Read what records hold before the flush, after which it can no longer be read."""
    session.info[BEFORE] = befores = {}
    for records, read in ((session.dirty, values_before), (session.deleted, values_before_deletion)):
        for record in records:
            if declared := registry().find(type(record)):
                befores[inspect(record)] = read(session, declared, record)


def _record_objects(session: Session, _context: Any) -> None:
    befores = session.info.pop(BEFORE, {})
    found = [*_entries(session.new, _created), *_entries(session.dirty, _changed_from(session, befores))]
    found += _entries(session.deleted, partial(_deleted, befores))
    record(session, sorted(found, key=lambda entry: (entry.kind, *entry.number_and_text)))


def _seal(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if SET in session.info:
        try:
            seal(session, session.info[SET].row)
        except DBAPIError as error:
            raise _unwritten(error) from error


def _forget(session: Session) -> None:
    for key in (SET, SAVEPOINT, WORDS):
        session.info.pop(key, None)


def _forget_rolled_back(session: Session, ended: SessionTransaction) -> None:
    """Forget a change set when the savepoint in which it began, or the transaction, is rolled back."""
    if not ended.nested:
        _forget(session)
    elif session.info.get(SAVEPOINT) is ended:
        del session.info[SET], session.info[SAVEPOINT]


def _refuse_unrecorded(state: ORMExecuteState) -> None:
    """Raise UnrecordedError for a statement that would change recorded rows without the ledger."""
    if not (state.is_insert or state.is_update or state.is_delete) or PAST in state.execution_options:
        return
    mapper: Any = state.bind_mapper
    declared = registry().find(mapper.class_) if mapper else None
    if declared:
        raise UnrecordedError(declared.name)


def _entries(records: Iterable[Any], entry: Any) -> Iterator[Entry]:
    for record in records:
        if (declared := registry().find(type(record))) and (made := entry(declared, record)):
            yield made


def _created(declared: Record, record: Any) -> Entry:
    fields = differences({}, values_of_new(declared, record), declared.fields, declared)
    return Entry(declared.kind, declared.key_of(record), Action.CREATE, declared.version_of(record), fields)


def _changed_from(session: Session, befores: Befores) -> Callable[[Record, Any], Entry | None]:
    def changed(declared: Record, record: Any) -> Entry | None:
        before, now = values_around(session, declared, record, befores.get(inspect(record)))
        fields = differences(before, now, declared.fields, declared)
        key, version = declared.key_of(record), declared.version_of(record)
        return Entry(declared.kind, key, Action.CHANGE, version, fields) if fields else None

    return changed


def _deleted(befores: Befores, declared: Record, record: Any) -> Entry:
    its = befores.get(inspect(record))
    fields = differences(its.values if its else declared.values(record), {}, declared.fields, declared)
    return Entry(declared.kind, declared.key_of(record), Action.DELETE, None, fields)


LISTENERS = (
    ("before_flush", _read_before),
    ("after_flush", _record_objects),
    ("before_commit", _seal),
    ("after_commit", _forget),
    ("after_soft_rollback", _forget_rolled_back),
    ("do_orm_execute", _refuse_unrecorded),
)


def init_history() -> None:
    """Make every session of the package write the ledger."""
    for moment, listener in LISTENERS:
        if not event.contains(db.session, moment, listener):
            event.listen(db.session, moment, listener)
