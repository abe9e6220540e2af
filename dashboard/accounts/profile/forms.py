"""The forms of the profile."""

from __future__ import annotations

from typing import Any

from flask_login import current_user
from wtforms import BooleanField, Field, PasswordField, RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from dashboard.accounts.fields import chosen_password, person_name, repeated_password
from dashboard.accounts.models import NAME_LENGTH
from dashboard.accounts.passwords import MAXIMUM_LENGTH, verify_password
from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.web.choices import density
from dashboard.web.forms import AtMost, BoundedForm
from dashboard.web.opened import OpenedForm

DENSITY_LABELS = (("comfortable", "Comfortable"), ("compact", "Compact"))
MODE_LABELS = (("system", "System"), ("light", "Light"), ("dark", "Dark"))


class DetailsForm(OpenedForm):
    """A user's name, and how the console looks and works for them."""

    name = StringField(
        "Name",
        [AtMost(NAME_LENGTH), person_name],
        description="Shown to other users next to the changes you make.",
        render_kw={"autocomplete": "name"},
    )
    mode = RadioField("Colour mode", choices=[SelectChoice(value, label) for value, label in MODE_LABELS])
    density = RadioField(
        "Rows of lists",
        choices=[SelectChoice(value, label) for value, label in DENSITY_LABELS],
        default=density,
    )
    single_keys = BooleanField(
        "Single-key shortcuts",
        description="For example, / to search. Turn them off if you use dictation or press keys by mistake.",
    )


class PasswordForm(BoundedForm):
    """A new password, which requires the current one, if there is one."""

    current = PasswordField(
        "Current password",
        [AtMost(MAXIMUM_LENGTH), InputRequired("Enter your current password.")],
        render_kw={"autocomplete": "current-password"},
    )
    password = chosen_password(
        lambda _form: (current_user.email, current_user.name),
        lambda _form: has_second_factor(current_user),
        label="New password",
        blank="Choose a new password.",
    )
    confirm = repeated_password(label="Confirm new password", blank="Enter the new password again.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not current_user.password_hash:  # the view then asks for another proof
            del self.current

    def validate_current(self, field: Field) -> None:
        """Refuse a change by anyone who only found an open browser."""
        if not verify_password(current_user.password_hash, field.data):
            raise ValidationError("The current password is incorrect.")
