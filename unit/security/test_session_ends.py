"""Security lines 30 to 33: who can end a session."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event, select

from dashboard.accounts.models import UserSession
from dashboard.accounts.passwords import verify_password
from dashboard.accounts.sessions import LIFETIME
from dashboard.database.transactions import WRITES
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, the_account
from dashboard.testing.answers import is_redirect
from unit.conftest import ClientAs, Csrf, SetClock, Submit
from unit.digest import database_digest
from unit.security.cookies import NOON, cookie_of, is_logged_in, token_in, with_cookie

STEP = timedelta(hours=7)
PASSWORD_CHANGE = {"current": PASSWORD, "password": NEW_PASSWORD, "confirm": NEW_PASSWORD}


def session_ids(app: Flask, who: str) -> list[int]:
    """Return the ids of the sessions of an account, the oldest first."""
    with app.app_context():
        key = the_account(who).id
        mine = select(UserSession.id).where(UserSession.user_id == key).order_by(UserSession.id)
        return list(db.session.scalars(mine))


def id_of(app: Flask, who: str) -> int:
    """Return the id of an account."""
    with app.app_context():
        return the_account(who).id


@contextmanager
def ending_sessions_before_a_write() -> Iterator[None]:
    """End every session after a request has read its own, and before it writes."""

    def end(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES) and not ended:
            with (
                closing(connection.engine.raw_connection()) as elsewhere,
                closing(elsewhere.cursor()) as cursor,
            ):
                cursor.execute("DELETE FROM user_sessions")  # commits by itself, see `configure_engine`
                ended.append(cursor.rowcount)

    ended: list[int] = []
    event.listen(Engine, "begin", end)  # listeners of the class come first: the lock is not taken yet
    try:
        yield
    finally:
        event.remove(Engine, "begin", end)
    assert ended == [1]


@pytest.mark.security(30)
class TestOwnSessions:
    def test_profile_lists_every_live_session(self, peopled: Flask, client_as: ClientAs) -> None:
        client_as("viewer")
        page = client_as("viewer").get("/profile").text
        assert page.count("Firefox on Linux") >= 2
        assert page.count("203.0.113.7") == 2
        assert page.count("This session") == 1

    def test_user_can_end_one_session(self, peopled: Flask, client_as: ClientAs, submit: Submit) -> None:
        ended, other, mine = (client_as("viewer") for _ in range(3))
        key = session_ids(peopled, "viewer")[0]
        assert is_redirect(submit(mine, f"/profile/sessions/{key}/end"))
        assert [is_logged_in(client) for client in (ended, other, mine)] == [False, True, True]

    def test_user_can_end_all_other_sessions(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        others = [client_as("viewer") for _ in range(3)]
        mine, colleague = client_as("viewer"), client_as("editor")
        submit(mine, "/profile/sessions/end-others")
        assert [is_logged_in(client) for client in (*others, mine, colleague)] == [False] * 3 + [True] * 2

    def test_ending_all_others_ends_a_copy_of_this_cookie_too(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        mine = client_as("viewer")
        copy = cookie_of(mine)
        submit(mine, "/profile/sessions/end-others")
        assert (is_logged_in(mine), is_logged_in(with_cookie(peopled, copy))) == (True, False)
        assert len(session_ids(peopled, "viewer")) == 1

    @pytest.mark.security(29)
    def test_ending_all_others_does_not_lengthen_this_session(
        self, client_as: ClientAs, submit: Submit, set_clock: SetClock
    ) -> None:
        set_clock(NOON)
        mine = client_as("viewer")
        for _ in range(int(LIFETIME / STEP) - 1):
            set_clock(STEP)
            submit(mine, "/profile/sessions/end-others")
        assert is_logged_in(mine)
        set_clock(STEP)
        assert not is_logged_in(mine)

    def test_another_users_session_cannot_be_ended(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        victim = client_as("viewer")
        (key,) = session_ids(peopled, "viewer")
        assert submit(client_as("owner"), f"/profile/sessions/{key}/end").status_code == 404
        assert is_logged_in(victim)

    @pytest.mark.parametrize("key", ["0", "4711", "99999999999999999999", "-1", "abc", "1e3"])
    def test_ending_an_unknown_session_is_404(self, client_as: ClientAs, submit: Submit, key: str) -> None:
        assert submit(client_as("viewer"), f"/profile/sessions/{key}/end").status_code == 404


@pytest.mark.security(31)
class TestAPasswordChange:
    def test_password_change_ends_all_other_sessions(self, client_as: ClientAs, submit: Submit) -> None:
        other, mine, colleague = client_as("viewer"), client_as("viewer"), client_as("editor")
        submit(mine, "/profile/password", **PASSWORD_CHANGE)
        assert [is_logged_in(client) for client in (other, mine, colleague)] == [False, True, True]

    @pytest.mark.security(25)
    def test_copied_cookie_is_dead_after_a_password_change(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        mine = client_as("viewer")
        copy, before = cookie_of(mine), token_in(mine)
        submit(mine, "/profile/password", **PASSWORD_CHANGE)
        assert token_in(mine) != before
        assert not is_logged_in(with_cookie(peopled, copy))
        assert len(session_ids(peopled, "viewer")) == 1

    @pytest.mark.security(27)
    def test_csrf_token_from_before_a_password_change_is_refused(
        self, client_as: ClientAs, csrf: Csrf, submit: Submit
    ) -> None:
        mine = client_as("viewer")
        before = csrf(mine)
        submit(mine, "/profile/password", **PASSWORD_CHANGE)
        assert mine.post("/profile", data={"csrf_token": before, "name": "Kim"}).status_code == 400
        assert is_redirect(submit(mine, "/profile", name="Kim", mode="dark"))

    @pytest.mark.parametrize(
        ("path", "fields"), [("/profile/password", PASSWORD_CHANGE), ("/profile/sessions/end-others", {})]
    )
    def test_session_ended_at_the_same_moment_is_not_renewed(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, path: str, fields: dict[str, str]
    ) -> None:
        """As when a copy of the cookie is used to change the password at the same moment."""
        copy = client_as("viewer")
        with ending_sessions_before_a_write():
            answer = submit(copy, path, **fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=%2Fprofile")
        assert session_ids(peopled, "viewer") == []
        with peopled.app_context():
            assert verify_password(the_account("viewer").password_hash, PASSWORD)

    def test_refused_password_change_ends_no_session(self, client_as: ClientAs, submit: Submit) -> None:
        other, mine = client_as("viewer"), client_as("viewer")
        submit(mine, "/profile/password", **{**PASSWORD_CHANGE, "current": "wrong"})
        assert is_logged_in(other)


@pytest.mark.security(32)
class TestAnAccountThatEnds:
    @pytest.mark.parametrize(
        ("path", "fields"),
        [
            ("/admin/users/deactivate/", {}),
            ("/admin/users/delete/", {}),
            ("/admin/users/action/", {"action": "deactivate", "confirm": "1"}),
            ("/admin/users/action/", {"action": "delete", "confirm": "1"}),
        ],
    )
    def test_deactivated_or_deleted_user_is_out_at_the_next_request(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, path: str, fields: dict[str, str]
    ) -> None:
        sessions, colleague = [client_as("editor") for _ in range(2)], client_as("viewer")
        key = id_of(peopled, "editor")
        assert is_redirect(submit(client_as("owner"), path, id=key, rowid=key, **fields))
        assert not any(is_logged_in(client) for client in sessions)
        assert is_logged_in(colleague)

    @pytest.mark.parametrize("path", ["/profile", "/admin/products/new/", "/profile/sessions/end-others"])
    def test_deactivated_user_cannot_write(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, path: str
    ) -> None:
        client = client_as("editor")
        with peopled.app_context():
            the_account("editor").active = False
            db.session.commit()
        before = database_digest(peopled)
        answer = submit(client, path, name="Kim", mode="dark")
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/login")
        assert database_digest(peopled) == before

    def test_reactivated_user_stays_logged_out(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        client, owner, key = client_as("editor"), client_as("owner"), id_of(peopled, "editor")
        submit(owner, "/admin/users/deactivate/", id=key)
        submit(owner, "/admin/users/reactivate/", id=key)
        assert not is_logged_in(client)


@pytest.mark.security(33)
class TestAnAdminEndsSessions:
    @pytest.mark.parametrize("actor", ["admin", "owner"])
    def test_admin_logs_a_user_out_everywhere(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, actor: str
    ) -> None:
        sessions, colleague = [client_as("editor") for _ in range(2)], client_as("viewer")
        mine = client_as(actor)
        submit(mine, "/admin/users/sign-out/", id=id_of(peopled, "editor"))
        assert not any(is_logged_in(client) for client in sessions)
        assert is_logged_in(colleague)
        assert is_logged_in(mine)

    @pytest.mark.parametrize(
        ("actor", "subject", "status"),
        [
            ("viewer", "editor", 403),
            ("editor", "viewer", 403),
            ("admin", "owner", 404),
            ("owner", "owner", 403),
        ],
    )
    def test_others_cannot_log_a_user_out(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, actor: str, subject: str, status: int
    ) -> None:
        victim = client_as(subject)
        answer = submit(client_as(actor), "/admin/users/sign-out/", id=id_of(peopled, subject))
        assert answer.status_code == status
        assert is_logged_in(victim)


def test_browser_with_a_dead_session_can_log_in_again(
    peopled: Flask, client_as: ClientAs, submit: Submit
) -> None:
    client = with_cookie(peopled, cookie_of(client_as("viewer")))
    submit(client_as("owner"), "/admin/users/sign-out/", id=id_of(peopled, "viewer"))
    assert client.get("/login").status_code == 200
    submit(client, "/login", email="viewer@example.test", password=PASSWORD)
    assert is_logged_in(client)
