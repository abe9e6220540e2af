"""The navigation: the screens that a user may open."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from flask import request, url_for

from dashboard.permissions import Permission, granted

KEPT = 128  # navigations; each has the screens of one set of permissions, seen from one screen
# The last word is what goes there by keyboard, after a g.
NAVIGATION = (
    ("", "Home", "admin.index", "home", Permission.HOME_READ, "h"),
    ("", "History", "history.index_view", "clock", Permission.HOME_READ, "y"),
    ("Catalogue", "Products", "products.index_view", "box", Permission.PRODUCTS_READ, "p"),
    ("Catalogue", "Categories", "categories.index_view", "tag", Permission.CATEGORIES_READ, "c"),
    ("Catalogue", "Trash", "trash.index_view", "bin", Permission.PRODUCTS_WRITE, "t"),
    ("People", "Users", "users.index_view", "people", Permission.USERS_READ, "u"),
)


class NavItem(NamedTuple):
    """One link of the navigation."""

    label: str
    url: str
    icon: str
    active: bool
    group: str
    key: str


def navigation() -> tuple[NavItem, ...]:
    """The screens that the person at hand may open."""
    return _navigation(request.script_root, request.blueprint, granted())


@lru_cache(KEPT)
def _navigation(
    _script_root: str, here: str | None, permissions: frozenset[Permission]
) -> tuple[NavItem, ...]:
    return tuple(
        NavItem(label, url_for(endpoint), icon, here == endpoint.split(".")[0], group, key)
        for group, label, endpoint, icon, permission, key in NAVIGATION
        if permission in permissions
    )
