"""Fields and validators that the forms of accounts share: for names and for new passwords."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import Field, PasswordField, ValidationError
from wtforms.validators import InputRequired

from dashboard.accounts.flows import clean_person_name
from dashboard.accounts.password_policy import new_password_fault
from dashboard.accounts.passwords import MAXIMUM_LENGTH, normal_form
from dashboard.refusal import Refusal
from dashboard.web.forms import AtMost


def person_name(_form: Any, field: Field) -> None:
    """Trim a name and refuse it where `clean_person_name` does."""
    try:
        field.data = clean_person_name(field.data or "")
    except Refusal as error:
        raise ValidationError(str(error)) from error


def no_factor(_form: Any) -> bool:
    """Say of users of a form that they have no second factor."""
    return False


def new_password(
    owner: Callable[[Any], tuple[str, str]], has_factor: Callable[[Any], bool] = no_factor
) -> Callable[[Any, Field], None]:
    """Return a validator of new passwords.

    `owner` takes the email and name of the account from the form, and `has_factor` whether its user has a
    second factor.
    """

    def check(form: Any, field: Field) -> None:
        email, name = owner(form)
        fault = new_password_fault(field.data or "", email=email, name=name, with_factor=has_factor(form))
        if fault:
            raise ValidationError(fault)

    return check


def chosen_password(
    owner: Callable[[Any], tuple[str, str]],
    has_factor: Callable[[Any], bool] = no_factor,
    *,
    label: str = "Password",
    blank: str = "Choose a password.",
) -> PasswordField:
    """Return the field for a new password, checked as by `new_password`; `blank` is the error without one."""
    validators = [AtMost(MAXIMUM_LENGTH), InputRequired(blank), new_password(owner, has_factor)]
    return PasswordField(label, validators, render_kw={"autocomplete": "new-password"})


def repeated_password(
    *, label: str = "Confirm password", blank: str = "Enter the password again."
) -> PasswordField:
    """Return the field for the text of the field `password` again; `blank` is the error without one."""
    validators = [AtMost(MAXIMUM_LENGTH), InputRequired(blank), same_password]
    return PasswordField(label, validators, render_kw={"autocomplete": "new-password"})


def same_password(form: Any, field: Field) -> None:
    """Refuse a text that differs from the field `password`."""
    if normal_form(field.data or "") != normal_form(form.password.data or ""):
        raise ValidationError("The passwords don't match.")
