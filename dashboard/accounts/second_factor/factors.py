"""The kinds of second factors of an application, and those that a user has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from dashboard.accounts.models import User
from dashboard.accounts.reauthentication.ways import Way, add_way
from dashboard.extensions import db

FACTORS = "second_factors"
"""The key of `app.extensions` with the kinds of second factors, in the order in which they are offered."""


@dataclass(frozen=True, kw_only=True)
class Factor:
    """A kind of second factor.

    ``way`` is how a user proves to have it, after the password and when asked for a proof. ``is_spare`` says
    that it only stands in for another factor, such as recovery codes: it is not a factor by itself. ``card``
    is the template of its part of the page of second factors, which gets ``facts``. ``remove`` takes it from
    a user whose account is locked, and returns how many there were. ``owner`` is the column of its table that
    names the user.
    """

    way: Way
    card: str
    facts: Callable[[User], Mapping[str, Any]]
    remove: Callable[[User], int]
    owner: InstrumentedAttribute[int]
    is_spare: bool = False


def add_factor(app: Flask, factor: Factor) -> None:
    """Offer a kind of second factor, after those that were added before."""
    add_way(app, factor.way)
    app.extensions.setdefault(FACTORS, []).append(factor)


def all_factors() -> Sequence[Factor]:
    """Return the kinds of second factors of the current application."""
    return tuple(current_app.extensions.get(FACTORS, ()))


def has_second_factor(user: User) -> bool:
    """Whether a user has a second factor; one that only stands in for another is not one."""
    return bool(db.session.scalar(select(owns_second_factor(user))))


def owns_second_factor(user: User) -> ColumnElement[bool]:
    """Whether a user has a second factor, as a column of any statement."""
    return _owns_one_of(user, [factor for factor in all_factors() if not factor.is_spare])


def has_other_factor(user: User, name: str) -> bool:
    """Whether a user has a second factor of another kind than the one whose way is called `name`."""
    others = (factor for factor in all_factors() if not factor.is_spare and factor.way.name != name)
    return bool(db.session.scalar(select(_owns_one_of(user, others))))


def _owns_one_of(user: User, factors: Iterable[Factor]) -> ColumnElement[bool]:
    # In one statement: where a role needs a factor, every request of its users asks.
    return or_(false(), *(exists().where(factor.owner == user.id) for factor in factors))


def second_ways(user: User) -> list[Way]:
    """Return the ways of the second step of logging in, the best first; empty without a second factor."""
    if not has_second_factor(user):
        return []
    return [factor.way for factor in all_factors() if factor.way.is_possible(user)]
