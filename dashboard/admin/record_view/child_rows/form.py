"""The form of a record together with its child rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

from flask import g

from dashboard.admin.kit.forms import RecordForm, sent_state
from dashboard.admin.kit.versions import State, carried_text
from dashboard.admin.record_view.child_rows.groups import ChildRows
from dashboard.admin.record_view.child_rows.repeated import SINCE
from dashboard.admin.record_view.child_rows.rows import REMOVE, Children, ChildRow
from dashboard.extensions import db
from dashboard.history.since import position
from dashboard.web.forms import mark_made

GONE = "Another user removed this row. Remove it here as well, and add it again if it is still needed."


class FormWithRows(RecordForm):
    """The form of a record and of the rows in `child_rows`."""

    child_rows: ChildRows  # type: ignore[misc]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in self.child_rows.rows:
            for field in row.fields(self):
                field.is_of_row, field.full_label = True, f"{row.words}, {field.label.text.lower()}"

    @property
    def together(self) -> Sequence[Collection[str]]:  # type: ignore[override]
        """The fields of each row that is to be removed: a change of another user is left to choice."""
        rows = [row for row in self.child_rows.rows if not row.is_new and row.is_left_out(self)]
        return [[name for name, _ in row.unbound()] for row in rows]

    def remember_state(self, record: Any, state: State) -> None:
        """Store the state, and the position of the history where the form was first opened."""
        opened = (self.read_state(record).texts or {}) if sent_state() else {SINCE: str(position(db.session))}
        since = {SINCE: opened[SINCE]} if SINCE in opened else {}
        super().remember_state(record, State(state.at, {**(state.texts or {}), **since}))

    def read_state(self, record: Any) -> State:
        """The state that was opened; in it new rows are blank."""
        found = super().read_state(record)
        blank = {
            name: text for row in self.child_rows.rows if row.is_new for name, text in row.stored().items()
        }
        return found if found.texts is None else State(found.at, {**blank, **found.texts})

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the record and the rows that are neither blank nor to be removed."""
        super().validate(extra_validators)
        for row in self.child_rows.rows:
            if row.is_left_out(self) or (row.is_gone and not self._is_changed(row)):
                for name, _ in row.unbound():
                    self[name].errors = ()
            elif row.is_gone:
                self.add_error(GONE, row.prefix + REMOVE)
        return not self.errors

    def _is_changed(self, row: ChildRow) -> bool:
        """Whether something else was typed into a row that is gone than the form opened with."""
        opened = self.read_state(self.child_rows.record).texts or {}
        typed = row.typed(self).items()
        return any(opened.get(row.name_of(name)) != carried_text(text) for name, text in typed)


def rows_of(children: Sequence[Children], screen: str, record: Any) -> ChildRows:
    """The child rows in the form of a record, or of a new one; read once a request."""
    read: dict[Any, ChildRows] = g.setdefault("child_rows", {})
    place = (screen, id(record))
    if place not in read:
        read[place] = ChildRows(children, record)
    return read[place]


def with_rows(base: type[RecordForm], rows: ChildRows) -> type[RecordForm]:
    """The form `base` with the fields of these rows."""
    fields = {name: field for row in rows.rows for name, field in row.unbound()}
    place = {"__module__": base.__module__}
    made = type(base.__name__, (FormWithRows, base), {**fields, **place, "child_rows": rows})
    mark_made(made)
    return cast("type[RecordForm]", made)
