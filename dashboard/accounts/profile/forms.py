"""The forms of one's own profile."""

from __future__ import annotations

from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, PasswordField, RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired

from dashboard.accounts.fields import new_password, person_name
from dashboard.accounts.flows import AccountError
from dashboard.accounts.passwords import verify_password

MODE_LABELS = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))


class DetailsForm(FlaskForm):  # type: ignore[misc]
    """What others see of somebody, and how the console looks to them."""

    name = StringField(
        "Name",
        [person_name],
        description="Shown to your colleagues beside your e-mail address.",
        render_kw={"autocomplete": "name"},
    )
    mode = RadioField("Colour mode", choices=[SelectChoice(value, label) for value, label in MODE_LABELS])
    opened = HiddenField()
    """The name as the page showed it."""
    single_keys = BooleanField(
        "Shortcuts of a single key",
        description="Such as / to search. Switch them off if you dictate, or press keys by mistake.",
    )

    def new_name(self, stored: str) -> str:
        """The name to keep; raises AccountError where two people changed it, and shows what it is now."""
        if self.opened.data is None or stored in (self.opened.data, self.name.data):
            return str(self.name.data)
        if self.name.data == self.opened.data:
            return stored
        self.opened.data = stored
        raise AccountError(
            f"Your name was changed to “{stored}” since you opened this page. Save again to keep yours."
        )


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, which needs the present one."""

    current = PasswordField(
        "Current password",
        [InputRequired("Enter your current password.")],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        "New password",
        [
            InputRequired("Choose a new password."),
            new_password(lambda _form: (current_user.email, current_user.name)),
        ],
        render_kw={"autocomplete": "new-password"},
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
