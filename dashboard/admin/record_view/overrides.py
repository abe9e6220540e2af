"""Fields that a view declares itself: its choices, other classes for texts, fields that are no columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import FileField, PasswordField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField

from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.record_view.columns import Columns, choices_of
from dashboard.admin.record_view.fields import LONGEST, ChoiceField, TextValue
from dashboard.admin.record_view.texts import reader
from dashboard.web.forms import AtMost

Choices = Mapping[str, tuple[str, Any]]
ARGUMENTS = ("label", "validators", "filters", "description")
"""The first arguments of any field of WTForms."""


class OwnChoiceField(ChoiceField):
    """One of the values that a view declares; a stored value that is none of them stays as it is."""

    choices: list[SelectChoice]

    def __init__(self, *args: Any, read: Callable[[str], Any], values: Choices, **options: Any) -> None:
        self.read = read
        super().__init__(*args, values=values, **options)

    def written(self, value: Any) -> str:
        """The text that stands for the value."""
        return super().written(value) or ("" if value is None else str(value))

    def value_of(self, text: str) -> Any:
        """The value of a text; raises ValueError where it is none of the column."""
        return self.values[text][1] if text in self.values else self.read(text)

    def process_data(self, value: Any) -> None:
        """Take a value, or its text; a stored one that is no choice is offered as well."""
        super().process_data(value)
        if (text := self.written(self.data)) and text not in self.values:
            self.choices = [*self.choices, SelectChoice(text, text)]


def own_choices(columns: Columns, name: str, pairs: Any) -> Choices:
    """The values that a view declares for a column, by their texts; raises ValueError for what is no pair."""
    kind = columns.column(name).type
    known = choices_of(kind)
    read = reading(kind)
    found = {}
    for value, label in pairs:
        text = str(getattr(value, "name", value))
        found[text] = (str(label), known[text][1] if known else read(text))
    return found


def reading(kind: Any) -> Callable[[str], Any]:
    """The function that reads the text of a value of a column of this type."""
    found = reader(kind)
    return str if found is None else found[0]


def overriding(given: Any) -> type[Any] | None:
    """The class of a field for texts with what forms here need; None for a class that cannot have it."""
    if not (isinstance(given, type) and issubclass(given, StringField)) or issubclass(given, PasswordField):
        return None
    return type(given.__name__, (TextValue, given), {})


def extra_field(view: Any, columns: Columns, name: str, given: Any) -> UnboundField[Any]:
    """A field that is no column, with a bound for its text; raises ValueError for what is no such field."""
    line = f"{type(view).__name__}.form_extra_fields"
    if name in columns.mapper.attrs or hasattr(RecordForm, name):
        raise ValueError(f"{line} has {name}, which is taken. Use another name.")
    if not isinstance(given, UnboundField):
        raise ValueError(f"{line} has no field called {name}.")
    if issubclass(given.field_class, FileField):
        raise ValueError(f"{line} has {name}, which takes a file. Forms take texts.")
    options = {**dict(zip(ARGUMENTS, given.args, strict=False)), **given.kwargs}
    if issubclass(given.field_class, StringField):
        options["validators"] = [AtMost(LONGEST), *(options.get("validators") or ())]
    return UnboundField(given.field_class, **options)
