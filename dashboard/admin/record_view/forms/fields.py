"""The fields of a form that Flask-Admin's converter makes for the columns of a mapped class.

Their ``data`` is the value of the column, as hooks written for Flask-Admin expect; ``text`` is the one text
that stands for it, by which forms are compared and merged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from markupsafe import Markup
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import TextArea, TextInput

from dashboard.admin.kit.forms import plain, typed_or_written
from dashboard.admin.ledger.value_words import choice_words
from dashboard.admin.record_view.texts import NUL_REFUSED
from dashboard.bounds import TRIMMED, excess
from dashboard.database.assigning import assign
from dashboard.database.beyond import Beyond
from dashboard.web.forms import TypedNumber

LONGEST = 5000
"""Characters of a text whose column has no length."""
SHORT = 200
"""Characters of a text that is written in one line."""
VALUE_LENGTH = 100
"""Characters of a number, a date and the like."""
JSON_LENGTH = 20_000
BLANK = ""


def refuse_nul(_form: Any, field: Any) -> None:
    """Raise StopValidation for a text that PostgreSQL does not store."""
    if "\0" in (field.data or BLANK):
        raise StopValidation(NUL_REFUSED)


class ValueField(Field):  # type: ignore[misc]
    """A text that stands for a value: ``data`` is the value, None where the field is blank.

    ``read`` turns a text into a value and raises ValueError with a sentence; ``write`` does the reverse.
    ``typed`` turns what a person typed into such a text.
    """

    widget = TextInput()
    untyped: str | None = None
    """The text of a stored value that cannot be typed, such as NaN: the form sends it back as it is."""

    def __init__(
        self,
        *args: Any,
        read: Callable[[str], Any],
        write: Callable[[Any], str] = str,
        typed: Callable[[str], str] = str,
        longest: int = VALUE_LENGTH,
        is_long: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.read, self.write, self.typed, self.longest = read, write, typed, longest
        if is_long:
            self.widget = TextArea()

    @property
    def text(self) -> str:
        """The text that stands for the value; what was typed where that stands for no value."""
        if self.untyped is not None and self.data is None and not self.process_errors:
            return self.untyped
        return typed_or_written(self)

    def written(self, value: Any) -> str:
        """The text that stands for a value."""
        return BLANK if value is None else self.write(value)

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else self.text

    def process_data(self, value: Any) -> None:
        """Take a value, or the text that stands for it."""
        self.untyped = None
        if not isinstance(value, str):
            self.data = value
            return
        try:
            self.data = self.read(value) if value else None
        except ValueError:
            self.data, self.untyped = None, plain(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; raises ValueError with a sentence where it stands for no value."""
        if not valuelist or self._is_kept(valuelist[0]):
            return
        self.data = None
        if fault := excess(valuelist[0], self.longest, TRIMMED if isinstance(self.widget, TextArea) else 1):
            raise ValueError(fault)
        text = plain(valuelist[0])
        if text == self.untyped:
            return
        self.untyped = None
        if text.strip():
            self.data = self.read(self.typed(text))

    def _is_kept(self, text: str) -> bool:
        """Whether a text is that of the stored value, even of one that nobody can type."""
        if self.data is None:
            return False
        own = self.data.text if isinstance(self.data, Beyond) else None  # files have it, and no form does
        return plain(text) in (own, plain(self.written(self.data)))

    def populate_obj(self, obj: Any, name: str) -> None:
        """Write the value; a blank field of JSON is NULL in the database, and not JSON's null."""
        assign(obj, name, self.data)


class NumberValueField(TypedNumber, ValueField):
    """A text that stands for a number, or for a list of numbers, one a line."""


class ChoiceField(SelectField):  # type: ignore[misc]
    """One of a few values: ``data`` is the value, ``values`` has the label and the value of each text.

    A stored text that is none of them, ``other``, is offered as well.
    """

    data: Any
    choices: list[SelectChoice]
    other = BLANK

    def __init__(self, *args: Any, values: Mapping[str, tuple[str, Any]], **options: Any) -> None:
        self.values = values
        choices = [SelectChoice(text, label) for text, (label, _) in values.items()]
        options.setdefault("invalid_choice_message", "Choose one of these.")
        options.setdefault("invalid_value_message", "Choose one of these.")
        super().__init__(*args, choices=choices, coerce=self.value_of, **options)

    @property
    def text(self) -> str:
        """The text that stands for the value."""
        return self.written(self.data)

    def written(self, value: Any) -> str:
        """The text that stands for a value, which another program may have written; blank without one."""
        other = value if isinstance(value, str) and not isinstance(value, Enum) else BLANK
        return next((text for text, (_, each) in self.values.items() if each == value), other)

    def process_data(self, value: Any) -> None:
        """Take a value, or its text."""
        if isinstance(value, str) and not isinstance(value, Enum):
            super().process_data(value)
            if self.data is None and value:
                self.data = self.other = value
                self.choices = [*self.choices, SelectChoice(value, choice_words(value))]
        else:
            self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; raises ValueError where it is no choice, which does not leave the old value."""
        if valuelist:
            self.data = None
        super().process_formdata(valuelist)

    def value_of(self, text: str) -> Any:
        """The value of a text; raises ValueError where it is no choice."""
        if text and text == self.other:
            return text
        if text not in self.values:
            raise ValueError(text)
        return self.values[text][1]


class Entered(InputRequired):  # type: ignore[misc]
    """Asks for a value, unless a blank text is stored: so the other fields can be changed."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raise StopValidation for a field that is blank now."""
        if field.object_data != BLANK:
            super().__call__(form, field)


def asking_always(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a field of a new row, where no blank text is stored yet."""
    validators = [
        InputRequired(each.message) if isinstance(each, Entered) else each
        for each in kwargs.get("validators", ())
    ]
    return {**kwargs, "validators": validators}


class TextValue:
    """The value of a field for texts: a blank one is NULL where the column allows it."""

    data: str | None

    def __init__(self, *args: Any, nullable: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.is_nullable = nullable

    def pre_validate(self, form: Any) -> None:
        """Refuse a text that PostgreSQL does not store, before other validators read it."""
        super().pre_validate(form)  # type: ignore[misc]  # of the class of fields that this is mixed into
        refuse_nul(form, self)

    def process_data(self, value: Any) -> None:
        """Take a value; a blank one that is stored already need not be replaced."""
        super().process_data(value)  # type: ignore[misc]
        if value == BLANK:
            self.flags.required = False  # type: ignore[attr-defined]

    @property
    def text(self) -> str:
        """The text, with line breaks as they are stored."""
        return self.written(self.data)

    @property
    def value(self) -> str | None:
        """The value to store: a blank text is NULL where the column allows it."""
        return self.text or (None if self.is_nullable else BLANK)

    def written(self, value: str | None) -> str:
        """The text that stands for a value: NULL and an empty text look the same."""
        return (value or BLANK).replace("\r\n", "\n")

    def populate_obj(self, obj: Any, name: str) -> None:
        """Write the text."""
        setattr(obj, name, self.value)


class LineInput(TextInput):  # type: ignore[misc]
    """Draws a text in one line; one that has several gets as many, because a browser joins them otherwise."""

    def __call__(self, field: Any, **options: Any) -> Markup:
        """Draw the field."""
        is_one = "\n" not in (field._value() or "")
        drawn: Markup = super().__call__(field, **options) if is_one else TextArea()(field, **options)
        return drawn


class TextField(TextValue, StringField):  # type: ignore[misc]
    """A text of one line."""

    widget = LineInput()


class LongTextField(TextField):
    """A text of several lines."""

    widget = TextArea()
