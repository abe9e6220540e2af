"""Second factors of accounts, in an application context."""

from datetime import timedelta

import pyotp

from dashboard import clock
from dashboard.accounts.authenticator.codes import PERIOD_SECONDS, new_seed, step_of
from dashboard.accounts.authenticator.flows import seal
from dashboard.accounts.authenticator.models import Authenticator
from dashboard.accounts.models import User
from dashboard.accounts.recovery_codes.flows import add_codes
from dashboard.extensions import db


def an_authenticator(user: User) -> str:
    """The seed of a new authenticator app of `user`, whose codes were not used for some time."""
    seed = new_seed()
    row = Authenticator(user_id=user.id, seed=seal(seed, user.id), last_step=step_of(clock.now()) - 10)
    db.session.add(row)
    db.session.flush()
    return seed


def code_of(seed: str, *, steps: int = 0) -> str:
    """The code that an app with this seed shows, so many `steps` of 30 seconds from now."""
    return pyotp.TOTP(seed).at(clock.now() + timedelta(seconds=PERIOD_SECONDS * steps))


def recovery_codes(user: User) -> list[str]:
    """New recovery codes of `user`."""
    return add_codes(user)
