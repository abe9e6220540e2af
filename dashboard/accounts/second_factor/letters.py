"""The letters that tell a user that their second factors were changed."""

from __future__ import annotations

from dashboard.accounts.letters import Post, letter, lock_addressee
from dashboard.mail.letters import Letter
from dashboard.mail.outbox import QueuedMail
from dashboard.web.pages import BRAND

NOT_YOU = "If this was not you, change your password at once, and tell an admin."
TEXTS = {
    Post.FACTOR_ADDED: (
        "A second factor was added",
        "A second factor was added to your account {email} at {brand}. Your other sessions were logged out.",
        NOT_YOU,
    ),
    Post.FACTOR_REMOVED: (
        "A second factor was removed",
        "A second factor was removed from your account {email} at {brand}. Your other sessions were logged "
        "out.",
        NOT_YOU,
    ),
    Post.FACTORS_RESET: (
        "Your second factors were reset",
        "An admin removed all second factors of your account {email} at {brand}. You were logged out, and "
        "log in with your password.",
        "If you did not ask for this, log in, change your password at once, and tell an admin.",
    ),
}


def write_factor_change(mail: QueuedMail) -> Letter | None:
    """Tell a user what was changed; None where the account is gone."""
    user = lock_addressee(mail)
    if user is None:
        return None
    subject, what, advice = TEXTS[Post(mail.purpose)]
    return letter(user.email, subject, what.format(email=user.email, brand=BRAND), advice)
