"""One-time links: each works once, for whoever is fastest."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.accounts.models import User
from dashboard.accounts.one_time_links import OneTimeLink
from dashboard.accounts.passwords import verify_password
from dashboard.testing.accounts import NEW_PASSWORD, a_reset, an_account, an_invitation
from unit.races.of_people import one_of, sessions_left
from unit.races.scenarios import number_of, one, race, stored
from unit.races.track import Entrant, Race, Track

ADA = "ada@example.test"


def choosing(track: Track, path: str) -> list[Entrant]:
    """Browsers without a login that use one link, each with a password of its own."""
    clients = [track.app.test_client() for _ in range(track.number)]
    new = [f"{NEW_PASSWORD} {place}" for place in range(track.number)]
    return track.bare(clients, path, name="Ada", password=new, confirm=new)


def only_the_password_of_the_winner(winners: Sequence[Entrant]) -> None:
    assert verify_password(stored(User, one_of(ADA)).password_hash, winners[0].form["password"])
    assert number_of(OneTimeLink) == 0


@race("/invitation")
def join_by_one_invitation(track: Track) -> Race:
    token = track.store(lambda: an_invitation(ADA)[1])

    def holds(winners: Sequence[Entrant]) -> None:
        only_the_password_of_the_winner(winners)
        sessions_left(one_of(ADA), 1)

    return Race(choosing(track, f"/invitation?token={token}"), holds=holds)


@race("/reset")
def reset_by_one_link(track: Track) -> Race:
    token = track.store(lambda: a_reset(an_account(email=ADA)))
    return Race(choosing(track, f"/reset?token={token}"), holds=only_the_password_of_the_winner)


@race("/admin/users/new-link/")
def create_links_for_one_user(track: Track) -> Race:
    """Each gets a link, of which the last one works."""
    key = one(track, an_account)
    sent = track.entrants(track.people("owner"), f"/admin/users/new-link/?id={key}")

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(OneTimeLink) == 1

    return Race(sent, winners=track.everyone, holds=holds)
