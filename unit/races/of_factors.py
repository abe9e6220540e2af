"""Second factors: each code works once, and what is set up or removed at the same moment stays whole."""

from __future__ import annotations

from collections.abc import Sequence

from flask.testing import FlaskClient

from dashboard.accounts.authenticator.flows import propose_seed
from dashboard.accounts.authenticator.models import Authenticator
from dashboard.accounts.models import BegunLogin, User
from dashboard.accounts.recovery_codes.codes import NUMBER
from dashboard.accounts.recovery_codes.models import RecoveryCode
from dashboard.testing.accounts import PASSWORD, an_account, email_of, the_account
from dashboard.testing.second_factors import an_authenticator, code_of, recovery_codes
from unit.races.of_people import sessions_left
from unit.races.scenarios import number_of, one, race, stored
from unit.races.track import Entrant, Race, Track

VIEWER = email_of("viewer")
FACTOR, AUTHENTICATOR, CODES = "/login/factor", "/profile/authenticator", "/profile/recovery-codes"


def begun(track: Track) -> list[FlaskClient]:
    """Browsers of the viewer that have entered the password."""
    clients = [track.app.test_client() for _ in range(track.number)]
    for client in clients:
        form = {"csrf_token": track.csrf(client), "email": VIEWER, "password": PASSWORD}
        assert str(client.post("/login", data=form).location).startswith(FACTOR)
    return clients


def viewer_has(track: Track) -> tuple[str, list[str], int]:
    """Return the seed, the recovery codes and the id of the viewer."""

    def make() -> tuple[str, list[str], int]:
        viewer = the_account("viewer")
        return an_authenticator(viewer), recovery_codes(viewer), viewer.id

    seed, codes, key = track.store(make)
    return seed, codes, key


@race(FACTOR)
def log_in_with_one_code(track: Track) -> Race:
    seed, _, key = viewer_has(track)
    code = track.store(lambda: code_of(seed))
    return Race(track.bare(begun(track), FACTOR, one_time_code=code), holds=lambda _: sessions_left(key, 1))


@race(FACTOR)
def log_in_with_one_recovery_code(track: Track) -> Race:
    _, codes, key = viewer_has(track)
    sent = track.bare(begun(track), f"{FACTOR}?way=recovery-code", recovery_code=codes[0])

    def holds(_winners: Sequence[Entrant]) -> None:
        sessions_left(key, 1)
        assert number_of(RecoveryCode) == NUMBER - 1

    return Race(sent, holds=holds)


@race(FACTOR)
def finish_one_begun_login_with_two_codes(track: Track) -> Race:
    """Copies of one cookie finish the login once, though each has a code of its own."""
    _, codes, key = viewer_has(track)
    [first, *others] = begun(track)
    with first.session_transaction() as session:
        token = session["begun_login"]
    for other in others:
        with other.session_transaction() as session:
            session["begun_login"] = token
    own = codes[: track.number]
    sent = track.bare([first, *others], f"{FACTOR}?way=recovery-code", recovery_code=own)

    def holds(_winners: Sequence[Entrant]) -> None:
        sessions_left(key, 1)
        assert number_of(BegunLogin) == track.number - 1

    return Race(sent, holds=holds)


@race(AUTHENTICATOR)
def set_an_app_up(track: Track) -> Race:
    """Copies of one cookie: the first ends the session of the others."""
    clients = copies(track)
    proposed = track.store(lambda: [propose_seed(the_account("viewer")) for _ in clients])
    codes = track.store(lambda: [code_of(seed) for seed, _ in proposed])
    sealed = [text for _, text in proposed]
    sent = track.bare(clients, AUTHENTICATOR, sealed_seed=sealed, one_time_code=codes)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(Authenticator) == 1

    return Race(sent, holds=holds)


@race(f"{AUTHENTICATOR}/remove")
def remove_the_app(track: Track) -> Race:
    viewer_has(track)
    sent = track.bare(copies(track), f"{AUTHENTICATOR}/remove")

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(Authenticator) == number_of(RecoveryCode) == 0

    return Race(sent, holds=holds)


@race(CODES)
def make_recovery_codes(track: Track) -> Race:
    """The codes of the last one count."""
    viewer_has(track)
    sent = track.bare(track.browsers("viewer"), CODES)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(RecoveryCode) == NUMBER

    return Race(sent, winners=track.everyone, holds=holds)


@race("/admin/users/reset-factors/")
def reset_the_factors_of_a_user(track: Track) -> Race:
    """The first resets them; the others are told that there are none."""
    key = one(track, an_account)
    track.store(lambda: an_authenticator(stored(User, key)))
    sent = track.entrants(track.people("owner"), f"/admin/users/reset-factors/?id={key}")

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(Authenticator) == 0

    return Race(sent, holds=holds)


def copies(track: Track) -> list[FlaskClient]:
    """Browsers with the same cookie of the viewer."""
    [first, *others] = track.browsers("viewer")
    with first.session_transaction() as session:
        token = session["_user_id"]
    for other in others:
        with other.session_transaction() as session:
            session["_user_id"] = token
    return [first, *others]
