"""The answers of the command palette: the records, views, screens and actions that the user may open.

What acts on the page itself, such as logging out or exporting its list, the script finds on the page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import compress, zip_longest
from typing import Any

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import BaseView
from flask_login import current_user

from dashboard.admin.features.importing import Import
from dashboard.admin.features.saved_views import SavedViews
from dashboard.admin.kit.gate import Gate, route
from dashboard.admin.kit.lookup import further
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.wording import adding
from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.listing.fetching import find, rows_of
from dashboard.listing.matching import which_match
from dashboard.listing.page import ListRow
from dashboard.listing.query import clean_query
from dashboard.listing.views import views_on
from dashboard.permissions import HOME_READ
from dashboard.web.navigation import navigation
from dashboard.web.recent import recent_records

MOST_RECORDS = 8
MOST_VIEWS = 200
"""So many saved views the palette knows; users' own come before those of others."""
USUAL_ICON = "folder"


@dataclass(frozen=True)
class Item:
    """One line of the palette: its label, a hint that tells it from others, its address, and its symbol."""

    label: str
    hint: str
    url: str
    icon: str


class PaletteView(Gate, BaseView):  # type: ignore[misc]
    """The answers of the palette as JSON; ``screens`` are those whose records it finds."""

    def __init__(self, screens: Sequence[Screen], **options: Any) -> None:
        super().__init__(**options)
        self.screens = screens

    @route("/", HOME_READ)
    def index_view(self) -> ResponseReturnValue:
        """The records that ``q`` finds; without ``q``, what is offered before anything is typed."""
        query = clean_query(request.args.get("q", ""))
        offers = Offers(self.screens)
        groups = {"Records": offers.records(query)} if query else offers.places()
        return jsonify(
            groups=[
                {"name": name, "items": [asdict(item) for item in items]}
                for name, items in groups.items()
                if items
            ]
        )


class Offers:
    """The lines that the palette offers to the current user, on these screens."""

    def __init__(self, screens: Sequence[Screen]) -> None:
        self.screens = screens

    @cached_property
    def icons(self) -> dict[str, str]:
        """The symbols of the navigation, by address."""
        return {nav.url: nav.icon for nav in navigation() if nav.icon}

    def icon(self, screen: Screen) -> str:
        """The symbol of a screen."""
        return self.icons.get(screen.urls.index, USUAL_ICON)

    def places(self) -> dict[str, list[Item]]:
        """The records that were opened last, and the views, screens and actions that the user may use."""
        screens = [Item(nav.label, nav.group, nav.url, nav.icon or USUAL_ICON) for nav in navigation()]
        profile = Item("Profile", "", url_for("profile.profile"), "people")
        return {
            "Recent": self.recent(),
            "Views": [*self.views()],
            "Screens": [*screens, profile],
            "Actions": [*self.creating(), *self.importing()],
        }

    def recent(self) -> list[Item]:
        """The records that this browser opened last and that the user may still see, the newest first."""
        opened, by_endpoint = recent_records(), {each.endpoint: each for each in self.screens}
        keys = defaultdict[str, list[str]](list)
        for each in opened:
            keys[each.endpoint].append(each.key)
        found: dict[tuple[str, str], Item] = {}
        for endpoint in keys.keys() & by_endpoint.keys():
            screen = by_endpoint[endpoint]
            if screen.allows("details_view"):
                rows = rows_seen(screen, keys[endpoint])
                found |= {(endpoint, key_text(row.id)): self.item(screen, row) for row in rows}
        return [found[each] for each in opened if each in found]

    def views(self) -> Iterator[Item]:
        """The saved views that the user sees, of the lists that they may see."""
        screens = {each.endpoint: each for each in self.screens if each.allows("index_view")}
        by_screen = views_on(current_user, screens.keys(), MOST_VIEWS)
        for endpoint, views in by_screen.items():
            screen = screens[endpoint]
            if feature := screen.feature(SavedViews):
                for view in views:
                    yield Item(view.name, str(screen.name), feature.view_url(view.id, view.query), "filter")

    def creating(self) -> Iterator[Item]:
        """The forms of new records that the user may fill in."""
        for screen in self.screens:
            if screen.allows("create_view"):
                yield Item(adding(screen), str(screen.name), screen.urls.create, "plus")

    def importing(self) -> Iterator[Item]:
        """The imports that the user may begin."""
        for screen in self.screens:
            if (feature := screen.feature(Import)) and screen.allows("import_view"):
                yield Item(feature.title, str(screen.name), feature.url, "upload")

    def item(self, screen: Screen, row: ListRow) -> Item:
        """A record of a screen."""
        hint = " · ".join(filter(None, (screen.singular.capitalize(), further(screen.listing, row))))
        return Item(row.title, hint, screen.urls.page_of(row.id), self.icon(screen))

    def records(self, query: str) -> list[Item]:
        """The first records that `query` finds, in turns from the screens that have any; see `rank`."""
        found = [
            [(rank(query, row.title, further(screen.listing, row)), self.item(screen, row)) for row in rows]
            for screen, rows in self._found(query)
        ]
        # In turns, so that a word in many products leaves room for the user who has it too.
        in_turns = [each for turn in zip_longest(*found) for each in turn if each][:MOST_RECORDS]
        fair = [each for items in found for each in items if each in in_turns]
        return [item for _, item in sorted(fair, key=lambda each: each[0])]

    def _found(self, query: str) -> Iterator[tuple[Screen, list[ListRow]]]:
        """The records of each screen that `query` finds, the best first."""
        open_ones = [screen for screen in self.screens if screen.allows("details_view")]
        are_there = which_match(db.session, [screen.listing for screen in open_ones], query)
        # Screens beyond the first ones would not get a turn.
        for screen in [*compress(open_ones, are_there)][:MOST_RECORDS]:
            yield screen, find(db.session, screen.listing, query, MOST_RECORDS)


def rows_seen(screen: Screen, keys: Sequence[str]) -> list[ListRow]:
    """The rows of a screen with these keys, as far as the current user may see them, in no order."""
    listing = screen.listing
    read = [key for key in map(listing.read_key, keys) if key is not None]
    seen = screen.visible().with_only_columns(listing.key).where(listing.key.in_(read))
    visible = [*db.session.scalars(seen)]
    return rows_of(db.session, listing, listing.chosen(listing.usual_columns), visible) if visible else []


def rank(query: str, *texts: str) -> int:
    """How well texts fit what was typed: 0 where one begins with it, 1 where a word of one does, else 2."""
    typed = query.casefold()
    found = [text.casefold() for text in texts]
    if any(text.startswith(typed) for text in found):
        return 0
    begins_word = re.compile(rf"(?<!\w){re.escape(typed)}")
    return 1 if any(begins_word.search(text) for text in found) else 2
