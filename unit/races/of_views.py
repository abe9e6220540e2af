"""Saved views of lists."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.listing.models import DefaultView, SavedView
from dashboard.listing.views import MOST_VIEWS
from dashboard.permissions import Role
from dashboard.testing.accounts import the_account
from unit.admin.reading import read
from unit.factories.listing import a_view
from unit.races.scenarios import (
    for_each_screen,
    has_winners,
    is_gone,
    number_of,
    numbered,
    only_one,
    race,
    stored,
)
from unit.races.track import Entrant, Race, Track


def a_shared_view(track: Track, screen: str) -> int:
    """The id of a view that admins see and change."""
    return int(track.store(lambda: a_view(the_account("owner"), screen, audience=Role.ADMIN).id))


@for_each_screen("views/new/")
def save_a_view(track: Track, screen: str) -> Race:
    sent = track.entrants(track.browsers("owner"), f"/admin/{screen}/views/new/", name="Mine")
    return Race(sent, holds=only_one(SavedView))


@for_each_screen("views/new/")
def save_the_last_view_allowed(track: Track, screen: str) -> Race:
    track.store(lambda: [a_view(the_account("owner"), screen) for _ in range(MOST_VIEWS - 1)])
    names = numbered(track, "View of mine")
    sent = track.entrants(track.browsers("owner"), f"/admin/{screen}/views/new/", name=names)
    return Race(sent, holds=lambda _: all_are(MOST_VIEWS))


def all_are(number: int) -> None:
    assert number_of(SavedView) == number


@for_each_screen("views/edit/")
def name_a_view(track: Track, screen: str) -> Race:
    key = a_shared_view(track, screen)
    address = f"/admin/{screen}/views/edit/?id={key}"
    sent = track.entrants(track.people("admin"), address, name=numbered(track, "Ours"))
    return Race(sent, holds=has_winners(SavedView, key, "name"))


@race("/admin/products/views/edit/")
def open_the_list_with_a_view(track: Track) -> Race:
    """A user's own default view conflicts with no other."""
    key = track.store(lambda: a_view(the_account("owner"), audience=Role.VIEWER).id)
    address = f"/admin/products/views/edit/?id={key}"
    sent = track.entrants(track.browsers("viewer"), address, is_default="y")
    return Race(sent, winners=track.everyone, holds=only_one(DefaultView))


@for_each_screen("views/update/")
def change_what_a_view_shows(track: Track, screen: str) -> Race:
    clients, key = track.browsers("owner"), a_shared_view(track, screen)
    sent = []
    for place, client in enumerate(clients):
        page = read(client.get(f"/admin/{screen}/?view={key}&sort=created&q=w{place}").text)
        form = next(
            each for each in page.all("form") if "/views/update/" in each.attributes.get("action", "")
        )
        sent.append(Entrant(client, form.attributes["action"], form.fields))

    def holds(winners: Sequence[Entrant]) -> None:
        place = sent.index(winners[0])
        assert f"q=w{place}" in stored(SavedView, key).query

    return Race(sent, holds=holds)


@for_each_screen("views/delete/")
def delete_a_view(track: Track, screen: str) -> Race:
    key = a_shared_view(track, screen)
    sent = track.entrants(track.people("admin"), f"/admin/{screen}/views/delete/?id={key}")
    return Race(sent, holds=is_gone(SavedView, key))


@for_each_screen("views/delete/")
def delete_a_view_or_name_it(track: Track, screen: str) -> Race:
    key, clients = a_shared_view(track, screen), track.people("admin")
    deleting = track.entrants(clients[::2], f"/admin/{screen}/views/delete/?id={key}")
    names = numbered(track, "Ours")[1::2]
    naming = track.entrants(clients[1::2], f"/admin/{screen}/views/edit/?id={key}", name=names)

    def holds(winners: Sequence[Entrant]) -> None:
        view = stored(SavedView, key)
        assert (view and view.name) == (None if winners[0] in deleting else winners[0].form["name"])

    return Race([*deleting, *naming], holds=holds)
