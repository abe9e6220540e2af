"""The bases of the forms of records: errors that are found late, and the version that was opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField

from dashboard.admin.kit.versions import FORM, State, read_signed, sign
from dashboard.web.forms import BoundedForm


class ConsoleForm(BoundedForm):
    """A form that can be refused after it was validated."""

    def add_error(self, message: str, field: str | None = None) -> None:
        """Show an error beside `field`, or above the form."""
        if field in self._fields:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)


class RecordForm(ConsoleForm):
    """The form of a record; ``version`` carries, signed, the record and the state that were opened."""

    version = HiddenField()
    form_layout: ClassVar[Sequence[Any]] = ()
    """The parts of the form, fields by their ``name``, below each ``header``; without any all fields."""

    def remember(self, record: Any, state: State) -> None:
        """Store the state of the record that is being edited in the form."""
        self.version.data = sign(FORM, record, state.dump())

    def state(self, record: Any) -> State:
        """The state of `record` that was opened; answers 400 to a forged one."""
        return State.load(read_signed(FORM, record, self.version.data or ""))


def text_of(field: Any) -> str:
    """The text that stands for the value of a field, as its form sends it."""
    if hasattr(field, "text"):
        return plain(field.text)
    if isinstance(field, BooleanField):
        return "y" if field.data else ""
    text = field.data if isinstance(field.data, str) or not hasattr(field, "_value") else field._value()
    return plain(str(text if text is not None else ""))


def plain(text: str | None) -> str:
    """A text with line breaks as they are stored; a form sends others."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")
