"""The forms that ask for a code of an authenticator app."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from dashboard.web.forms import AtMost, BoundedForm

CODE_LENGTH = 20  # with spaces
SEALED_LENGTH = 200


class CodeField(PasswordField):  # type: ignore[misc]
    """A code that works once: shown while it is typed, and like a password never shown again or stored."""

    widget = TextInput()

    def _value(self) -> str:
        return ""


class CodeForm(BoundedForm):
    """A code of the authenticator app of a user."""

    one_time_code = CodeField(
        "Code",
        [AtMost(CODE_LENGTH), InputRequired("Enter the code that your app shows.")],
        description="Six digits, from your authenticator app.",
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )


class SetUpForm(CodeForm):
    """The first code of a new app, and its seed, encrypted."""

    sealed_seed = HiddenField(validators=[AtMost(SEALED_LENGTH)])
