"""Sets up the pages of accounts in one call."""

from __future__ import annotations

from flask import Flask

from dashboard.accounts.authenticator.background import init_authenticators
from dashboard.accounts.authenticator.factor import AUTHENTICATOR
from dashboard.accounts.authenticator.views import bp as authenticator
from dashboard.accounts.email_change import letters as email_letters
from dashboard.accounts.email_change.views import bp as email_change
from dashboard.accounts.invitations.letters import write_invitation
from dashboard.accounts.invitations.views import bp as invitations
from dashboard.accounts.letters import Post
from dashboard.accounts.logged_out import init_logged_out
from dashboard.accounts.login.by_passkey import bp as passkey_login
from dashboard.accounts.login.views import bp as login
from dashboard.accounts.login.views import logout_bp as logout
from dashboard.accounts.new_browsers import write_new_browser
from dashboard.accounts.passkeys.factor import PASSKEY
from dashboard.accounts.passkeys.views import bp as passkeys
from dashboard.accounts.profile.views import bp as profile
from dashboard.accounts.reauthentication.password import PASSWORD
from dashboard.accounts.reauthentication.views import bp as reauthentication
from dashboard.accounts.reauthentication.ways import add_way
from dashboard.accounts.recovery_codes.factor import RECOVERY_CODES
from dashboard.accounts.recovery_codes.letters import write_code_used
from dashboard.accounts.recovery_codes.views import bp as recovery_codes
from dashboard.accounts.register.letters import write_registration
from dashboard.accounts.register.views import bp as register
from dashboard.accounts.resets.letters import write_reset
from dashboard.accounts.resets.views import bp as resets
from dashboard.accounts.second_factor.factors import add_factor
from dashboard.accounts.second_factor.letters import write_factor_change
from dashboard.accounts.second_factor.required import init_required, open_without_factor
from dashboard.accounts.second_factor.views import bp as second_factor
from dashboard.accounts.second_step.views import bp as second_step
from dashboard.accounts.security_log.keeping import init_security_log
from dashboard.accounts.sessions import init_sessions
from dashboard.accounts.single_sign_on.setup import init_single_sign_on
from dashboard.accounts.throttling.background import init_throttling
from dashboard.accounts.typed import init_typed
from dashboard.mail.sending import add_writer

PAGES = (
    *(login, passkey_login, second_step, logout, register, invitations, resets, reauthentication),
    *(profile, email_change, second_factor, passkeys, authenticator, recovery_codes),
)
WRITERS = {
    Post.INVITATION: write_invitation,
    Post.RESET: write_reset,
    Post.REGISTRATION: write_registration,
    Post.EMAIL: email_letters.write_link,
    Post.EMAIL_ASKED: email_letters.write_asked,
    Post.EMAIL_CHANGED: email_letters.write_changed,
    Post.FACTOR_ADDED: write_factor_change,
    Post.FACTOR_REMOVED: write_factor_change,
    Post.FACTORS_RESET: write_factor_change,
    Post.NEW_BROWSER: write_new_browser,
    Post.RECOVERY_CODE_USED: write_code_used,
}


def init_accounts(app: Flask) -> None:
    """Register the pages for logging in and out, registering, joining, resetting and editing a profile."""
    init_sessions(app)
    init_logged_out()
    init_typed(app)
    init_throttling(app)
    init_security_log(app)
    init_required(app)
    init_authenticators(app)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    add_way(app, PASSWORD)
    add_factor(app, PASSKEY)
    add_factor(app, AUTHENTICATOR)
    add_factor(app, RECOVERY_CODES)
    open_without_factor(app, "authenticator.setting_up", "passkeys.adding")
    init_single_sign_on(app)
    for purpose, write in WRITERS.items():
        add_writer(app, purpose, write)
