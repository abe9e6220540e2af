"""The navigation: the places of an application, filtered by the permissions of the user."""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask, current_app, request, url_for

from dashboard.permissions import Permission, granted

NAVIGATION = "navigation"
"""The key of an application's `Navigation` among its extensions."""
CACHED = 128  # navigations; each is for one set of permissions and one screen


class Place(NamedTuple):
    """A place in the navigation: its group and label, its endpoint, its icon and the permission it requires.

    ``key`` is pressed after g to go there; it may be empty.
    """

    group: str
    label: str
    endpoint: str
    icon: str
    permission: Permission
    key: str = ""


class NavItem(NamedTuple):
    """One link of the navigation."""

    label: str
    url: str
    icon: str
    active: bool
    group: str
    key: str


class Navigation:
    """The places of an application by group, in the order in which they were added."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self._cached: dict[tuple[str, str | None, frozenset[Permission]], tuple[NavItem, ...]] = {}

    def add(self, place: Place) -> None:
        """Add a place after those of its group; raises ValueError where its key is already taken."""
        if place.key and (other := next((p for p in self.places if p.key == place.key), None)):
            raise ValueError(f"The shortcut g {place.key} of {place.label} already belongs to {other.label}.")
        groups = [each.group for each in self.places]
        at = len(groups) - groups[::-1].index(place.group) if place.group in groups else len(groups)
        self.places.insert(at, place)
        self._cached.clear()

    def put_last(self, endpoint: str) -> None:
        """Move a place behind all others of its group."""
        place = next(each for each in self.places if each.endpoint == endpoint)
        self.places.remove(place)
        self.add(place)

    def items(self, here: str | None, permissions: frozenset[Permission]) -> tuple[NavItem, ...]:
        """Return the links for `permissions`; those to the blueprint `here` are active."""
        key = (request.script_root, here, permissions)
        if key not in self._cached:
            if len(self._cached) >= CACHED:
                self._cached.clear()
            self._cached[key] = tuple(
                NavItem(
                    p.label, url_for(p.endpoint), p.icon, here == p.endpoint.split(".")[0], p.group, p.key
                )
                for p in self.places
                if p.permission in permissions
            )
        return self._cached[key]


def init_navigation(app: Flask) -> None:
    """Give `app` an empty navigation."""
    app.extensions[NAVIGATION] = Navigation()


def navigation() -> tuple[NavItem, ...]:
    """Return the links that the current user may follow."""
    places: Navigation = current_app.extensions[NAVIGATION]
    return places.items(request.blueprint, granted())
