"""Changes of second factors, whatever their kind. Flows change and flush; the caller commits."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.accounts.letters import Post
from dashboard.accounts.managing import refuse_unmanageable
from dashboard.accounts.models import User
from dashboard.accounts.second_factor.factors import all_factors, has_second_factor
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.sessions import end_sessions
from dashboard.mail.outbox import queue
from dashboard.refusal import Refusal


def factor_added(user: User, factor: str, *, keep_session: int | None) -> None:
    """Tell that a locked account has a new factor, and end its other sessions (security line 31)."""
    end_sessions(user, keep=keep_session)
    log_event(Event.FACTOR_ADDED, user, factor=factor)
    queue(Post.FACTOR_ADDED, user_id=user.id)


def factor_removed(user: User, factor: str, *, keep_session: int | None) -> None:
    """Tell that a factor of a locked account was removed, and end its other sessions.

    What only stands in for a factor goes with the last one.
    """
    if not has_second_factor(user):
        _remove_all(user)
    end_sessions(user, keep=keep_session)
    log_event(Event.FACTOR_REMOVED, user, factor=factor)
    queue(Post.FACTOR_REMOVED, user_id=user.id)


def reset_factors(actor: User | None, subjects: Sequence[User]) -> int:
    """Remove all second factors of other users, and end their sessions; returns how many factors.

    `actor` is as in `managing`. Raises Refusal where `actor` may not, and for a user without
    a factor.
    """
    refuse_unmanageable(actor, *subjects)
    number = 0
    for subject in subjects:
        removed = _remove_all(subject)
        if not removed:
            raise Refusal(f"{subject.email} has no second factor.")
        number += removed
        end_sessions(subject)
        log_event(Event.FACTORS_RESET, subject, by=actor)
        queue(Post.FACTORS_RESET, user_id=subject.id)
    return number


def _remove_all(user: User) -> int:
    return sum(factor.remove(user) for factor in all_factors())
