"""Typing the name of a record to confirm what cannot be undone."""

from __future__ import annotations

from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired

from dashboard.admin.kit.forms import ConsoleForm
from dashboard.web.forms import AtMost

LONGEST_NAME = 254
"""The length of an email address, the longest name that a record has."""
WRONG_NAME = "The name doesn't match."


class TypedNameForm(ConsoleForm):
    """A form that is valid once `name` is typed; `any_case` takes it in capitals too, as emails are."""

    typed = StringField(
        validators=[AtMost(LONGEST_NAME), InputRequired(WRONG_NAME)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "required": True},
    )

    def __init__(self, name: str, *, any_case: bool = False) -> None:
        super().__init__()
        self.name, self.any_case = name, any_case
        self.typed.label.text = f"Type “{name}” to confirm"

    def validate_typed(self, field: Field) -> None:
        """Refuse any other text; spaces around and between the words do not matter."""
        if self._compared(field.data) != self._compared(self.name):
            raise ValidationError(WRONG_NAME)

    def _compared(self, text: str) -> str:
        words = " ".join(text.split())
        return words.casefold() if self.any_case else words
