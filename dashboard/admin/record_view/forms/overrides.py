"""Fields that a view declares itself: its choices, other classes for texts, fields that are no columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from wtforms import FileField, PasswordField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField

from dashboard.admin.kit.forms import RecordForm, plain
from dashboard.admin.record_view.columns import Columns, choices_of
from dashboard.admin.record_view.forms.fields import BLANK, LONGEST, ChoiceField, TextValue, refuse_nul
from dashboard.admin.record_view.texts import reader
from dashboard.database.types import python_type
from dashboard.web.forms import AtMost

NO_FILE = "which takes a file. Forms take texts."
Choices = Mapping[str, tuple[str, Any]]
ARGUMENTS = ("label", "validators", "filters", "description")
"""The first arguments of any field of WTForms."""


class OwnChoiceField(ChoiceField):
    """One of the values that a view declares; a stored value that is none of them stays as it is.

    ``kind`` is the type of the column.
    """

    def __init__(self, *args: Any, kind: Any, values: Choices, **options: Any) -> None:
        (self.read, self.write), self.others = reading(kind), choices_of(kind) or {}
        super().__init__(*args, values=values, **options)

    def written(self, value: Any) -> str:
        """The text that stands for the value."""
        return super().written(value) or (BLANK if value is None else self.write(value))

    def value_of(self, text: str) -> Any:
        """The value of a text; raises ValueError where it is none of the column."""
        if text in self.values or (text and text == self.other):
            return super().value_of(text)
        return self.read(text)

    def process_data(self, value: Any) -> None:
        """Take a value, or its text; a stored one that is no choice is offered as well."""
        super().process_data(value)
        if (text := self.written(self.data)) and text not in (*self.values, self.other):
            label, _ = self.others.get(text, (text, None))
            self.choices = [*self.choices, SelectChoice(text, label)]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; browsers send other line breaks than are stored."""
        super().process_formdata([plain(text) for text in valuelist])


def own_choices(columns: Columns, name: str, pairs: Any) -> Choices:
    """The values that a view declares for a column, by their texts; raises ValueError for what is no pair."""
    read, write = reading(columns.column(name).type)
    found = {}
    for given, label in pairs:
        is_text = isinstance(given, str) and not isinstance(given, Enum)
        value = read(given if is_text else write(given))
        found[write(value)] = (str(label), value)
    return found


def reading(kind: Any) -> tuple[Callable[[str], Any], Callable[[Any], str]]:
    """How to read and write values of a column of this type, each in one text; both may raise ValueError."""
    known = choices_of(kind)
    return (reader(kind) or (str, str)) if known is None else _among(known)


def _among(known: Choices) -> tuple[Callable[[str], Any], Callable[[Any], str]]:
    def read(text: str) -> Any:
        if text not in known:
            raise ValueError(text)
        return known[text][1]

    def write(value: Any) -> str:
        if found := [text for text, (_, each) in known.items() if each == value]:
            return found[0]
        if isinstance(value, str):
            return value
        raise ValueError(value)

    return read, write


def overriding(given: Any, kind: Any) -> type[Any] | None:
    """The class of a field for texts with what forms here need; None for another class, or other values."""
    is_text = python_type(kind) is str and choices_of(kind) is None
    if not (is_text and isinstance(given, type) and issubclass(given, StringField)):
        return None
    if issubclass(given, PasswordField):
        return None
    return type(given.__name__, (TextValue, given), {})


def takes_file(field_class: type[Any]) -> bool:
    """Whether a class of fields takes a file, which would be lost: forms here send texts."""
    widget = getattr(field_class, "widget", None)
    return issubclass(field_class, FileField) or getattr(widget, "input_type", "") == "file"


def extra_field(view: Any, columns: Columns, name: str, given: Any) -> UnboundField[Any]:
    """A field that is no column, with a bound for its text; raises ValueError for what is no such field."""
    line = f"{type(view).__name__}.form_extra_fields"
    if not isinstance(given, UnboundField):
        raise ValueError(f"{line} has no field called {name}.")
    if takes_file(given.field_class):
        raise ValueError(f"{line} has {name}, {NO_FILE}")
    if name in columns.mapper.attrs or hasattr(RecordForm, name):
        raise ValueError(f"{line} has {name}, which is taken. Use another name.")
    options = {**dict(zip(ARGUMENTS, given.args, strict=False)), **given.kwargs}
    if issubclass(given.field_class, StringField):
        options["validators"] = [AtMost(LONGEST), refuse_nul, *(options.get("validators") or ())]
    return UnboundField(given.field_class, **options)
