"""Refusing to delete records that others refer to, by naming those that the user may see."""

from __future__ import annotations

from collections.abc import Iterator

from flask import has_request_context
from sqlalchemy import ColumnElement, false, func, inspect, literal, select

from dashboard.extensions import db
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.registry import Record, registry
from dashboard.search.index import among
from dashboard.trash.dependents import Dependent
from dashboard.trash.gathering import Rows
from dashboard.trash.kinds import Trashable
from dashboard.words import counted, listed

UNSEEN = "others that you may not see"


def refuse_held(kind: Trashable, rows: Rows) -> None:
    """Raise Refusal where records refer to one of `rows`, which are about to be deleted, and hold it."""
    if why := why_held(kind, rows):
        raise Refusal(why)


def why_held(kind: Trashable, rows: Rows) -> str | None:
    """Why `rows` cannot be deleted: the records that refer to them; None where they can.

    Those that the current user may not see are neither counted nor named.
    """
    held = list(_holding(kind, rows)) if rows else []
    if not held:
        return None
    its, are = ("It", "it is") if len(rows) == 1 else ("They", "they are")
    tables = [each.table for each, seen, _ in held if seen]
    named = [_named(each, seen, tables.count(each.table) > 1) for each, seen, _ in held if seen]
    unseen = [UNSEEN] if any(number > seen for _, seen, number in held) else []
    return f"{its} can't be deleted: {are} used by {listed([*named, *unseen])}."


def _holding(kind: Trashable, rows: Rows) -> Iterator[tuple[Dependent, int, int]]:
    """The holders of `rows`, each with the number of records that the user sees, and of all."""
    for each, referring in _there(kind, rows):
        number = db.session.scalar(select(func.count()).select_from(each.table).where(referring))
        if number:
            yield each, _seen(each, referring, number), number


def _there(kind: Trashable, rows: Rows) -> list[tuple[Dependent, ColumnElement[bool]]]:
    """The holders of which some rows refer to `rows`, with the condition for these; in one statement."""
    asked = [(each, _referring(kind, each, rows)) for each in kind.holders]
    if not asked:
        return []
    found = (select(literal(1)).select_from(each.table).where(its).exists() for each, its in asked)
    hits = db.session.execute(select(*found)).one()
    return [each for each, is_there in zip(asked, hits, strict=True) if is_there]


def _referring(kind: Trashable, holder: Dependent, rows: Rows) -> ColumnElement[bool]:
    its = among(holder.column, [row[holder.target.name] for row in rows])
    if holder.table is not kind.table:
        return its
    return its & ~among(kind.key, [kind.key_in(row) for row in rows])


def _seen(holder: Dependent, referring: ColumnElement[bool], number: int) -> int:
    """How many of the `number` records that are `referring` the user may see; all where there is no user."""
    record = registry().get(holder.table.fullname)
    if record is None or not has_request_context():
        return number
    if not (conditions := _conditions(record)):
        return number
    seen = select(func.count()).select_from(record.model).where(referring, *conditions)
    return db.session.scalar(seen) or 0


def _conditions(record: Record) -> list[ColumnElement[bool]]:
    return record.scope() if record.allows(Access.READ) else [false()]


def _named(holder: Dependent, number: int, with_field: bool) -> str:
    """So many records in words, with the field by which they refer where others of their kind do too."""
    record = registry().get(holder.table.fullname)
    words = counted(number, record.singular if record else "row")
    kind = "" if record else f" of {holder.table.fullname}"
    return f"{words}{kind} ({_field(holder, record)})" if with_field else f"{words}{kind}"


def _field(holder: Dependent, record: Record | None) -> str:
    if record is None:
        return str(holder.column.name)
    name = inspect(record.model).get_property_by_column(holder.column).key
    return record.fields.get(name, name)
