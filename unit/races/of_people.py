"""Accounts, profiles and sessions."""

from __future__ import annotations

from collections.abc import Sequence

from flask.testing import FlaskClient
from sqlalchemy import select, update

from dashboard import clock
from dashboard.accounts.managing import delete_accounts
from dashboard.accounts.models import User, UserSession
from dashboard.accounts.passwords import verify_password
from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.extensions import db
from dashboard.history.erase import says_anything
from dashboard.history.models import ChangeKind, ChangeSet
from dashboard.listing.models import StartView
from dashboard.permissions import Role
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, a_session, an_account, email_of, the_account
from unit.admin.reading import read
from unit.factories.listing import a_view
from unit.races.scenarios import number_of, numbered, one, race, stored
from unit.races.track import Entrant, Form, Race, Track


def states(track: Track, view: str, active: bool) -> Race:
    key = one(track, lambda: an_account(active=not active))
    sent = track.entrants(track.people("owner"), f"/admin/users/{view}/?id={key}")

    def holds(_winners: Sequence[Entrant]) -> None:
        assert stored(User, key).active is active

    return Race(sent, holds=holds)


@race("/admin/users/deactivate/")
def deactivate(track: Track) -> Race:
    return states(track, "deactivate", active=False)


@race("/admin/users/reactivate/")
def reactivate(track: Track) -> Race:
    return states(track, "reactivate", active=True)


def each_shuts_out_the_next(track: Track, role: str) -> Race:
    """Users in a ring who deactivate each other: the first one deactivated deactivates no other."""
    clients = track.people(role)
    emails = [f"{role}{place}@example.test" for place in range(track.number)]
    keys = track.store(lambda: [str(the_account(email).id) for email in emails])
    sent = track.bare(clients, "/admin/users/deactivate/", id=[*keys[1:], keys[0]])

    def holds(winners: Sequence[Entrant]) -> None:
        assert number_of(User, User.active) == track.number - len(winners)

    return Race(sent, winners=range(1, track.number), holds=holds)


@race("/admin/users/deactivate/")
def owners_deactivate_each_other(track: Track) -> Race:
    return each_shuts_out_the_next(track, "owner")


@race("/admin/users/deactivate/")
def admins_deactivate_each_other(track: Track) -> Race:
    return each_shuts_out_the_next(track, "admin")


@race("/admin/users/sign-out/")
def log_out_everywhere(track: Track) -> Race:
    key = one(track, an_account)
    track.store(lambda: [a_session(stored(User, key)) for _ in range(3)])
    sent = track.entrants(track.people("owner"), f"/admin/users/sign-out/?id={key}")
    return Race(sent, winners=track.everyone, holds=lambda _: sessions_left(key, 0))


@race("/admin/users/erase/")
def erase(track: Track) -> Race:
    key = one(track, lambda: an_account(email="ada@example.test"))
    track.store(lambda: delete_accounts(the_account("owner"), [stored(User, key)]))
    address = f"/admin/users/erase/?id={key}"
    sent = track.entrants(track.people("owner"), address, typed="ada@example.test")

    def holds(_winners: Sequence[Entrant]) -> None:
        assert not says_anything(db.session, "users", key)
        assert number_of(ChangeSet, ChangeSet.kind == ChangeKind.ERASE) == 1

    return Race(sent, holds=holds)


def sessions_left(key: int, number: int) -> None:
    assert number_of(UserSession, UserSession.user_id == key) == number


def my_key(track: Track) -> int:
    return int(track.store(lambda: the_account("viewer").id))


@race("/profile")
def rename_oneself(track: Track) -> Race:
    clients, key = track.browsers("viewer"), my_key(track)
    sent = track.sharing(clients, "/profile", profile_form(clients[0]), name=numbered(track, "Ada"))

    def holds(winners: Sequence[Entrant]) -> None:
        assert stored(User, key).name == winners[0].form["name"]

    return Race(sent, holds=holds)


@race("/profile")
def rename_oneself_or_be_renamed(track: Track) -> Race:
    clients, key = track.browsers("viewer"), my_key(track)
    owner = track.client_as("owner")
    sent = track.sharing(clients[:1], "/profile", profile_form(clients[0]), name="Mine")
    sent += track.entrants([owner], f"/admin/users/edit/?id={key}", name="Theirs")

    def holds(winners: Sequence[Entrant]) -> None:
        assert stored(User, key).name == winners[0].form["name"]

    return Race(sent, holds=holds)


@race("/profile")
def choose_another_start(track: Track) -> Race:
    clients, key = track.browsers("viewer"), my_key(track)
    choices = ["categories", "history", "jobs", "admin", "products", "categories"][: track.number]
    sent = track.sharing(clients, "/profile", profile_form(clients[0]), start=choices)

    def holds(winners: Sequence[Entrant]) -> None:
        assert stored(User, key).start == winners[0].form["start"]

    return Race(sent, holds=holds)


