"""Fields and validators that the forms of accounts share: for names and for new passwords."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app
from wtforms import Field, PasswordField, ValidationError
from wtforms.validators import InputRequired

from dashboard.accounts.flows import clean_person_name
from dashboard.accounts.passwords import MAXIMUM_LENGTH, normal_form, password_fault
from dashboard.refusal import Refusal
from dashboard.web.forms import AtMost


def person_name(_form: Any, field: Field) -> None:
    """Trim a name and refuse it where `clean_person_name` does."""
    try:
        field.data = clean_person_name(field.data or "")
    except Refusal as error:
        raise ValidationError(str(error)) from error


def new_password(owner: Callable[[Any], tuple[str, str]]) -> Callable[[Any, Field], None]:
    """Return a validator of new passwords; `owner` takes the email and name of the account from the form."""

    def check(form: Any, field: Field) -> None:
        email, name = owner(form)
        minimum = current_app.extensions["settings"].password_min_length
        if fault := password_fault(field.data or "", minimum=minimum, email=email, name=name):
            raise ValidationError(fault)

    return check


def chosen_password(
    owner: Callable[[Any], tuple[str, str]], *, label: str = "Password", blank: str = "Choose a password."
) -> PasswordField:
    """Return the field for a new password; `owner` is as in `new_password`, `blank` the error without one."""
    validators = [AtMost(MAXIMUM_LENGTH), InputRequired(blank), new_password(owner)]
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
