"""The input for the reason of a change, as templates show it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request

from dashboard.history.models import REASON_LENGTH
from dashboard.history.reasons import NO_REASON, REASON_FIELD, demands_reason
from dashboard.web.forms import sent_fields

SCREEN_KIND = "kind_of_screen"
"""Where a request has the kind of the records of its screen."""


@dataclass(frozen=True)
class ReasonInput:
    """The input: its text as it was sent, whether it must not be blank, and what is wrong with it."""

    value: str
    is_required: bool
    error: str
    name: str = REASON_FIELD
    most: int = REASON_LENGTH


def reason_input(*kinds: str) -> ReasonInput:
    """The input on this page, for changes of records of these kinds, by default of that of its screen."""
    kinds = kinds or tuple(filter(None, [getattr(g, SCREEN_KIND, "")]))
    value = sent_fields().get(REASON_FIELD, "")[:REASON_LENGTH]
    is_required = any(map(demands_reason, kinds))
    # A question that a button opens was not sent the input yet.
    is_missing = REASON_FIELD in request.form and is_required and not value.strip()
    return ReasonInput(value, is_required, NO_REASON if is_missing else "")
