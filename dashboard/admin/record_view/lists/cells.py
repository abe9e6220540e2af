"""The cells of a list that are edited in their place: every column with a field for a short text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wtforms.widgets import TextArea

from dashboard.admin.features.cell_inputs import CellInput
from dashboard.admin.features.inline import Inline
from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.record_view import writing
from dashboard.admin.record_view.forms.fields import ChoiceField, NumberValueField, TextField, ValueField
from dashboard.admin.record_view.relations.reference import ReferenceField
from dashboard.listing.state import Listing


def cells_of(view: Any) -> Mapping[str, CellInput]:
    """How the cells of each column in ``column_editable_list`` are typed, as far as the list has the column.

    Raises ValueError with a line for a column that is edited in the form alone.
    """
    fields = writing.blank(view.edit_form_class)
    listed = [column.name for column in view.listing.columns]
    named = view.declared.named("column_editable_list") or []
    for name in named:
        if reason := _why_in_form(fields, name, listed[0]):
            raise ValueError(f"{type(view).__name__}.column_editable_list names {name}, {reason}")
    return {name: _input(fields[name]) for name in named if name in listed}


def _why_in_form(fields: RecordForm, name: str, first: str) -> str | None:
    """Why the cells of a column cannot be edited, None where they can."""
    if name == first:
        return "which is the link to the record: it is edited in the form."
    if name not in fields:
        return "which has no field in the form."
    field = fields[name]
    if isinstance(field, ReferenceField):
        return None
    if not isinstance(field, ChoiceField | TextField | ValueField):
        return "whose field is not a short text: it is edited in the form."
    if isinstance(field, ValueField) and isinstance(field.widget, TextArea):
        return "whose texts have several lines: it is edited in the form."
    return None


def _input(field: Any) -> CellInput:
    if isinstance(field, ReferenceField):
        return CellInput(refers_to=field.target.model)
    values = field.values.items() if isinstance(field, ChoiceField) else ()
    options = tuple((text, label) for text, (label, _) in values)
    return CellInput(options=options, is_number=isinstance(field, NumberValueField))


def inline_of(view: Any) -> Inline:
    """The feature that edits the cells of a list."""
    flow = view.flow
    return Inline(
        view.cells,
        set_cells=flow.set_typed,
        values=flow.texts,
        written=flow.written,
        prefilled=flow.prefilled,
        after=writing.call_hooks,
    )


def with_cells(listing: Listing, view: Any, cells: Mapping[str, CellInput]) -> Listing:
    """The list that also reads what these cells hold, if there are any."""
    if not cells:
        return listing
    columns = view.columns
    return replace(listing, stored=tuple(columns.all[name] for name in cells), version=columns.version)
