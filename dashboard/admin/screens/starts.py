"""The starts of the console: the places of its navigation, and the saved views of its lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from flask import current_app, url_for

from dashboard.accounts.models import START_LENGTH, User
from dashboard.admin.features.saved_views import SavedViews
from dashboard.admin.kit.parsing import read_id
from dashboard.admin.kit.screen import Screen
from dashboard.listing.models import SavedView
from dashboard.listing.starts import VIEW, lock_view, start_view, store_start
from dashboard.listing.views import views_on
from dashboard.permissions import Access, can
from dashboard.refusal import Refusal
from dashboard.web.navigation import NAVIGATION, Place
from dashboard.web.starts import NOT_THERE, START

MOST_VIEWS = 50
"""So many saved views are offered; users' own come before those of others."""
OF_VIEW = f"{VIEW}:"
"""Before the key of a view in a choice."""


class ConsoleStarts:
    """The starts of a console with these screens."""

    def __init__(self, screens: Sequence[Screen]) -> None:
        self.screens = screens

    def options(self, user: User) -> list[tuple[str, str]]:
        """The choices of a user: as usual, the places that they may open, and the views that they see."""
        places = {name: place.label for name, place in _places(user)}
        usual = next((place.label for _, place in _places(user) if place.endpoint == START), "")
        views = dict(self._views(user))
        if (view := self._view(user)) and (key := f"{OF_VIEW}{view.id}") not in views:
            views[key] = self._label(view, user)
        return [("", f"As usual: {usual}"), *places.items(), *views.items()]

    def _views(self, user: User) -> Iterator[tuple[str, str]]:
        for endpoint, views in views_on(user, [*self._with_views(user)], MOST_VIEWS).items():
            for view in views:
                yield f"{OF_VIEW}{view.id}", self._words(endpoint, view.name, is_own=view.owner_id == user.id)

    def _label(self, view: SavedView, user: User) -> str:
        return self._words(view.screen, view.name, is_own=view.owner_id == user.id)

    def _words(self, endpoint: str, name: str, *, is_own: bool) -> str:
        return f"{self._by_endpoint[endpoint].name}: {name}{'' if is_own else ' (shared)'}"

    @cached_property
    def _by_endpoint(self) -> dict[str, Screen]:
        return {screen.endpoint: screen for screen in self.screens if screen.feature(SavedViews)}

    def _with_views(self, user: User) -> dict[str, Screen]:
        """The screens with views that a user may open, by endpoint."""
        its = self._by_endpoint.items()
        return {name: each for name, each in its if can(user, each.permission(Access.READ))}

    def _view(self, user: User) -> SavedView | None:
        view = start_view(user) if user.start == VIEW else None
        return view if view and view.screen in self._with_views(user) else None

    def chosen(self, user: User) -> str:
        """The choice of a user; empty also where it cannot be opened."""
        if user.start == VIEW:
            view = self._view(user)
            return f"{OF_VIEW}{view.id}" if view else ""
        return user.start if user.start in dict(_places(user)) else ""

    def address_of(self, user: User) -> str | None:
        """The address of the choice of a user, which is empty where there is none; None where it is gone."""
        if not user.start:
            return ""
        if user.start != VIEW:
            place = dict(_places(user)).get(user.start)
            return url_for(place.endpoint) if place else None
        view = self._view(user)
        if view is None or not (feature := self._by_endpoint[view.screen].feature(SavedViews)):
            return None
        return feature.view_url(view.id, view.query)

    def choose(self, user: User, choice: str) -> None:
        """Store the choice of a user; raises Refusal where it cannot be opened. The caller commits."""
        if choice == self.chosen(user) and (choice or not user.start):
            return
        if not choice.startswith(OF_VIEW):
            if choice and choice not in dict(_places(user)):
                raise Refusal(NOT_THERE)
            store_start(user, choice)
            return
        key = read_id(choice.removeprefix(OF_VIEW))
        view = None if key is None else lock_view(user, key)
        if view is None or view.screen not in self._with_views(user):
            raise Refusal(NOT_THERE)
        store_start(user, "", view)


def _places(user: User) -> Iterator[tuple[str, Place]]:
    """The places that a user may open, each with the name by which it is chosen."""
    for place in current_app.extensions[NAVIGATION].places:
        name = place.endpoint.partition(".")[0]
        if len(name) <= START_LENGTH and name != VIEW and can(user, place.permission):
            yield name, place
