"""The forms of the profile."""

from __future__ import annotations

from typing import Any

from flask_login import current_user
from markupsafe import Markup
from wtforms import (
    BooleanField,
    Field,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import Select

from dashboard.accounts.fields import chosen_password, person_name, repeated_password
from dashboard.accounts.models import NAME_LENGTH
from dashboard.accounts.passwords import MAXIMUM_LENGTH, verify_password
from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.clock import now
from dashboard.number_form import FORMS
from dashboard.preferences import is_zone, label_of, zones_to_choose
from dashboard.web.choices import browser_numbers, browser_zone, chosen_numbers, chosen_zone, density
from dashboard.web.forms import AtMost, BoundedForm
from dashboard.web.opened import OpenedForm
from dashboard.web.starts import NOT_THERE, starts
from dashboard.words import moment_words

DENSITY_LABELS = (("comfortable", "Comfortable"), ("compact", "Compact"))
NOT_KNOWN = "This browser's, which is not known: UTC"
EXAMPLE = "1,200.00"
MODE_LABELS = (("system", "System"), ("light", "Light"), ("dark", "Dark"))


class BriefSelect(Select):  # type: ignore[misc]
    """A choice among hundreds: an option whose value is its label leaves the value out, as HTML allows."""

    @classmethod
    def render_option(cls, choice: Any, **attributes: Any) -> Markup:
        """The HTML of an option."""
        if choice.value != choice.label:
            return Markup(super().render_option(choice, **attributes))  # noqa: S704 - it is HTML already
        return Markup("<option{}>{}</option>").format(" selected" if choice.selected else "", choice.label)


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
    start = SelectField(
        "Home after logging in",
        choices=[],
        validate_choice=False,
        default=lambda: starts().chosen(current_user),
        description="The name of the console, above the menu, leads there too.",
    )
    zone = SelectField("Time zone", choices=[], validate_choice=False, widget=BriefSelect())
    numbers = SelectField("Numbers", description="How numbers are shown and typed.", default=chosen_numbers)
    single_keys = BooleanField(
        "Single-key shortcuts",
        description="For example, / to search. Turn them off if you use dictation or press keys by mistake.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts = dict(starts().options(current_user))
        self.start.choices = [SelectChoice(*option) for option in self.starts.items()]
        own = f"This browser's: {label_of(browser_zone())}" if browser_zone() else NOT_KNOWN
        names = dict.fromkeys((*zones_to_choose(), *filter(None, (chosen_zone(),))))
        self.zone.choices = [SelectChoice("", own), *(SelectChoice(name, label_of(name)) for name in names)]
        browser = browser_numbers().write(EXAMPLE)
        self.numbers.choices = [
            SelectChoice("", f"This browser's language: {browser}"),
            *(SelectChoice(name, form.write(EXAMPLE)) for name, form in FORMS.items()),
        ]
        self.zone.description = f"Times are shown in it, and typed in it. It is {moment_words(now())} now."

    def label_of(self, name: str, value: str) -> str:
        """The words for a value of a field: the label of a choice, or the value itself."""
        choices = getattr(self[name], "choices", None) or ()
        return next((str(each.label) for each in choices if each.value == value), value)

    def validate_start(self, field: Field) -> None:
        """Refuse what is no choice, or no longer."""
        if field.data not in self.starts:
            raise ValidationError(NOT_THERE)

    def validate_zone(self, field: Field) -> None:
        """Refuse a zone that there is none of."""
        if field.data and not is_zone(field.data):
            raise ValidationError("Choose one of these.")


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
