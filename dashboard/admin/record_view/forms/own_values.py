"""Fields of any class of WTForms for the columns of a mapped class, where a view declares them.

Such a field reads and draws values in its own way. Forms are compared and merged by one text for each value:
the text that the field sends and reads again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from wtforms import (
    BooleanField,
    DecimalField,
    FileField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SubmitField,
)
from wtforms.validators import StopValidation

from dashboard.admin.kit.forms import plain, typed_or_written
from dashboard.admin.record_view.columns import choices_of
from dashboard.admin.record_view.forms.fields import BLANK
from dashboard.admin.record_view.forms.overrides import reading
from dashboard.bounds import excess
from dashboard.database.assigning import assign
from dashboard.database.keys import key_text
from dashboard.database.types import is_aware, python_type
from dashboard.web.forms import AtMost

DIGITS = 28
"""Digits that Python rounds a decimal to."""
CHECKED = "y"
"""The text that a checkbox sends."""
NO_TEXT = (FileField, PasswordField, SubmitField)
"""Classes of fields whose value cannot be shown in a form and sent again."""
UNREADABLE = (ArithmeticError, AttributeError, KeyError, TypeError, ValueError)
OTHER = "Enter another value."
SAMPLES: Mapping[type[Any], Any] = {
    str: "a",
    int: 12,
    float: 1.5,
    date: date(2026, 3, 31),
    time: time(9, 30),
    timedelta: timedelta(minutes=90),
    dict: {"size": 3},
    UUID: UUID(int=1),
}
"""A value of each type of column, for trying a class of fields."""


class AtMostSent(AtMost):
    """Refuse a longer text, whatever its field makes of it."""

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise StopValidation for a text that is too long."""
        if fault := excess("".join(map(str, field.raw_data or ())), self.longest, self.written):
            field.errors = []
            raise StopValidation(fault)


class OwnValue:
    """Completes a class of fields for values of ``kind``, the type of its column; it comes before that."""

    data: Any
    raw_data: list[str] | None
    process_errors: Sequence[str]

    def __init__(self, *args: Any, kind: Any, nullable: bool, **options: Any) -> None:
        self.kind, self.is_nullable = kind, nullable
        if isinstance(self, DecimalField) and not options.get("use_locale"):
            options.setdefault("places", _places(kind))
        super().__init__(*args, **options)

    @property
    def text(self) -> str:
        """The text that stands for the value; what was typed where that stands for no value."""
        return typed_or_written(self)

    @property
    def value(self) -> Any:
        """The value to store: a blank text is NULL where the column allows it."""
        return None if self.data == BLANK and self.is_nullable else self.data

    def written(self, value: Any) -> str:
        """The text that stands for a value, as the field sends it."""
        if value is None:
            return BLANK
        if isinstance(self, BooleanField):
            return CHECKED if value else "false"
        return key_text(value) if isinstance(self, SelectField) else plain(self._text_of(value))

    def _text_of(self, value: Any) -> str:
        before = self.data, self.raw_data
        self.data, self.raw_data = value, None
        try:
            return str(self._value())  # type: ignore[attr-defined]
        finally:
            self.data, self.raw_data = before

    def process_data(self, value: Any) -> None:
        """Take a value, or the text that stands for it."""
        if isinstance(value, str) and type(value) is not python_type(self.kind):
            self._take(value)
        elif isinstance(self, SelectField):
            self.data = value
        else:
            super().process_data(value)  # type: ignore[misc]

    def _take(self, text: str) -> None:
        self.data = None
        if text:
            super().process_formdata([text])  # type: ignore[misc]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; raises ValueError with a sentence where the column cannot have it."""
        try:
            super().process_formdata([plain(text) for text in valuelist])  # type: ignore[misc]
            self._check()
        except UNREADABLE as error:
            self.data = None
            raise error if isinstance(error, ValueError) else ValueError(OTHER) from error

    def _check(self) -> None:
        """Raise ValueError where the column cannot have the value, such as a number that is too large."""
        read, write = reading(self.kind)
        if self.value in (None, BLANK):
            return
        # A decimal as it is, for writing it rounds it, and one with an exponent may be endless.
        read(str(self.data) if isinstance(self.data, Decimal) else write(self.data))

    def populate_obj(self, obj: Any, name: str) -> None:
        """Write the value."""
        assign(obj, name, self.value)


def _places(kind: Any) -> int | None:
    """Digits after the point for a field of WTForms; None, as many as there are, where it cannot round."""
    is_short = (getattr(kind, "precision", None) or DIGITS + 1) <= DIGITS
    return getattr(kind, "scale", None) if is_short else None


class CheckedValue(OwnValue):
    """Completes a checkbox: the words for its texts, and the default in a row that was not sent."""

    name: str

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        """Read what was sent: a box that is not checked sends nothing, as does one in a new blank row."""
        row, dash, _ = self.name.rpartition("-")
        is_sent = not dash or any(name.startswith(f"{row}-") for name in formdata or ())
        super().process(formdata if is_sent else None, *args, **options)  # type: ignore[misc]

    def words_of(self, text: str) -> str:
        """The meaning of a text of this field."""
        return "Yes" if text == CHECKED else "No"


def own_value(given: Any, kind: Any, nullable: bool, options: Mapping[str, Any]) -> type[Any] | None:
    """The class `given` with what forms here need for a column; None where it cannot hold its values.

    It is tried with a value of the type of the column, which has to come back from its text.
    """
    if not isinstance(given, type) or issubclass(given, NO_TEXT) or _lacks_choices(given, nullable, options):
        return None
    made = type(given.__name__, (CheckedValue if issubclass(given, BooleanField) else OwnValue, given), {})
    try:
        field = made(kind=kind, nullable=nullable, **options).bind(form=Form(), name="tried")
        field.process(None)
        is_fit = all(_comes_back(field, field.written(sample), sample) for sample in _samples(kind))
        return made if is_fit and not (nullable and not _stays_blank(field)) else None
    except Exception:
        return None  # the class of a plug-in may fail in any way


def _lacks_choices(given: type[Any], nullable: bool, options: Mapping[str, Any]) -> bool:
    """Whether a field would choose another value than is stored, where that is none of its choices."""
    is_safe = issubclass(given, RadioField) and options.get("choices") is not None and not nullable
    return issubclass(given, SelectField) and not is_safe


def _samples(kind: Any) -> list[Any]:
    """Values of a column; raises KeyError for a type whose values nobody can type."""
    if (known := choices_of(kind)) is not None:
        return [value for _, value in known.values()]
    values = dict if isinstance(kind, JSON) else python_type(kind)
    if values is datetime:
        return [datetime(2026, 3, 31, 9, 30, tzinfo=UTC if is_aware(kind) else None)]
    if values is Decimal:
        return [Decimal(1).scaleb(-(getattr(kind, "scale", None) or 0))]
    return [SAMPLES[values]]


def _comes_back(field: Any, text: str, sample: Any) -> bool:
    field.data = None
    field.process_formdata([text])
    return type(field.value) is type(sample) and bool(field.value == sample)


def _stays_blank(field: Any) -> bool:
    """Whether no value is drawn in a way that is read as no value."""
    drawn = BLANK if isinstance(field, BooleanField) else field._text_of(None)
    try:
        return _comes_back(field, drawn, None)
    except ValueError:
        return not drawn  # the form takes a blank text for no value