@race("/profile")
def start_with_a_view_or_delete_it(track: Track) -> Race:
    owner, browsers = track.client_as("owner"), track.browsers("viewer")
    view = track.store(lambda: a_view(the_account("owner"), audience=Role.VIEWER).id)
    form = profile_form(browsers[0])
    sent = track.sharing(browsers[:1], "/profile", form, start=f"view:{view}")
    sent += track.entrants([owner], f"/admin/products/views/delete/?id={view}")

    def holds(winners: Sequence[Entrant]) -> None:
        assert sent[-1] in winners
        assert number_of(StartView) == 0

    return Race(sent, winners=range(1, 3), holds=holds)


@race("/admin/first-steps/hide/")
def hide_the_first_steps(track: Track) -> Race:
    clients, key = track.browsers("viewer"), my_key(track)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert stored(User, key).hides_first_steps

    return Race(track.bare(clients, "/admin/first-steps/hide/"), winners=track.everyone, holds=holds)


def profile_form(client: FlaskClient) -> Form:
    """Return the form with the user's own details."""
    return read(client.get("/profile").text).all("form", action="/profile")[0].fields


@race("/profile/password")
def change_ones_password(track: Track) -> Race:
    clients, key = track.browsers("viewer"), my_key(track)
    new = [f"{NEW_PASSWORD} {place}" for place in range(track.number)]
    fields = {"current": PASSWORD, "password": new, "confirm": new}
    sent = track.bare(clients, "/profile/password", **fields)

    def holds(winners: Sequence[Entrant]) -> None:
        assert verify_password(stored(User, key).password_hash, winners[0].form["password"])
        sessions_left(key, 1)

    return Race(sent, holds=holds)


@race("/profile/sessions/<int(max=2147483647):session_id>/end")
def end_one_session(track: Track) -> Race:
    clients, key = track.browsers("viewer"), my_key(track)
    track.store(lambda: a_session(stored(User, key)))
    with track.app.app_context():
        last = db.session.scalars(select(UserSession.id).order_by(UserSession.id.desc())).first()
    sent = track.bare(clients, f"/profile/sessions/{last}/end")

    def holds(_winners: Sequence[Entrant]) -> None:
        sessions_left(key, track.number)
        assert stored(UserSession, last) is None

    return Race(sent, holds=holds)


@race("/profile/sessions/end-others")
def end_other_sessions(track: Track) -> Race:
    """The first ends the sessions of the others, who can then end no session."""
    clients, key = track.browsers("viewer"), my_key(track)
    sent = track.bare(clients, "/profile/sessions/end-others")
    return Race(sent, holds=lambda _: sessions_left(key, 1))


@race("/login")
def log_in(track: Track) -> Race:
    key = my_key(track)
    clients = [track.app.test_client() for _ in range(track.number)]
    sent = track.bare(clients, "/login", email=email_of("viewer"), password=PASSWORD)
    return Race(sent, winners=track.everyone, holds=lambda _: sessions_left(key, track.number))


@race("/login/confirm")
def confirm_in_two_browsers(track: Track) -> Race:
    clients, key = track.browsers("viewer"), my_key(track)
    make_proofs_stale(track)
    sent = track.bare(clients, "/login/confirm", password=PASSWORD)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(UserSession, UserSession.proved_at > clock.now() - FRESH_FOR) == track.number
        sessions_left(key, track.number)

    return Race(sent, winners=track.everyone, holds=holds)


@race("/login/confirm")
def confirm_while_another_session_ends_all_others(track: Track) -> Race:
    """The session that was ended gets no proof; the others may have come first."""
    clients = track.browsers("viewer")
    make_proofs_stale(track)
    sent = track.bare(clients[:1], "/profile/sessions/end-others")
    sent += track.bare(clients[1:], "/login/confirm", password=PASSWORD)
    return Race(sent, winners=range(1, track.number + 1), holds=lambda _: None)


def make_proofs_stale(track: Track) -> None:
    stale = update(UserSession).values(proved_at=clock.now() - 2 * FRESH_FOR)
    track.store(lambda: db.session.execute(stale))


@race("/logout")
def log_out(track: Track) -> Race:
    key = my_key(track)
    sent = track.bare(track.browsers("viewer"), "/logout")
    return Race(sent, winners=track.everyone, holds=lambda _: sessions_left(key, 0))


@race("/mode")
def choose_a_mode(track: Track) -> Race:
    """Each browser stores its own mode, so there is no conflict."""
    modes = (["dark", "light"] * track.number)[: track.number]
    sent = track.bare(track.browsers("viewer"), "/mode", mode=modes, next="/profile")

    def holds(_winners: Sequence[Entrant]) -> None:
        cookies = [each.client.get_cookie("mode") for each in sent]
        assert [cookie and cookie.value for cookie in cookies] == modes

    return Race(sent, winners=track.everyone, holds=holds)


@race("/register")
def register_one_address(track: Track) -> Race:
    clients = [track.app.test_client() for _ in range(track.number)]
    fields = {"email": "ada@example.test", "password": PASSWORD, "confirm": PASSWORD}
    sent = track.bare(clients, "/register", **fields)
    return Race(sent, holds=lambda _: sessions_left(one_of("ada@example.test"), 1))


def one_of(email: str) -> int:
    return db.session.scalars(select(User.id).where(User.email == email)).one()
