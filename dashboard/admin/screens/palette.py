"""The answers of the command palette: the screens, actions and records that the user may open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import compress, zip_longest
from typing import Any

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import BaseView

from dashboard.admin.kit.gate import Gate, route
from dashboard.admin.kit.lookup import further
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.wording import adding
from dashboard.extensions import db
from dashboard.listing.fetching import find
from dashboard.listing.matching import which_match
from dashboard.listing.state import clean_query
from dashboard.permissions import HOME_READ
from dashboard.web.navigation import navigation

MOST_RECORDS = 8


@dataclass(frozen=True)
class Item:
    """One line of the palette: its label, a hint that tells it from others, its address."""

    label: str
    hint: str
    url: str


class PaletteView(Gate, BaseView):  # type: ignore[misc]
    """The answers of the palette as JSON; ``screens`` are those whose records it finds."""

    def __init__(self, screens: Sequence[Screen], **options: Any) -> None:
        super().__init__(**options)
        self.screens = screens

    @route("/", HOME_READ)
    def index_view(self) -> ResponseReturnValue:
        """The records that ``q`` finds; without ``q``, the screens and actions."""
        query = clean_query(request.args.get("q", ""))
        groups = {"Records": self.records(query)} if query else self.places()
        return jsonify(
            groups=[
                {"name": name, "items": [asdict(item) for item in items]}
                for name, items in groups.items()
                if items
            ]
        )

    def places(self) -> dict[str, list[Item]]:
        """The screens that the current user may open, and the records that they may create."""
        screens = [Item(nav.label, nav.group, nav.url) for nav in navigation()]
        actions = [
            Item(adding(screen), str(screen.name), screen.urls.create)
            for screen in self.screens
            if screen.allows("create_view")
        ]
        return {"Screens": [*screens, Item("Profile", "", url_for("profile.profile"))], "Actions": actions}

    def records(self, query: str) -> list[Item]:
        """The first records that `query` finds, in turns from the screens that have any."""
        found = [found_on(screen, query) for screen in self._with_matches(query)]
        # In turns, so that a word in many products leaves room for the user who has it too.
        fair = [item for turn in zip_longest(*found) for item in turn if item][:MOST_RECORDS]
        return [item for items in found for item in items if item in fair]

    def _with_matches(self, query: str) -> list[Screen]:
        """The first screens that have such records: others would not get a turn."""
        open_ones = [screen for screen in self.screens if screen.allows("details_view")]
        are_there = which_match(db.session, [screen.listing for screen in open_ones], query)
        return [*compress(open_ones, are_there)][:MOST_RECORDS]


def found_on(screen: Screen, query: str) -> list[Item]:
    """The records of one screen that `query` finds, the best first."""
    rows = find(db.session, screen.listing, query, MOST_RECORDS)
    kind, urls = screen.singular.capitalize(), screen.urls
    hints = [" · ".join(filter(None, (kind, further(screen.listing, row)))) for row in rows]
    return [Item(row.title, hint, urls.page_of(row.id)) for row, hint in zip(rows, hints, strict=True)]
