"""The registration form."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, ValidationError
from wtforms.validators import EqualTo, InputRequired

from dashboard.accounts.fields import new_password
from dashboard.accounts.flows import AccountError, normalise_email


class RegisterForm(FlaskForm):  # type: ignore[misc]
    """What an account begins with."""

    email = EmailField(
        "E-mail address",
        [InputRequired("Enter your e-mail address.")],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Password",
        [InputRequired("Choose a password."), new_password(lambda form: (form.email.data or "", ""))],
        render_kw={"autocomplete": "new-password"},
    )
    confirm = PasswordField(
        "Confirm password",
        [
            InputRequired("Enter the password again."),
            EqualTo("password", "The passwords differ. Enter the same one twice."),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_email(self, field: Field) -> None:
        """Refuse what is no e-mail address."""
        try:
            normalise_email(field.data)
        except AccountError as error:
            raise ValidationError(str(error)) from error
