"""The password as a way to prove who one is."""

from __future__ import annotations

from wtforms import PasswordField
from wtforms.validators import InputRequired

from dashboard.accounts.models import User
from dashboard.accounts.passwords import MAXIMUM_LENGTH, verify_password
from dashboard.accounts.reauthentication.ways import Way
from dashboard.accounts.throttling.limits import Guess
from dashboard.web.forms import AtMost, BoundedForm


class ConfirmPasswordForm(BoundedForm):
    """The password of the current user."""

    password = PasswordField(
        "Password",
        [AtMost(MAXIMUM_LENGTH), InputRequired("Enter your password.")],
        render_kw={"autocomplete": "current-password"},
    )


def _proves(user: User, form: ConfirmPasswordForm) -> bool:
    return verify_password(user.password_hash, form.password.data or "")


PASSWORD = Way(
    name="password",
    label="Use your password",
    wrong="The password is incorrect.",
    is_possible=lambda user: bool(user.password_hash),
    form=ConfirmPasswordForm,
    proves=_proves,
    guess=Guess.PASSWORD,
)
