"""The registration form."""

from __future__ import annotations

from wtforms import EmailField, Field, ValidationError
from wtforms.validators import InputRequired

from dashboard.accounts.fields import chosen_password, repeated_password
from dashboard.accounts.flows import normalise_email
from dashboard.accounts.models import EMAIL_LENGTH
from dashboard.refusal import Refusal
from dashboard.web.forms import AtMost, BoundedForm


class EmailForm(BoundedForm):
    """The email of a new account."""

    email = EmailField(
        "Email",
        [AtMost(EMAIL_LENGTH), InputRequired("Enter an email.")],
        render_kw={"autocomplete": "username"},
    )

    def validate_email(self, field: Field) -> None:
        """Refuse an invalid email."""
        try:
            normalise_email(field.data)
        except Refusal as error:
            raise ValidationError(str(error)) from error


class RegisterForm(EmailForm):
    """Email and password of a new account."""

    password = chosen_password(lambda form: (form.email.data or "", ""))
    confirm = repeated_password()


class RegisterByMailForm(EmailForm):
    """The email that a link for registering is sent to."""


class FinishForm(BoundedForm):
    """The password of a new account whose ``address`` opened the link."""

    address: str
    password = chosen_password(lambda form: (form.address, ""))
    confirm = repeated_password()
