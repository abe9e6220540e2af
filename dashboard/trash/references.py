"""References to and from records in the trash: cleared when one side goes, and set when both are back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, bindparam, inspect, select, update

from dashboard.database.keys import Key
from dashboard.extensions import db
from dashboard.history.models import UNASKED, Action
from dashboard.history.recording import Entry, record
from dashboard.history.stored import read_rows
from dashboard.history.values import differences
from dashboard.registry import VERSION_NOW, Record, registry
from dashboard.search.index import among
from dashboard.trash.dependents import Dependent
from dashboard.trash.gathering import Gathered, Rows
from dashboard.trash.kinds import Trashable
from dashboard.trash.rows import Values, codec_in

References = Mapping[Dependent, Rows]
"""The keys of rows that referred to a deleted one, with what they referred to."""


def clear_references(found: Gathered) -> None:
    """Clear the references to records that are about to be deleted, as the database would without a line."""
    for dependent, values in found.referred.items():
        if dependent.is_cleared:
            its = among(dependent.column, values)
            with _recorded(dependent, its, None) as new:
                db.session.connection().execute(update(dependent.table).where(its).values(new))


def set_references(kind: Trashable, references: Sequence[References], *, alone: bool) -> None:
    """Let rows refer to restored records again that refer to nothing since; `alone` leaves recorded ones."""
    for dependent in kind.dependents:
        rows = [row for each in references for row in each.get(dependent, ())]
        if rows and not (alone and _field_of(dependent)):
            _refer(dependent, rows)


def _refer(dependent: Dependent, rows: Rows) -> None:
    keys, column = [*dependent.table.primary_key], dependent.column
    its = [column.is_(None), *(key == bindparam(f"at_{at}", type_=key.type) for at, key in enumerate(keys))]
    for value in {row[column.name] for row in rows}:
        of_value = [row for row in rows if row[column.name] == value]
        named = [{f"at_{at}": row[key.name] for at, key in enumerate(keys)} for row in of_value]
        is_one_of = among(keys[0], [row[keys[0].name] for row in of_value]) if len(keys) == 1 else None
        with _recorded(dependent, is_one_of, value) as new:
            db.session.connection().execute(update(dependent.table).where(*its).values(new), named)


@contextmanager
def _recorded(
    dependent: Dependent, its: ColumnElement[bool] | None, value: Any
) -> Iterator[Mapping[Any, Any]]:
    """Record that rows refer to `value`, and what triggers make of them, where the history keeps it.

    Gives the columns to change. Without `its`, which are the rows, nothing is recorded.
    """
    new, column = dict[Any, Any]({dependent.column: value}), dependent.column
    declared, name = registry().get(dependent.table.fullname), _field_of(dependent)
    if its is None or declared is None or name is None:
        yield new
        return
    version = inspect(declared.model).version_id_col
    found = select(declared.key).where(its, column.is_distinct_from(value)).order_by(declared.key)
    keys = db.session.scalars(found).all()
    before = read_rows(db.session, declared, keys)
    yield new if version is None else {**new, version: version + 1}
    after = read_rows(db.session, declared, keys)
    record(db.session, (_entry(declared, name, key, before[key], after[key]) for key in before))


def _entry(declared: Record, name: str, key: Key, before: Values, after: Values) -> Entry:
    names = [each for each in declared.fields if each not in declared.links]
    fields = differences(before, after, names, declared)
    unasked = {each: (*pair, UNASKED) for each, pair in fields.items() if each != name}
    return Entry(declared.kind, key, Action.CHANGE, after[VERSION_NOW], {**fields, **unasked})


def _field_of(dependent: Dependent) -> str | None:
    """The recorded field of a column, if there is one."""
    declared = registry().get(dependent.table.fullname)
    if declared is None:
        return None
    columns = inspect(declared.model).columns
    return next((name for name in declared.fields if columns.get(name) is dependent.column), None)


def written_references(cleared: References) -> dict[str, Rows]:
    """References as values of JSON, by the name of their column."""
    return {
        dependent.name: [
            {name: codec_in(dependent.table, name).write(value) for name, value in row.items()}
            for row in rows
        ]
        for dependent, rows in cleared.items()
    }


def read_references(kind: Trashable, stored: Mapping[str, Any]) -> References:
    """The references in a row of the trash."""
    return {
        dependent: [
            {name: codec_in(dependent.table, name).read(value) for name, value in row.items()}
            for row in stored[dependent.name]
        ]
        for dependent in kind.dependents
        if dependent.name in stored
    }


def clear_missing(rows: Mapping[Table, Rows], links: Collection[Table]) -> None:
    """Set references to missing records to NULL where the column allows it, and leave out such links."""
    for table, its in rows.items():
        for column, target in foreign_keys(table):
            missing = _missing(rows, its, column, target)
            if not missing:
                continue
            if table in links:
                its[:] = [row for row in its if row.get(column.name) not in missing]
            elif column.nullable:
                _clear(its, column.name, missing)


def foreign_keys(table: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    """The columns of a table that refer to others, each with the other column."""
    for constraint in table.foreign_key_constraints:
        if len(constraint.elements) == 1:
            yield constraint.elements[0].parent, constraint.elements[0].column


def _missing(rows: Mapping[Table, Rows], its: Rows, column: Column[Any], target: Column[Any]) -> set[Any]:
    wanted = {row[column.name] for row in its if row.get(column.name) is not None}
    restored = {row.get(target.name) for row in rows.get(target.table, ())}
    if not wanted - restored:
        return set()
    return wanted - restored - {*db.session.scalars(select(target).where(among(target, [*wanted])))}


def _clear(rows: Sequence[Values], name: str, missing: set[Any]) -> None:
    for row in rows:
        if row.get(name) in missing:
            row[name] = None
