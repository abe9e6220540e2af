"""The navigation: the places that an application has, as far as a user may go there."""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask, current_app, request, url_for

from dashboard.permissions import Permission, granted

NAVIGATION = "navigation"
"""Where an application keeps its `Navigation`."""
CACHED = 128  # navigations, each of one set of permissions and one current screen


class Place(NamedTuple):
    """Somewhere to go: its group and label, its endpoint, its icon, and the permission that it takes.

    ``key`` goes there by keyboard, after a g; none where it is empty.
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
    """The places of one application, those of a group together, in the order in which they were added."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self._written: dict[tuple[str, str | None, frozenset[Permission]], tuple[NavItem, ...]] = {}

    def add(self, place: Place) -> None:
        """Add a place after those of its group; raises ValueError where its key leads elsewhere already."""
        if place.key and (other := next((p for p in self.places if p.key == place.key), None)):
            raise ValueError(f"The shortcut g {place.key} of {place.label} belongs to {other.label} already.")
        groups = [each.group for each in self.places]
        at = len(groups) - groups[::-1].index(place.group) if place.group in groups else len(groups)
        self.places.insert(at, place)
        self._written.clear()

    def items(self, here: str | None, permissions: frozenset[Permission]) -> tuple[NavItem, ...]:
        """The links for those who have `permissions`, seen from the blueprint `here`."""
        key = (request.script_root, here, permissions)
        if key not in self._written:
            if len(self._written) >= CACHED:
                self._written.clear()
            self._written[key] = tuple(
                NavItem(
                    p.label, url_for(p.endpoint), p.icon, here == p.endpoint.split(".")[0], p.group, p.key
                )
                for p in self.places
                if p.permission in permissions
            )
        return self._written[key]


def init_navigation(app: Flask) -> None:
    """Give `app` a navigation without any place."""
    app.extensions[NAVIGATION] = Navigation()


def navigation() -> tuple[NavItem, ...]:
    """The places where the current user may go."""
    places: Navigation = current_app.extensions[NAVIGATION]
    return places.items(request.blueprint, granted())
