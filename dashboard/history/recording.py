"""Writing the ledger: every change of a recorded model, in the transaction that makes it.

The session records changes of objects, so that no flow can forget to. A statement that changes many rows
bypasses the session and is refused, unless it has the options `PAST_LEDGER`; the code that gives them calls
`record` for the recorded fields.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import current_app, g, has_request_context
from flask_login import current_user
from sqlalchemy import Row, event, insert, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, scoped_session

from dashboard.database.errors import is_outage
from dashboard.database.transactions import AnySession
from dashboard.extensions import db
from dashboard.history.around import (
    values_before,
    values_before_deletion,
)
from dashboard.history.chain import OF_SET, Lines, digest, seal
from dashboard.history.entries import Entry as Entry
from dashboard.history.entries import changed, created, deleted
from dashboard.history.inserting import NewChange, insert_changes
from dashboard.history.ledger_errors import LedgerError as LedgerError
from dashboard.history.ledger_errors import UnrecordedError as UnrecordedError
from dashboard.history.models import KEY_LENGTH, Action, ChangeKind, ChangeSet, Origin
from dashboard.history.originals import with_originals
from dashboard.history.reasons import reason_columns, require_reason
from dashboard.history.stored import expire_rewritten, read_back
from dashboard.history.values import as_text
from dashboard.refusal import Refusal
from dashboard.registry import registry

BEFORE, ROWS = "values before the flush", "rows after the flush"
SET, SAVEPOINT, WORDS = "change set", "savepoint of the change set", "words of the change set"
PAST = "dashboard_past_ledger"
PAST_LEDGER: Mapping[str, Any] = {PAST: True}
"""Execution options of a statement whose changes are recorded by its caller."""
SALT_BYTES = 16
Follower = Callable[[AnySession, Sequence[Entry]], None]
FOLLOWERS: list[Follower] = []
"""Functions that write more with the changes of records, in their transaction."""
KINDS = {
    Action.CREATE: ChangeKind.CREATE,
    Action.CHANGE: ChangeKind.EDIT,
    Action.DELETE: ChangeKind.DELETE,
    Action.EXPORT: ChangeKind.EXPORT,
    Action.LINK: ChangeKind.LINK,
    Action.PURGE: ChangeKind.PURGE,
}


@dataclass(frozen=True)
class Written:
    """The change set that a transaction writes, and the kind of its first record.

    ``row`` has the columns that its seal covers, as the database has them, ``lines`` its changes.
    """

    key: int
    kind: ChangeKind
    record_kind: str
    row: Row[Any]
    lines: Lines = field(default_factory=Lines)


def describe(session: AnySession, **words: Any) -> None:
    """Describe the change set of this transaction: ``kind``, ``origin``, ``note``, ``reason`` and others.

    Must be called before the first change is written. By default the kind follows from the first change, and
    the origin is a form within a request and a command elsewhere.
    """
    session.info.setdefault(WORDS, {}).update(words)


def usually(session: AnySession, **words: Any) -> None:
    """Describe the change set as `describe` does, where nobody described it otherwise."""
    session.info[WORDS] = {**words, **session.info.get(WORDS, {})}


def record(session: AnySession, entries: Iterable[Entry]) -> int | None:
    """Add `entries` to the change set of this transaction; returns its id, None without entries.

    Raises LedgerError where they cannot be written, ReasonError where one of the records needs a reason that
    nobody gave, and `sqlalchemy.exc.OperationalError` where the database is busy or away.
    """
    listed = [*entries]
    if not listed:
        return None
    require_reason({each.kind for each in listed}, session.info.get(WORDS, {}))
    salts = secrets.token_bytes(SALT_BYTES * len(listed))
    rows = [
        _row(entry, salts[at : at + SALT_BYTES])
        for at, entry in zip(range(0, len(salts), SALT_BYTES), listed, strict=True)
    ]
    try:
        change_set = _open_set(session, rows[0])
        try:
            change_set.lines.add(insert_changes(session.connection(), change_set.key, rows))
        except DBAPIError:
            change_set.lines.forget()  # SQLite may have some of them
            raise
    except DBAPIError as error:
        raise _unwritten(error) from error
    for follow in FOLLOWERS:
        follow(session, listed)
    return change_set.key


def follow_entries(follower: Follower) -> None:
    """Call a function with all changes that the history records, right after it has them."""
    if follower not in FOLLOWERS:
        FOLLOWERS.append(follower)


def change_set_of(session: AnySession) -> Written | None:
    """The change set of this transaction; None before the first recorded change."""
    written: Written | None = session.info.get(SET)
    return written


def _row(entry: Entry, salt: bytes) -> NewChange:
    number, key = entry.number_and_text
    if len(key) > KEY_LENGTH:
        raise Refusal(f"The history takes keys of up to {KEY_LENGTH} characters, and this one is longer.")
    text = as_text(entry.fields)
    return NewChange(
        entry.kind,
        number,
        str(entry.action),
        entry.version,
        text,
        salt,
        digest(salt, text),
        None if isinstance(entry.key, int) else key,
    )


def _open_set(session: AnySession, first: NewChange) -> Written:
    if SET not in session.info:
        words = {"kind": KINDS[Action(first.action)], **_circumstances(), **session.info.get(WORDS, {})}
        words |= reason_columns(words.pop("reason", None))
        statement = insert(ChangeSet.__table__).values(words).returning(*OF_SET)
        row = session.connection().execute(statement).one()
        session.info[SET] = Written(row.id, row.kind, first.record_kind, row)
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
    dirty = {
        inspect(record): values_before(session, declared, record)
        for record in session.dirty
        if (declared := registry().find(type(record)))
    }
    gone = {
        inspect(record): values_before_deletion(session, declared, record)
        for record in session.deleted
        if (declared := registry().find(type(record)))
    }
    session.info[BEFORE] = with_originals(session, dirty) | gone


def _record_objects(session: Session, _context: Any) -> None:
    befores = session.info.pop(BEFORE, {})
    session.info[ROWS] = rows = read_back(session, [*session.new, *session.dirty])
    found = [*_entries(session.new, partial(created, rows))]
    found += _entries(session.dirty, partial(changed, befores, rows))
    found += _entries(session.deleted, partial(deleted, befores))
    record(session, sorted(found, key=lambda entry: (entry.kind, *entry.number_and_text)))


def _expire_rewritten(session: Session, _context: Any) -> None:
    expire_rewritten(session, session.info.pop(ROWS, {}))


def _seal(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if SET in session.info:
        try:
            seal(session, session.info[SET].row, session.info[SET].lines)
        except DBAPIError as error:
            raise _unwritten(error) from error


def _forget_committed(session: Session) -> None:
    """Forget the change set of a transaction that is over; a savepoint leaves it to what is around it."""
    ended = session.get_nested_transaction()
    if ended is None:
        _forget(session)
        return
    around = ended.parent
    if session.info.get(SAVEPOINT) is ended:
        session.info[SAVEPOINT] = around if around is not None and around.nested else None


def _forget(session: Session) -> None:
    for key in (SET, SAVEPOINT, WORDS):
        session.info.pop(key, None)


def _forget_rolled_back(session: Session, ended: SessionTransaction) -> None:
    """Forget a change set when the savepoint in which it began, or the transaction, is rolled back."""
    if not ended.nested and ended.parent is not None:
        return  # a flush that failed: the savepoint or the transaction around it ends as well
    if not ended.nested:
        _forget(session)
    elif session.info.get(SAVEPOINT) is ended:
        del session.info[SET], session.info[SAVEPOINT]
    elif SET in session.info:
        session.info[SET].lines.forget()  # some of them may be those of the savepoint


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


LISTENERS = (
    ("before_flush", _read_before),
    ("after_flush", _record_objects),
    ("after_flush_postexec", _expire_rewritten),
    ("before_commit", _seal),
    ("after_commit", _forget_committed),
    ("after_soft_rollback", _forget_rolled_back),
    ("do_orm_execute", _refuse_unrecorded),
)


def init_history() -> None:
    """Make every session of the package write the ledger."""
    for moment, listener in LISTENERS:
        if not event.contains(db.session, moment, listener):
            event.listen(db.session, moment, listener)
