"""The form with which a user asks for a reset link."""

from __future__ import annotations

from dashboard.accounts.register.forms import EmailForm


class ForgottenForm(EmailForm):
    """The email of the account whose password was forgotten."""
