"""Recovery codes as a stand-in for the second factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.accounts.models import User
from dashboard.accounts.reauthentication.ways import Way
from dashboard.accounts.recovery_codes.flows import number_left, remove, use_code
from dashboard.accounts.recovery_codes.forms import RecoveryForm
from dashboard.accounts.recovery_codes.models import RecoveryCode
from dashboard.accounts.second_factor.factors import Factor
from dashboard.accounts.throttling.limits import Guess


def _proves(user: User, form: RecoveryForm) -> bool:
    return use_code(user, form.recovery_code.data or "")


def _facts(user: User) -> Mapping[str, Any]:
    return {"number": number_left(user)}


RECOVERY_CODES = Factor(
    way=Way(
        name="recovery-code",
        label="Use a recovery code",
        wrong="This is not one of your recovery codes, or it was used already.",
        is_possible=lambda user: number_left(user) > 0,
        form=RecoveryForm,
        proves=_proves,
        guess=Guess.CODE,
    ),
    card="accounts/recovery_codes/card.html",
    facts=_facts,
    remove=remove,
    owner=RecoveryCode.user_id,
    is_spare=True,
)
