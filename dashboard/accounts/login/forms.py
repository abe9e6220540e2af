"""The login form."""

from __future__ import annotations

from wtforms import EmailField, PasswordField

from dashboard.web.forms import TypedForm


class LoginForm(TypedForm):
    """Email and password. It has no validators, since every mistake gets the same answer.

    It bounds no lengths either: `authenticate` checks them first.
    """

    email = EmailField("Email", render_kw={"autocomplete": "username webauthn", "required": True})
    password = PasswordField("Password", render_kw={"autocomplete": "current-password", "required": True})
