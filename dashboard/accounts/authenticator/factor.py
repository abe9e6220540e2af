"""The authenticator app as a second factor and as a proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.accounts.authenticator.codes import moment_of
from dashboard.accounts.authenticator.flows import (
    NAME,
    authenticator_of,
    has_authenticator,
    is_readable,
    remove,
    use_code,
)
from dashboard.accounts.authenticator.forms import CodeForm
from dashboard.accounts.authenticator.models import Authenticator
from dashboard.accounts.models import User
from dashboard.accounts.reauthentication.ways import Way
from dashboard.accounts.second_factor.factors import Factor
from dashboard.accounts.throttling.limits import Guess

UNREADABLE = (
    "The console cannot check codes of your authenticator app at the moment, because it cannot read its key. "
    "Use a recovery code, or ask an admin."
)


def _proves(user: User, form: CodeForm) -> bool:
    return use_code(user, form.one_time_code.data or "")


def _facts(user: User) -> Mapping[str, Any]:
    row = authenticator_of(user)
    used_at = moment_of(row.last_step) if row else None
    return {"added_at": row.added_at if row else None, "used_at": used_at}


AUTHENTICATOR = Factor(
    way=Way(
        name=NAME,
        label="Use your authenticator app",
        wrong="The code is wrong, or was used already. Wait for the next one.",
        is_possible=has_authenticator,
        form=CodeForm,
        proves=_proves,
        guess=Guess.CODE,
        unusable=lambda user: "" if is_readable(user) else UNREADABLE,
    ),
    card="accounts/authenticator/card.html",
    facts=_facts,
    remove=remove,
    owner=Authenticator.user_id,
)
