"""Who may do what: roles, permissions, and the one decorator that asks."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache, wraps
from typing import ParamSpec, Protocol, TypeVar

from flask import abort
from flask_login import current_user, login_required

P = ParamSpec("P")
R = TypeVar("R")


class Permission(StrEnum):
    """What can be allowed, as ``resource:action``; the same member serves view, screen and template."""

    CATEGORIES_READ = "categories:read"
    CATEGORIES_WRITE = "categories:write"
    HISTORY_ERASE = "history:erase"
    HOME_READ = "home:read"
    PRODUCTS_EXPORT = "products:export"
    PRODUCTS_PURGE = "products:purge"
    PRODUCTS_READ = "products:read"
    PRODUCTS_WRITE = "products:write"
    USERS_EXPORT = "users:export"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    VIEWS_MANAGE = "views:manage"
    VIEWS_SHARE = "views:share"


class Role(StrEnum):
    """What somebody is here for, from the least to the most; each has all of the one before."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """The place in the order of roles, 0 for the least."""
        return list(Role).index(self)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything this role may do."""
        return PERMISSIONS[self]


_VIEWER = frozenset({Permission.HOME_READ, Permission.PRODUCTS_READ, Permission.CATEGORIES_READ})
_EDITOR = _VIEWER | {
    Permission.PRODUCTS_WRITE,
    Permission.PRODUCTS_EXPORT,
    Permission.CATEGORIES_WRITE,
    Permission.VIEWS_SHARE,
}
_ADMIN = _EDITOR | {
    Permission.USERS_READ,
    Permission.USERS_WRITE,
    Permission.USERS_EXPORT,
    Permission.VIEWS_MANAGE,
}
PERMISSIONS = {
    Role.VIEWER: _VIEWER,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: frozenset(Permission),
}


class Account(Protocol):
    """Somebody who asks: Flask-Login's anonymous user or an account with a role."""

    is_authenticated: bool


def can(user: Account, permission: Permission | str) -> bool:
    """Whether `user` may do `permission`; raises ValueError for one that does not exist."""
    # The anonymous user of Flask-Login has no role.
    return user.is_authenticated and _grants(user.role, permission)  # type: ignore[attr-defined]


def may(permission: Permission | str) -> bool:
    """Whether the person at hand may do `permission`; raises ValueError for one that does not exist."""
    # The account itself: a page asks this thirty times, and each look through the proxy costs.
    return can(current_user._get_current_object(), permission)


def granted() -> frozenset[Permission]:
    """Everything that the person at hand may do."""
    user = current_user._get_current_object()
    return Role(user.role).permissions if user.is_authenticated else frozenset()


@cache
def _grants(role: Role, permission: str) -> bool:
    return Permission(permission) in Role(role).permissions


def require(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Guard a view: anonymous people are sent to sign in, those without `permission` get 403."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        @login_required  # type: ignore[untyped-decorator]
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not may(permission):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return decorate
