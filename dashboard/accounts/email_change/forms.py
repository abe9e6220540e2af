"""The form with which a user changes the email of their account."""

from __future__ import annotations

from wtforms import EmailField
from wtforms.validators import InputRequired

from dashboard.accounts.models import EMAIL_LENGTH
from dashboard.accounts.register.forms import EmailForm
from dashboard.web.forms import AtMost


class NewEmailForm(EmailForm):
    """A new email."""

    email = EmailField(
        "New email",
        [AtMost(EMAIL_LENGTH), InputRequired("Enter an email.")],
        render_kw={"autocomplete": "email"},
    )
