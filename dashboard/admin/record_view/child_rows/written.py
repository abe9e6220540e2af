"""Child rows as they were typed, written: what goes first, then what changes, then what is added.

A row with a key of several columns is told from others of its record by what is typed, such as its product.
Where that is changed, the row is removed and another one added, unless a row with the new key goes as well:
that one stays then, and gets what was typed. So no row is removed and added again in one change set.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.record_view import writing
from dashboard.admin.record_view.child_rows.rows import ChildRow
from dashboard.database.assigning import assign
from dashboard.database.composite_keys import key_of_values
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.registry import Values
from dashboard.words import listed

Place = tuple[str, Any]
"""A row by its kind and its key."""


def write_rows(rows: Sequence[ChildRow], form: RecordForm, parent: Any) -> None:
    """Write rows as they were typed into a valid form; raises Refusal at a field of one of them."""
    Plan(rows, form, parent).carry_out()


class Plan:
    """The ways in which the rows of a valid form are written.

    Raises Refusal at a row whose key another row has.
    """

    def __init__(self, rows: Sequence[ChildRow], form: RecordForm, parent: Any) -> None:
        self.form, self.parent = form, parent
        self.changed = {row: row.changed(form) for row in rows}  # a record may have a row in two groups
        left_out = {row for row in rows if row.is_left_out(form)}
        stored = [row for row in rows if row.record is not None]
        moved = [row for row in stored if row not in left_out and self._is_moved(row)]
        self.changing = [row for row in stored if row not in (*left_out, *moved) and self.changed[row]]
        self.arriving = [*moved, *(row for row in rows if row.is_new and row not in left_out)]
        self.contents = {row: _contents(row, self.changed[row]) for row in moved}
        leaving = {_place(row): row for row in stored if row in left_out or row in moved}
        self._refuse_taken({*map(_place, stored)} - leaving.keys(), leaving.keys())
        places = ((row, self._typed_place(row)) for row in self.arriving)
        self.kept = {row: leaving.pop(place) for row, place in places if place in leaving}
        self.leaving = [*leaving.values()]

    def _is_moved(self, row: ChildRow) -> bool:
        """Whether a stored row is to be another one: a part of its key was changed."""
        return not self.changed[row].keys().isdisjoint(row.children.key_names)

    def _typed_place(self, row: ChildRow) -> Place | None:
        """A row by the key that was typed; None where its key is not typed."""
        children = row.children
        if not children.key_names:
            return None
        given = {name: self.form[row.name_of(name)].data for name in children.key_names}
        given[children.reference] = getattr(self.parent, children.target)
        values = [given.get(name) for name in children.view.columns.key_names]
        return None if None in values else (children.view.kind, key_of_values(values))

    def _refuse_taken(self, staying: Collection[Place], leaving: Collection[Place]) -> None:
        taken = {*staying}
        for row in self.arriving:
            if (place := self._typed_place(row)) is None:
                continue
            if place in taken or (place not in leaving and self._is_beside(row, place)):
                raise Refusal(_taken(row), row.name_of(row.children.key_names[0]))
            taken.add(place)

    def _is_beside(self, row: ChildRow, place: Place) -> bool:
        """Whether a row that the form does not show has this key: one of another page, or of another user."""
        return bool(row.children.with_keys(self.parent, [str(place[1])]))

    def carry_out(self) -> None:
        """Write the rows; raises Refusal at a field of one of them."""
        for row in self.leaving:
            with row.refusing():
                row.children.view.flow.remove([row.record])
                db.session.expunge(row.record)  # a new row may be told apart from it by nothing else
        for row in self.changing:
            with row.refusing():
                _change(row, row.record, self.changed[row])
        for row in self.arriving:
            with row.refusing():
                self._arrive(row)

    def _arrive(self, row: ChildRow) -> None:
        children, contents, typed = row.children, self.contents.get(row, {}), row.typed(self.form)
        if row in self.kept:
            _assign(self.kept[row].record, contents)
            _change(row, self.kept[row].record, typed)
        else:
            given = {**contents, children.reference: getattr(self.parent, children.target)}
            children.view.flow.add(writing.filled(children.view.new_form_class, typed), given)


def _place(row: ChildRow) -> Place:
    """A stored row by its key."""
    return row.children.view.kind, row.children.view.record.key_of(row.record)


def _contents(row: ChildRow, changed: Collection[str]) -> Values:
    """The values of a row that are not typed, also those that no form shows."""
    columns = row.children.view.columns
    left_out = {*changed, *columns.key_names, columns.version and columns.version.key}
    names = [name for name in columns.all if name not in left_out and not columns.is_derived(name)]
    return {name: getattr(row.record, name) for name in names}


def _assign(record: Any, values: Values) -> None:
    for name, value in values.items():
        assign(record, name, value)


def _change(row: ChildRow, record: Any, typed: Mapping[str, str]) -> None:
    """Give a stored record the texts of a row."""
    flow = row.children.view.flow
    flow.update(record, writing.filled(flow.form, {**flow.texts(record), **typed}, record))


def _taken(row: ChildRow) -> str:
    columns = row.children.view.columns
    label = [
        row.children.view.declared.labels.get(name) or columns.label(name) for name in row.children.key_names
    ]
    return f"Another row already has this {listed([each.lower() for each in label])}."
