"""The fields of a form that the cells of a file can fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import inspect
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField

from dashboard.admin.kit.forms import RecordForm, text_of
from dashboard.admin.kit.screen import Screen
from dashboard.database.indexes import is_unique
from dashboard.database.types import python_type
from dashboard.importing.fields import ImportField, Kind
from dashboard.importing.notation import TRUTHS

NUMBER = "Number"
KINDS = {
    "int": Kind.NUMBER,
    "float": Kind.NUMBER,
    "Decimal": Kind.NUMBER,
    "date": Kind.DATE,
    "datetime": Kind.DATE,
}
UNFIT = ("FileField", "PasswordField", "FormField", "FieldList", "SubmitField")
"""The classes of fields that no text of a cell fills."""


def fields_of(screen: Screen, blank: RecordForm, new: RecordForm) -> Sequence[ImportField]:
    """The fields of the forms of a screen, and the number by which a row can name its record."""
    record = screen.record
    its = {field.name: field for form in (new, blank) for field in form if takes_cell(field)}
    found = [_field(screen, field, is_new=name in new) for name, field in its.items()]
    key = record.key
    if key.key not in its and key.key in inspect(record.model).columns:
        number = ImportField(
            name=key.key, label=NUMBER, is_key=True, is_written=False, others=("id", "no", "nr")
        )
        found.append(number)
    return found


def _field(screen: Screen, field: Any, *, is_new: bool) -> ImportField:
    column = inspect(screen.record.model).columns.get(field.name)
    return ImportField(
        name=field.name,
        label=str(field.label.text),
        kind=_kind_of(field, column),
        is_needed=is_new and _is_needed(field),
        is_key=column is not None and is_unique(column),
        others=tuple(_names_of(screen, field.name)),
        choices=_choices_of(field),
    )


def takes_cell(field: Any) -> bool:
    """Whether the text of a cell can fill a field."""
    is_many = isinstance(field, SelectMultipleField) or hasattr(field, "keys")
    return not isinstance(field, HiddenField) and not is_many and field.type not in UNFIT


def _kind_of(field: Any, column: Any) -> Kind:
    if isinstance(field, BooleanField):
        return Kind.TRUTH
    if getattr(field, "holds_many", False):
        return Kind.LIST
    if isinstance(field, SelectField):
        return Kind.CHOICE
    if column is None or column.foreign_keys:
        return Kind.TEXT
    return KINDS.get(python_type(column.type).__name__, Kind.TEXT)


def _is_needed(field: Any) -> bool:
    return bool(field.flags.required or (field.render_kw or {}).get("required")) and not field.default


def _names_of(screen: Screen, name: str) -> Iterator[str]:
    """The names and labels that lists and files have for a column."""
    key = getattr(getattr(screen.record.model, name, None), "key", name)
    relations = inspect(screen.record.model).relationships
    for column in (*screen.listing.columns, *screen.listing.export):
        if column.name in relations and relations[column.name].uselist:
            continue  # it is read by the key, and is no other name of that
        if any(getattr(each, "key", None) == key for each in column.sql[:1]):
            yield from (column.name, column.label)


def _choices_of(field: Any) -> Mapping[str, str]:
    """The texts that a field takes, by themselves, by their labels and by the values that files have."""
    if isinstance(field, BooleanField):
        return TRUTHS
    if not isinstance(field, SelectField):
        return {}
    found = dict[str, str]()
    for choice in field.iter_choices():
        text, label = str(choice.value), str(choice.label)
        value = getattr(field, "values", {}).get(text, (label, text))[1]
        for name in (label, *_names_of_value(value)):
            found.setdefault(name.strip().casefold(), text)
    return {**found, **{str(choice.value): str(choice.value) for choice in field.iter_choices()}}


def _names_of_value(value: Any) -> Iterator[str]:
    """The texts that stand for the value of a choice in files."""
    if isinstance(value, bool):
        yield from (word for word, text in TRUTHS.items() if bool(text) is value)
    if isinstance(value, Enum):
        yield from (value.name, str(value.value))
    if value is not None:
        yield str(value)


def usual_texts(form: type[RecordForm]) -> dict[str, str]:
    """The texts that a browser sends for a new form in which nobody typed anything."""
    blank = form(formdata=None, meta={"csrf": False})
    return {field.name: _text(field) for field in blank if takes_cell(field)}


def _text(field: Any) -> str:
    if isinstance(field, SelectField) and field.data is None:
        return next((str(choice.value) for choice in field.iter_choices()), "")
    return text_of(field)


def parts_of(field: ImportField, text: str) -> list[str]:
    """The names of records in the text of a field, which has one unless it is a list."""
    return text.split("\n") if field.kind is Kind.LIST else [text]


def words_of(form: RecordForm, name: str) -> str:
    """The text of a field as people know it: a reference by the name of its record, a choice by its label."""
    field = form[name]
    text = text_of(field)
    if hasattr(field, "words_of"):
        return str(field.words_of(text))
    if isinstance(field, SelectField):
        return next((str(each.label) for each in field.iter_choices() if str(each.value) == text), text)
    return text
