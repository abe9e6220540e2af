"""Locks of rows, and of anything that has a name."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select, text

from dashboard.database.transactions import AnySession

Statement = TypeVar("Statement", bound=Select[Any])


def for_writing(statement: Statement, key: Any) -> Statement:
    """Read rows that are about to be changed, and lock them until the transaction ends.

    Lock, then compare, then write: after waiting for a row its latest values are read, also into objects that
    were loaded before. Rows are locked in the order of `key`, so that two requests that lock several do not
    deadlock. SQLite has one lock, which `begin_write` takes.
    """
    # Without key_share, no new row could refer to these, and saving would stop for everyone.
    locked = statement.order_by(None).order_by(key).with_for_update(key_share=True)
    return locked.execution_options(populate_existing=True)


def for_deleting(statement: Statement, key: Any) -> Statement:
    """Read rows that are about to be deleted, as `for_writing` does: no new row may refer to these."""
    return for_writing(statement, key).with_for_update()


def not_locked(statement: Statement) -> Statement:
    """Read and lock the rows that no other transaction has locked, without waiting for the others."""
    return statement.with_for_update(skip_locked=True)


def serialise(session: AnySession, name: str) -> None:
    """Let only one transaction at a time go on from here, among all that pass the same `name`.

    SQLite's write lock does that already; PostgreSQL takes an advisory lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})
