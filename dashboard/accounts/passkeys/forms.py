"""The forms that ask for a passkey. A script fills them in: see dashboard/static/passkeys.js."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import render_template
from markupsafe import Markup
from wtforms import Field, Form, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired

from dashboard.accounts.passkeys.answers import Answer, read_answer
from dashboard.accounts.passkeys.models import NAME_LENGTH
from dashboard.accounts.passkeys.options import login_options, new_options, use_options
from dashboard.accounts.passkeys.relying_party import why_not_here
from dashboard.text.titles import title_fault
from dashboard.web.forms import AtMost, BoundedForm

ANSWER_LENGTH = 16_384  # with the longest id and key of RSA, a quarter of it
READY = "Your browser will ask for your passkey."
NEEDS = "Passkeys need JavaScript, and a browser that supports them."


class PasskeyWidget:
    """Shows what a script needs to ask for a passkey, and says what is needed where there is none."""

    input_type = "hidden"

    def __call__(self, field: PasskeyField, **_attributes: Any) -> Markup:
        """Render the field."""
        reason = why_not_here()
        options = "" if reason else json.dumps(field.options(), separators=(",", ":"))
        drawn = render_template(
            "accounts/passkeys/field.html",
            field=field,
            options=options,
            kind="create" if field.options is new_options else "get",
            ready=READY if field.options is use_options else "",
            reason=reason or NEEDS,
        )
        return Markup(drawn)  # noqa: S704 - a template escapes what it shows


class PasskeyField(PasswordField):  # type: ignore[misc]
    """The answer of a browser, with a passkey. Like a password it is never shown again or stored."""

    widget = PasskeyWidget()

    def __init__(self, *args: Any, options: Callable[[], dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options

    @property
    def answer(self) -> Answer | None:
        """The answer, which nobody has checked; None where something else was sent."""
        return read_answer(self.data or "")


def _given(_form: Form, field: Field) -> None:
    if not field.data:
        raise ValidationError(why_not_here() or NEEDS)


class UseForm(BoundedForm):
    """A passkey of the user who is asked for one."""

    passkey = PasskeyField("Passkey", [AtMost(ANSWER_LENGTH, 1), _given], options=use_options)


class LoginByPasskeyForm(BoundedForm):
    """A passkey of anyone. Every mistake gets the same answer."""

    passkey = PasskeyField("Passkey", [AtMost(ANSWER_LENGTH, 1), _given], options=login_options)


class NamedForm(BoundedForm):
    """The name by which a user will know a passkey."""

    name = StringField(
        "Name",
        [AtMost(NAME_LENGTH), InputRequired("Enter a name.")],
        description="Where the passkey is, such as “Work laptop”.",
        render_kw={"autocomplete": "off"},
        filters=[lambda text: text and text.strip()],
    )

    def validate_name(self, field: Field) -> None:
        """Refuse a name that shows nothing or changes the rest of a page."""
        if fault := title_fault(field.data):
            raise ValidationError(fault)
        if len(field.data) > NAME_LENGTH:
            raise ValidationError(f"Use at most {NAME_LENGTH} characters.")


class AddForm(NamedForm):
    """A new passkey, and its name."""

    passkey = PasskeyField("Passkey", [AtMost(ANSWER_LENGTH, 1), _given], options=new_options)


class RenameForm(NamedForm):
    """Another name for a passkey."""
