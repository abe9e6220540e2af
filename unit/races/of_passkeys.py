"""Passkeys: each answer counts once, and what is added or removed at the same moment stays whole."""

from __future__ import annotations

from collections.abc import Sequence

from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.passkeys.models import Passkey, UsedChallenge
from dashboard.extensions import db
from dashboard.testing.accounts import the_account
from dashboard.testing.passkeys import Device, a_passkey, options_on
from unit.races.of_factors import begun, copies
from unit.races.of_people import make_proofs_stale, sessions_left
from unit.races.scenarios import number_of, race
from unit.races.track import Entrant, Race, Track

LOGIN, FACTOR, CONFIRM, NEW = "/login", "/login/factor", "/login/confirm", "/profile/passkeys/new"


def viewer_has(track: Track, number: int = 1) -> tuple[list[Device], int]:
    """Return the devices with the passkeys of the viewer, who do not count, and the viewer's id."""

    def make() -> tuple[list[Device], int]:
        viewer = the_account("viewer")
        return [a_passkey(viewer, f"Key {place}", counts=False) for place in range(number)], viewer.id

    devices, key = track.store(make)
    return devices, key


def share_contents(clients: Sequence[FlaskClient]) -> None:
    """Give all browsers what is in the cookie of the first."""
    with clients[0].session_transaction() as session:
        contents = dict(session)
    for client in clients[1:]:
        with client.session_transaction() as session:
            session.update(contents)


def keys_of(track: Track) -> list[int]:
    with track.app.app_context():
        return list(db.session.scalars(select(Passkey.id).order_by(Passkey.id)))


@race("/login/passkey")
def log_in_with_one_answer(track: Track) -> Race:
    [device], key = viewer_has(track)
    clients = [track.app.test_client() for _ in range(track.number)]
    options = options_on(clients[0].get(LOGIN).text)
    share_contents(clients)
    sent = track.bare(clients, "/login/passkey", passkey=device.use(options))
    return Race(sent, holds=lambda _: sessions_left(key, 1))


@race("/login/passkey")
def log_in_with_one_passkey(track: Track) -> Race:
    """Each has a challenge of its own, and the device does not count: nobody is in the way of another."""
    [device], key = viewer_has(track)
    clients = [track.app.test_client() for _ in range(track.number)]
    answers = [device.use(options_on(client.get(LOGIN).text)) for client in clients]
    sent = track.bare(clients, "/login/passkey", passkey=answers)
    return Race(sent, winners=track.everyone, holds=lambda _: sessions_left(key, track.number))


@race("/login/passkey")
def log_in_with_copies_of_a_passkey(track: Track) -> Race:
    """Devices with one key that all say it was used once: only one is let in."""
    [device], key = viewer_has(track)
    clients = [track.app.test_client() for _ in range(track.number)]
    answers = [device.use(options_on(client.get(LOGIN).text), count=1) for client in clients]
    sent = track.bare(clients, "/login/passkey", passkey=answers)
    return Race(sent, holds=lambda _: sessions_left(key, 1))


@race(FACTOR)
def finish_a_login_with_one_passkey_answer(track: Track) -> Race:
    [device], key = viewer_has(track)
    clients = begun(track)
    options = options_on(clients[0].get(FACTOR).text)
    share_contents(clients)
    sent = track.bare(clients, FACTOR, passkey=device.use(options))
    return Race(sent, holds=lambda _: sessions_left(key, 1))


@race(CONFIRM)
def prove_with_one_passkey_answer(track: Track) -> Race:
    """Copies of one cookie with one answer: it is one proof."""
    [device], _ = viewer_has(track)
    clients = copies(track)
    make_proofs_stale(track)
    address = f"{CONFIRM}?way=passkey"
    options = options_on(clients[0].get(address).text)
    share_contents(clients)
    sent = track.bare(clients, address, passkey=device.use(options))

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(UsedChallenge) == 1

    return Race(sent, holds=holds)


@race(NEW)
def add_one_passkey(track: Track) -> Race:
    """Copies of one cookie with one answer."""
    clients = copies(track)
    options = options_on(clients[0].get(NEW).text)
    share_contents(clients)
    sent = track.bare(clients, NEW, name="Phone", passkey=Device().make(options))

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(Passkey) == 1

    return Race(sent, holds=holds)


@race(NEW)
def add_one_credential_to_two_users(track: Track) -> Race:
    """Answers of other users with the same credential: it belongs to one."""
    clients = track.people("viewer")
    credential = Device().credential_id
    answers = [Device(credential_id=credential).make(options_on(client.get(NEW).text)) for client in clients]
    sent = track.bare(clients, NEW, name="Phone", passkey=answers)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(Passkey) == 1

    return Race(sent, holds=holds)


@race("/profile/passkeys/<int(max=2147483647):key>/rename")
def rename_a_passkey(track: Track) -> Race:
    """Copies of one cookie: each is done, and the last name stays."""
    viewer_has(track)
    [key] = keys_of(track)
    names = [f"Phone {place}" for place in range(track.number)]
    sent = track.bare(copies(track), f"/profile/passkeys/{key}/rename", name=names)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert db.session.scalar(select(Passkey.name)) in names

    return Race(sent, winners=track.everyone, holds=holds)


@race("/profile/passkeys/<int(max=2147483647):key>/remove")
def remove_a_passkey(track: Track) -> Race:
    viewer_has(track)
    [key] = keys_of(track)
    sent = track.bare(copies(track), f"/profile/passkeys/{key}/remove")

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(Passkey) == 0

    return Race(sent, holds=holds)


@race("/profile/passkeys/<int(max=2147483647):key>/remove")
def remove_the_last_passkeys_without_a_password(track: Track) -> Race:
    """Copies of one cookie, each of which removes another passkey: the first ends the session of the rest."""
    viewer_has(track, track.number)
    clients = copies(track)

    def forget_password() -> None:
        the_account("viewer").password_hash = ""

    track.store(forget_password)
    sent = [
        entrant
        for client, key in zip(clients, keys_of(track), strict=True)
        for entrant in track.bare([client], f"/profile/passkeys/{key}/remove")
    ]

    def holds(winners: Sequence[Entrant]) -> None:
        assert number_of(Passkey) == track.number - len(winners)

    return Race(sent, holds=holds)
