"""Erasing a person: the fields of a deleted user are removed from the history, and the chain stays valid.

The history still has that the user was changed, when and by whom, and the numbers of authors.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Update, select, update

from dashboard.database.keys import Key
from dashboard.database.locks import for_writing
from dashboard.database.transactions import AnySession
from dashboard.history.erasures import NOTHING
from dashboard.history.models import Action, Change, ChangeKind, ChangeSet
from dashboard.history.recording import Entry, change_set_of, describe, record
from dashboard.refusal import Refusal
from dashboard.registry import Record, registry


def says_anything(session: AnySession, kind: str, key: Key) -> bool:
    """Whether the history still has any fields of a person."""
    return session.scalar(select(Change.id).where(*_saying(kind, key)).limit(1)) is not None


def erase_person(session: AnySession, kind: str, key: Key) -> int:
    """Remove the fields of the deleted user `key` from the history; returns the number of changes.

    Writes a change set first: without it the database refuses the erasure, and `verify` reports the blank
    changes. Raises Refusal where the user exists, nothing is left to erase or no user is logged in, and
    LookupError for a kind of record that is not about people.
    """
    if not registry()[kind].personal:
        raise LookupError(f"{kind} are not about people")
    if _is_there(session, registry()[kind], key):
        raise Refusal("This account still exists. Delete it first.")
    saying = session.scalars(for_writing(select(Change.id).where(*_saying(kind, key)), Change.id)).all()
    if not saying:
        raise Refusal("There is nothing left to erase.")
    describe(session, kind=ChangeKind.ERASE)
    record(session, [Entry(kind, key, Action.CHANGE, None, {})])
    written = change_set_of(session)
    if written is None or written.row.author_id is None:
        raise Refusal("Log in to erase a history.")
    erase = update(Change).where(*_saying(kind, key)).values(fields=None, salt=None)
    session.execute(erase, execution_options={"synchronize_session": False})
    session.execute(_reasons(kind, key), execution_options={"synchronize_session": False})
    return len(saying)


def _reasons(kind: str, key: Key) -> Update:
    """Remove the reasons of changes of a person, for they may name them."""
    sets = select(Change.change_set_id).where(Change.of(kind, key))
    its = update(ChangeSet).where(ChangeSet.id.in_(sets), ChangeSet.reason.is_not(None))
    return its.values(reason=None, reason_salt=None)


def _is_there(session: AnySession, declared: Record, key: Key) -> bool:
    value = declared.read_key(str(key))
    return value is not None and session.get(declared.model, value) is not None


def _saying(kind: str, key: Key) -> list[ColumnElement[bool]]:
    """The condition for changes of a record that still have fields."""
    return [
        Change.of(kind, key),
        Change.fields.is_not(None),
        Change.fields != NOTHING,
    ]
