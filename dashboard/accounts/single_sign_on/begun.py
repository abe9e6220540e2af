"""Logins at the provider that have begun in a browser, each kept in its session cookie until it ends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from flask import session

from dashboard import clock

KEY = "single_sign_on"
"""The key of the browser's session with what has begun there, by the state that comes back."""
LASTS = timedelta(minutes=10)
AT_ONCE = 2
"""A cookie holds no more; beyond it, the one that began first is dropped."""
LONGEST_GOAL = 600
BYTES = 24
WHEN = 4  # the place of the time in what is kept


class Purpose(StrEnum):
    """The reason why a user goes to the provider."""

    LOG_IN = "log-in"
    PROVE = "prove"
    CONNECT = "connect"


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A login that has begun: for whom, why, when, and where its user goes on.

    ``session_id`` is that of the session in which a user proves or connects something.
    """

    purpose: Purpose
    goal: str
    nonce: str
    verifier: str
    at: datetime
    session_id: int | None

    @property
    def is_over(self) -> bool:
        """Whether it takes too long."""
        return abs(clock.now() - self.at) > LASTS  # nodes may differ by a little

    @classmethod
    def new(cls, purpose: Purpose, goal: str, session_id: int | None) -> Self:
        """Begin a login."""
        nonce, verifier = secrets.token_urlsafe(BYTES), secrets.token_urlsafe(2 * BYTES)
        short = goal if len(goal) <= LONGEST_GOAL else goal.partition("?")[0]
        return cls(
            purpose=purpose,
            goal=short if len(short) <= LONGEST_GOAL else "",
            nonce=nonce,
            verifier=verifier,
            at=clock.now(),
            session_id=session_id,
        )


def keep(begun: Begun) -> str:
    """Keep a login in the cookie of the browser; returns the state that finds it again."""
    state = secrets.token_urlsafe(BYTES)
    others = sorted(session.get(KEY, {}).items(), key=lambda pair: pair[1][WHEN])
    session[KEY] = dict([*others[-(AT_ONCE - 1) :], (state, _packed(begun))])
    return state


def take(state: str) -> Begun | None:
    """Return the login that began in this browser with `state`, once; None where there is none in time."""
    kept = dict(session.get(KEY, {}))
    packed = kept.pop(state, None)
    if packed is None:
        return None
    session[KEY] = kept
    begun = _unpacked(packed)
    return None if begun.is_over else begun


def _packed(begun: Begun) -> list[Any]:
    at = int(begun.at.timestamp())
    return [begun.purpose.value, begun.goal, begun.nonce, begun.verifier, at, begun.session_id]


def _unpacked(packed: list[Any]) -> Begun:
    purpose, goal, nonce, verifier, at, session_id = packed
    return Begun(
        purpose=Purpose(purpose),
        goal=goal,
        nonce=nonce,
        verifier=verifier,
        at=datetime.fromtimestamp(at, UTC),
        session_id=session_id,
    )
