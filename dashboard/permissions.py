"""Who may do what: roles, permissions, and the one decorator that asks.

A permission has a least role: that role and all after it have it. Those of records are made by the registry,
once for each kind of record; each application has its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

from flask import Flask, abort, current_app
from flask_login import current_user, login_required

P = ParamSpec("P")
R = TypeVar("R")
GRANTS = "grants"
"""Where an application keeps its `Grants`."""


class Access(StrEnum):
    """The kinds of access to records: each kind of record has a permission for every one of these."""

    READ = "read"
    WRITE = "write"
    EXPORT = "export"
    PURGE = "purge"


class Permission(str):
    """A thing that can be allowed, as ``resource:action``; views, screens and templates use the same value.

    Raises ValueError for a text of another form.
    """

    __slots__ = ()
    FORM = re.compile(r"[a-z][a-z0-9_.-]*:[a-z]+(_[a-z]+)*", re.ASCII)

    def __new__(cls, text: str) -> Permission:
        """Check the form of a permission; raises ValueError."""
        if not cls.FORM.fullmatch(text):
            raise ValueError(f"A permission is written resource:action, unlike {text!r}.")
        return super().__new__(cls, text)


HOME_READ = Permission("home:read")
JOBS_MANAGE = Permission("jobs:manage")
SECURITY_READ = Permission("security:read")
VIEWS_MANAGE = Permission("views:manage")
VIEWS_SHARE = Permission("views:share")


class Role(StrEnum):
    """The role of a user, from the least to the most; each has all permissions of the one before."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """The place in the order of roles, 0 for the least."""
        return RANKS[self]


RANKS: Mapping[Role, int] = {role: rank for rank, role in enumerate(Role)}


class Grants:
    """The permissions of one application, each with the least role that has it."""

    def __init__(self) -> None:
        self.least: dict[Permission, Role] = {}
        self._by_role: dict[Role, frozenset[Permission]] = {}

    def add(self, permission: Permission, least: Role) -> None:
        """Give `permission` to the role `least` and to all after it; raises ValueError where it has one."""
        if self.least.setdefault(permission, least) is not least:
            raise ValueError(f"{permission} belongs to {self.least[permission]} already, not to {least}.")
        self._by_role.clear()

    def declare(self, name: str, least: Role) -> Permission:
        """Add a permission that belongs to no kind of record; raises ValueError where its name is taken."""
        permission = Permission(name)
        if permission in self.least:
            raise ValueError(f"There is a permission {name} already.")
        kind, _, action = name.partition(":")
        if action in list(Access):
            raise ValueError(f"The roles of the screen {kind} say who has {name}. Choose another word.")
        self.add(permission, Role(least))
        return permission

    def remove(self, permission: Permission) -> None:
        """Take a permission away from all roles; raises KeyError where there is none."""
        del self.least[permission]
        self._by_role.clear()

    def of(self, role: Role) -> frozenset[Permission]:
        """Everything that a role may do."""
        if role not in self._by_role:
            held = (permission for permission, least in self.least.items() if least.rank <= role.rank)
            self._by_role[role] = frozenset(held)
        return self._by_role[role]

    def least_role(self, permission: str) -> Role:
        """The least role with a permission; raises ValueError for one that does not exist."""
        role: Role | None = self.least.get(permission)  # type: ignore[call-overload]
        if role is None:
            raise ValueError(f"There is no permission {permission}.")
        return role


def init_permissions(app: Flask) -> None:
    """Give `app` the permissions that belong to no kind of record, and its templates `may`."""
    app.jinja_env.globals["may"] = may
    app.extensions[GRANTS] = grants = Grants()
    grants.add(HOME_READ, Role.VIEWER)
    grants.add(JOBS_MANAGE, Role.ADMIN)
    grants.add(SECURITY_READ, Role.ADMIN)
    grants.add(VIEWS_SHARE, Role.EDITOR)
    grants.add(VIEWS_MANAGE, Role.ADMIN)


def grants() -> Grants:
    """The permissions of the current application."""
    found: Grants = current_app.extensions[GRANTS]
    return found


class Account(Protocol):
    """The user of a request: Flask-Login's anonymous user or an account with a role."""

    is_authenticated: bool


def can(user: Account, permission: str) -> bool:
    """Whether `user` may do `permission`; raises ValueError for one that does not exist."""
    # The anonymous user of Flask-Login has no role.
    least = grants().least_role(permission)
    return user.is_authenticated and least.rank <= Role(user.role).rank  # type: ignore[attr-defined]


def may(permission: str) -> bool:
    """Whether the current user may do `permission`; raises ValueError for one that does not exist."""
    # The account itself: a page asks this thirty times, and each look through the proxy costs.
    return can(current_user._get_current_object(), permission)


def granted() -> frozenset[Permission]:
    """Everything that the current user may do."""
    user = current_user._get_current_object()
    return grants().of(Role(user.role)) if user.is_authenticated else frozenset()


def require(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Guard a view: anonymous people are sent to log in, those without `permission` get 403."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        @login_required  # type: ignore[untyped-decorator]
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not may(permission):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return decorate
