"""The reason that a user gives for a change: sent with its form, and demanded for some kinds of records."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from flask import g, has_request_context
from werkzeug.exceptions import UnprocessableEntity

from dashboard.history.chain import digest
from dashboard.history.models import REASON_LENGTH, ChangeKind
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.text.titles import title_fault

REASON_FIELD = "dashboard-reason"
"""The name of the input; no column is called so."""
GIVEN = "reason_of_change"
"""Where a request has the reason that was sent with it; absent where it is not asked for."""
EXEMPT = (
    ChangeKind.UNDO,
    ChangeKind.RESTORE,
    ChangeKind.ERASE,
    ChangeKind.PURGE,
    ChangeKind.EXPORT,
    ChangeKind.LINK,
)
"""Change sets that need no reason: what they restore had one, or they say it themselves."""
SALT_BYTES = 16
NO_REASON = "Enter a reason for this change."


class ReasonError(Refusal, UnprocessableEntity):
    """A change needs a reason: told beside its input, else answered by a page of 422."""

    def __init__(self, message: str) -> None:
        super().__init__(message, REASON_FIELD)
        self.description = message

    def __str__(self) -> str:
        return self.description or ""


def take_reason(text: str) -> None:
    """Use a text that was sent with the request as the reason of its changes."""
    setattr(g, GIVEN, " ".join(text.split()))


def given_reason() -> str | None:
    """The reason that was sent with the request; None where it is not asked for."""
    return getattr(g, GIVEN, None) if has_request_context() else None


def demands_reason(kind: str) -> bool:
    """Whether changes of records of a kind need a reason."""
    record = registry().get(kind)
    return record is not None and record.reason_required


def require_reason(kinds: Collection[str], words: Mapping[str, Any]) -> None:
    """Raise ReasonError where a page changes such records without one, or with one that cannot be read."""
    given = given_reason()
    reason = words.get("reason") or given or ""
    if len(reason) > REASON_LENGTH:
        raise ReasonError(f"Enter a reason of up to {REASON_LENGTH} characters.")
    if reason and (fault := title_fault(reason, "a reason")):
        raise ReasonError(fault)
    if (
        given is not None
        and not reason
        and words.get("kind") not in EXEMPT
        and any(map(demands_reason, kinds))
    ):
        raise ReasonError(NO_REASON)


def reason_columns(described: str | None) -> dict[str, Any]:
    """The columns of a change set for its reason: `described`, else the one that was sent."""
    reason = described or given_reason()
    if not reason:
        return {}
    salt = secrets.token_bytes(SALT_BYTES)
    return {"reason": reason, "reason_salt": salt, "reason_digest": digest(salt, reason)}
