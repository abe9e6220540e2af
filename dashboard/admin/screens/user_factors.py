"""Resetting the second factors of users who lost them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.models import User
from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.accounts.second_factor.flows import reset_factors
from dashboard.admin.kit.asking import ask_or_do
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.detail import Fact, RecordAction
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import Selection
from dashboard.permissions import Access

CONSEQUENCE = (
    "This removes the authenticator app, the recovery codes and any other second factor, and logs the user "
    "out of every browser. Until they set up a new one, their password alone is enough to log in. Make sure "
    "that it is really this user who asks."
)


class SecondFactors(Feature[Screen]):
    """Removes the second factors of a user who lost them."""

    @route("/reset-factors/", Access.WRITE, methods=("GET", "POST"))
    def reset_factors_view(self) -> ResponseReturnValue:
        """Ask on GET; remove the factors on POST."""
        return ask_or_do(
            self.screen,
            lambda user: Confirmation(
                f"Reset the second factor of {user.email}?", CONSEQUENCE, "Reset second factor"
            ),
            _reset,
        )


def _reset(chosen: Selection) -> str:
    [user] = (record for records in chosen.slices() for record in records)
    reset_factors(current_user, [user])
    return f"Second factor of {user.email} reset."


def factor_actions(user: User) -> Sequence[RecordAction]:
    """The offer to reset the second factors of an account that has any."""
    if not _has_factor(user):
        return ()
    return (RecordAction("Reset second factor", url_for(".reset_factors_view", id=user.id)),)


def factor_fact(user: User) -> Fact:
    """Whether an account has a second factor."""
    return Fact("Second factor", "On" if _has_factor(user) else "Off")


def _has_factor(user: User) -> bool:
    # The facts of a page and its actions ask both.
    if (known := g.get("has_factor")) is None or known[0] != user.id:
        known = g.has_factor = (user.id, has_second_factor(user))
    return bool(known[1])
