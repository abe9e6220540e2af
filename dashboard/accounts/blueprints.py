"""Sets up the pages of accounts in one call."""

from __future__ import annotations

from flask import Flask

from dashboard.accounts.invitations.views import bp as invitations
from dashboard.accounts.logged_out import init_logged_out
from dashboard.accounts.login.views import bp as login
from dashboard.accounts.login.views import logout_bp as logout
from dashboard.accounts.profile.views import bp as profile
from dashboard.accounts.register.views import bp as register
from dashboard.accounts.resets.views import bp as resets
from dashboard.accounts.sessions import init_sessions
from dashboard.accounts.throttling.background import init_throttling
from dashboard.accounts.typed import init_typed


def init_accounts(app: Flask) -> None:
    """Register the pages for logging in and out, registering, joining, resetting and editing a profile."""
    init_sessions(app)
    init_logged_out()
    init_typed(app)
    init_throttling(app)
    for blueprint in (login, logout, register, invitations, resets, profile):
        app.register_blueprint(blueprint)
