"""The ways in which a user can prove who they are, each a form and a check of what it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app
from flask_wtf import FlaskForm

from dashboard.accounts.models import User
from dashboard.accounts.throttling.limits import Guess

WAYS = "ways_to_prove"
"""The key of `app.extensions` with the ways of the application, in the order in which they are offered."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to prove who one is.

    ``name`` stands in addresses, ``label`` on the link to it, ``wrong`` above a form that proved nothing.
    ``is_possible`` says whether a user has it. ``proves`` says whether a valid form is a proof that its
    sender is this user. It takes no other user: whoever else the form may be about, it proves nothing. It is
    counted as an attempt to log in, and must not leave a transaction open. ``guess`` says which limits hold.
    ``unusable`` says why a user who has the way cannot use it in this request; empty where they can.
    """

    name: str
    label: str
    wrong: str
    is_possible: Callable[[User], bool]
    form: Callable[[], FlaskForm]
    proves: Callable[[User, Any], bool]
    guess: Guess
    unusable: Callable[[User], str] = lambda _user: ""


@dataclass(frozen=True, kw_only=True)
class WayElsewhere:
    """A way to prove who one is on a page of its own, at the address ``page`` for the address to go on to."""

    name: str
    label: str
    is_possible: Callable[[User], bool]
    page: Callable[[str], str]


AnyWay = Way | WayElsewhere
Chosen = TypeVar("Chosen", bound=AnyWay)


def add_way(app: Flask, way: AnyWay) -> None:
    """Offer a way to prove who one is, after those that were added before."""
    app.extensions.setdefault(WAYS, []).append(way)


def why_unusable(way: AnyWay, user: User) -> str:
    """Say why a user cannot use one of their ways in this request; empty where they can."""
    return way.unusable(user) if isinstance(way, Way) else ""


def chosen_among(ways: Sequence[Chosen], user: User, name: str | None) -> Chosen | None:
    """Return the way called `name`, else the first that can be used, else the first; None without ways."""
    named = (way for way in ways if way.name == name)
    return next(named, None) or next(iter([*usable(ways, user), *ways]), None)


def usable(ways: Sequence[Chosen], user: User) -> list[Chosen]:
    """Return those of the ways that the user can use in this request."""
    return [way for way in ways if not why_unusable(way, user)]


def reasons_against(ways: Sequence[AnyWay], user: User) -> list[str]:
    """Say why the user cannot use some of the ways in this request."""
    return [reason for way in ways if (reason := why_unusable(way, user))]


def ways_of(user: User) -> list[AnyWay]:
    """Return the ways that a user has, the best first."""
    return [way for way in current_app.extensions[WAYS] if way.is_possible(user)]
