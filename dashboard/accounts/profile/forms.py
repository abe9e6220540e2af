"""The forms of one's own profile."""

from __future__ import annotations

from flask import current_app
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, RadioField, StringField, ValidationError
from wtforms.validators import EqualTo, InputRequired, Length

from dashboard.accounts.models import NAME_LENGTH
from dashboard.accounts.passwords import password_fault, verify_password


class DetailsForm(FlaskForm):  # type: ignore[misc]
    """What others see of somebody, and how the console looks to them."""

    name = StringField(
        "Name",
        [Length(max=NAME_LENGTH, message=f"A name has at most {NAME_LENGTH} characters.")],
        description="Shown to your colleagues beside your e-mail address.",
        render_kw={"autocomplete": "name"},
    )
    mode = RadioField(
        "Colour mode", choices=[("system", "As the system"), ("light", "Light"), ("dark", "Dark")]
    )

    def validate_name(self, field: Field) -> None:
        """Refuse control characters, which no name has."""
        field.data = (field.data or "").strip()
        if not field.data.isprintable():
            raise ValidationError("A name cannot hold control characters.")


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, which needs the present one."""

    current = PasswordField(
        "Current password",
        [InputRequired("Enter your current password.")],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        "New password", [InputRequired("Choose a new password.")], render_kw={"autocomplete": "new-password"}
    )
    confirm = PasswordField(
        "Confirm new password",
        [
            InputRequired("Enter the new password again."),
            EqualTo("password", "The passwords differ. Enter the same one twice."),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_current(self, field: Field) -> None:
        """Refuse a change by somebody who found an open browser."""
        if not verify_password(current_user.password_hash, field.data):
            raise ValidationError("This is not your current password.")

    def validate_password(self, field: Field) -> None:
        """Refuse short, common and guessable passwords."""
        minimum = current_app.extensions["settings"].password_min_length
        fault = password_fault(field.data, minimum=minimum, email=current_user.email, name=current_user.name)
        if fault:
            raise ValidationError(fault)
