"""Passkeys as a second factor and as a proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.accounts.models import User
from dashboard.accounts.passkeys.flows import MOST, NAME, has_passkey, passkeys_of, remove, use
from dashboard.accounts.passkeys.forms import UseForm
from dashboard.accounts.passkeys.models import Passkey
from dashboard.accounts.passkeys.options import asked
from dashboard.accounts.passkeys.relying_party import why_not_here
from dashboard.accounts.reauthentication.ways import Way
from dashboard.accounts.second_factor.factors import Factor
from dashboard.accounts.throttling.limits import Guess


def _proves(user: User, form: UseForm) -> bool:
    purpose, _ = asked()
    return use(user, form.passkey.answer, purpose)


def _facts(user: User) -> Mapping[str, Any]:
    rows = passkeys_of(user)
    return {"passkeys": rows, "reason": why_not_here(), "is_full": len(rows) >= MOST}


PASSKEY = Factor(
    way=Way(
        name=NAME,
        label="Use a passkey",
        wrong="The passkey was not accepted. Try again.",
        is_possible=has_passkey,
        form=UseForm,
        proves=_proves,
        guess=Guess.PASSKEY,
        unusable=lambda _user: why_not_here(),
    ),
    card="accounts/passkeys/card.html",
    facts=_facts,
    remove=remove,
    owner=Passkey.user_id,
)
