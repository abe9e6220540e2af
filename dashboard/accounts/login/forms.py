"""The login form."""

from __future__ import annotations

from wtforms import EmailField, PasswordField

from dashboard.web.forms import TypedForm


class LoginForm(TypedForm):
    """What people log in with. Nothing is checked here: whatever is wrong gets the same answer.

    Not even lengths, which `authenticate` looks at before anything else.
    """

    email = EmailField("E-mail address", render_kw={"autocomplete": "username", "required": True})
    password = PasswordField("Password", render_kw={"autocomplete": "current-password", "required": True})
