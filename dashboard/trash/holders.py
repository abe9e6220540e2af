"""Refusing to delete records that others refer to, by naming those."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.search.index import among
from dashboard.trash.dependents import Dependent
from dashboard.trash.gathering import Rows
from dashboard.trash.kinds import Trashable
from dashboard.words import counted


def refuse_held(kind: Trashable, rows: Rows) -> None:
    """Raise Refusal where records refer to one of `rows`, which are about to be deleted, and hold it."""
    if why := why_held(kind, rows):
        raise Refusal(why)


def why_held(kind: Trashable, rows: Rows) -> str | None:
    """Why `rows` cannot be deleted: the records that refer to them; None where they can."""
    if not rows or not (held := list(_holding(kind, rows))):
        return None
    its, are = ("It", "it is") if len(rows) == 1 else ("They", "they are")
    return f"{its} can't be deleted: {are} used by {_listed(held)}."


def _holding(kind: Trashable, rows: Rows) -> Iterator[str]:
    for each in kind.holders:
        referring = among(each.column, [row[each.target.name] for row in rows])
        if each.table is kind.table:
            referring &= ~among(kind.key, [row[kind.key.name] for row in rows])
        if number := db.session.scalar(select(func.count()).select_from(each.table).where(referring)):
            yield _named(each, number)


def _named(holder: Dependent, number: int) -> str:
    record = registry().get(holder.table.fullname)
    return (
        counted(number, record.singular) if record else f"{counted(number, 'row')} of {holder.table.fullname}"
    )


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
