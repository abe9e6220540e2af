"""Setting up an authenticator app, its codes, and removing it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.authenticator.codes import PERIOD_SECONDS, matching_step, new_seed
from dashboard.accounts.authenticator.flows import (
    propose_seed,
    proposed_seed,
)
from dashboard.accounts.authenticator.pictures import qr_code
from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.accounts.recovery_codes.models import RecoveryCode
from dashboard.extensions import db
from dashboard.testing.accounts import a_session, email_of, the_account
from dashboard.testing.second_factors import code_of
from unit.accounts.proving import asks_for_proof, way_back
from unit.accounts.second_factors.steps import (
    AUTHENTICATOR,
    CODES,
    FACTOR,
    OVERVIEW,
    Begin,
    is_in,
    lets_in,
    row_of,
    use,
)
from unit.admin.reading import field_errors, flashes, read, value
from unit.conftest import ClientAs, Csrf, SetClock, Submit
from unit.digest import database_digest

pytestmark = pytest.mark.both_databases

REMOVE = f"{AUTHENTICATOR}/remove"
STEP = timedelta(seconds=PERIOD_SECONDS)


def key_on(page: str) -> str:
    """The key that a page shows for typing."""
    return read(page).all("code")[0].text.replace(" ", "")


def add(submit: Submit, client: FlaskClient) -> str:
    """Set up an app in a browser, and return its seed."""
    page = client.get(AUTHENTICATOR).text
    seed, sealed = key_on(page), value(page, "sealed_seed")
    answer = submit(client, AUTHENTICATOR, sealed_seed=sealed, one_time_code=code_of(seed))
    assert answer.location == CODES
    return seed


class TestSettingUp:
    def test_app_counts_once_its_code_was_entered(
        self, app: Flask, client_as: ClientAs, submit: Submit, begin: Begin, set_clock: SetClock
    ) -> None:
        client = client_as("viewer")
        before = database_digest(app)
        page = client.get(AUTHENTICATOR).text
        assert database_digest(app) == before
        assert 'class="qr-code"' in page
        seed = add(submit, client)
        shown = client.get(CODES)
        assert flashes(shown.text)[0][1] == "Authenticator app added. Your other sessions are logged out."
        set_clock(STEP)
        assert lets_in(submit(begin(), FACTOR, one_time_code=code_of(seed)))

    @pytest.mark.security(59)
    def test_code_that_set_the_app_up_is_used_up(
        self, client_as: ClientAs, submit: Submit, begin: Begin
    ) -> None:
        seed = add(submit, client_as("viewer"))
        client = begin()
        assert submit(client, FACTOR, one_time_code=code_of(seed)).status_code == 200
        assert not is_in(client)

    def test_wrong_code_keeps_the_key_and_sets_nothing_up(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        client = client_as("viewer")
        page = client.get(AUTHENTICATOR).text
        sealed, seed = value(page, "sealed_seed"), key_on(page)
        for code in ("", code_of(seed, steps=5)):
            answer = submit(client, AUTHENTICATOR, sealed_seed=sealed, one_time_code=code)
            assert "one_time_code" in field_errors(answer.text)
            assert (value(answer.text, "sealed_seed"), key_on(answer.text)) == (sealed, seed)
        assert row_of(app) is None

    @pytest.mark.security(63)
    def test_seed_of_another_user_or_of_another_time_is_refused(
        self, app: Flask, client_as: ClientAs, submit: Submit, seed: str
    ) -> None:
        with app.app_context():
            foreign, sealed = propose_seed(the_account("editor"))
        stored = row_of(app)
        assert stored
        for text, code in ((sealed, code_of(foreign)), (stored.seed, code_of(seed)), ("x", "123456")):
            client = client_as("viewer")
            answer = submit(client, AUTHENTICATOR, sealed_seed=text, one_time_code=code)
            assert "This page was out of date." in answer.text
            assert value(answer.text, "sealed_seed") != text
        assert row_of(app) is not None
        assert row_of(app, "viewer").seed == stored.seed  # type: ignore[union-attr]

    @pytest.mark.security(31)
    def test_new_app_ends_the_other_sessions_and_renews_this_one(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        other, client, copy = client_as("viewer"), client_as("viewer"), app.test_client()
        with client.session_transaction() as session, copy.session_transaction() as copied:
            copied["_user_id"] = session["_user_id"]
        add(submit, client)
        assert (is_in(client), is_in(other), is_in(copy)) == (True, False, False)

    def test_new_app_replaces_the_one_before(
        self, client_as: ClientAs, seed: str, submit: Submit, begin: Begin, set_clock: SetClock
    ) -> None:
        new = add(submit, client_as("viewer"))
        set_clock(STEP)
        client = begin()
        assert not lets_in(submit(client, FACTOR, one_time_code=code_of(seed)))
        assert lets_in(submit(client, FACTOR, one_time_code=code_of(new)))

    @pytest.mark.security(57)
    @pytest.mark.parametrize("address", [AUTHENTICATOR, CODES, REMOVE])
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_factors_need_a_fresh_proof(
        self,
        app: Flask,
        seed: str,
        client_as: ClientAs,
        csrf: Csrf,
        set_clock: SetClock,
        address: str,
        method: str,
    ) -> None:
        client = client_as("viewer")
        token = csrf(client)
        set_clock(FRESH_FOR + timedelta(seconds=1))
        before = database_digest(app)
        answer = client.open(address, method=method, data={"csrf_token": token} if method == "POST" else None)
        assert asks_for_proof(answer)
        assert way_back(answer) == address
        assert database_digest(app) == before

    def test_way_back_is_kept_until_the_codes_were_shown(self, client_as: ClientAs, submit: Submit) -> None:
        client, goal = client_as("viewer"), "/admin/categories/"
        address = f"{AUTHENTICATOR}?next={goal}"
        page = client.get(address).text
        seed, sealed = key_on(page), value(page, "sealed_seed")
        answer = submit(client, address, sealed_seed=sealed, one_time_code=code_of(seed))
        assert answer.location == f"{CODES}?next={goal}"
        assert f'href="{goal}"' in submit(client, answer.location).text


class TestCodes:
    @pytest.mark.security(60)
    @pytest.mark.parametrize(
        ("steps", "is_valid"), [(-2, False), *((each, True) for each in (-1, 0, 1)), (2, False)]
    )
    def test_code_is_accepted_one_step_early_or_late(
        self, seed: str, begin: Begin, submit: Submit, steps: int, is_valid: bool
    ) -> None:
        answer = submit(begin(), FACTOR, one_time_code=code_of(seed, steps=steps))
        assert lets_in(answer) is is_valid

    @pytest.mark.security(59)
    @pytest.mark.parametrize("used", [-1, 0, 1])
    @pytest.mark.parametrize("again", [-1, 0, 1])
    def test_code_and_those_before_it_are_used_up(
        self, app: Flask, seed: str, begin: Begin, submit: Submit, used: int, again: int
    ) -> None:
        assert lets_in(submit(begin(), FACTOR, one_time_code=code_of(seed, steps=used)))
        assert lets_in(submit(begin(), FACTOR, one_time_code=code_of(seed, steps=again))) is (again > used)

    @pytest.mark.security(59)
    def test_code_of_a_log_in_is_no_proof_afterwards(
        self, app: Flask, seed: str, client_as: ClientAs, submit: Submit, set_clock: SetClock
    ) -> None:
        client = client_as("viewer")
        submit(client, "/admin/")
        set_clock(FRESH_FOR + timedelta(seconds=1))
        assert use(app, code_of(seed))
        confirm = "/login/confirm?way=authenticator&next=/admin/"
        assert submit(client, confirm, one_time_code=code_of(seed)).status_code == 200
        assert submit(client, confirm, one_time_code=code_of(seed, steps=1)).location == "/admin/"

    def test_wrong_code_uses_nothing_up(self, app: Flask, seed: str) -> None:
        assert not use(app, "x")
        assert use(app, code_of(seed))

    def test_user_without_an_app_has_no_code(self, app: Flask, seed: str) -> None:
        assert not use(app, code_of(seed), "editor")

    def test_seeds_are_random_and_long(self) -> None:
        assert len({new_seed() for _ in range(100)}) == 100
        assert len(new_seed()) == 32  # of 5 bits each

    def test_codes_are_those_of_the_standard(self, set_clock: SetClock) -> None:
        """RFC 6238, appendix B, whose codes of eight digits end with those of six."""
        seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
            set_clock(datetime.fromtimestamp(seconds, UTC))
            assert matching_step(seed, code) == seconds // 30


class TestRemoving:
    @pytest.mark.security(31)
    def test_removed_app_is_not_asked_for_and_other_sessions_end(
        self, app: Flask, codes: list[str], client_as: ClientAs, submit: Submit
    ) -> None:
        other, client = client_as("viewer"), client_as("viewer")
        assert "Remove authenticator app?" in client.get(REMOVE).text
        assert client.head(REMOVE).status_code == 200  # asks too, and removes nothing
        assert row_of(app)
        answer = submit(client, REMOVE)
        assert answer.location == OVERVIEW
        assert (is_in(client), is_in(other)) == (True, False)
        assert row_of(app) is None
        with app.app_context():
            assert db.session.scalars(select(RecoveryCode)).all() == []

    def test_user_without_an_app_is_led_back(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        assert client.get(REMOVE).location == OVERVIEW
        assert submit(client, REMOVE).location == OVERVIEW
        assert is_in(client)


@pytest.mark.security(57)
def test_code_is_a_proof(seed: str, client_as: ClientAs, submit: Submit, set_clock: SetClock) -> None:
    client = client_as("viewer")
    set_clock(FRESH_FOR + timedelta(seconds=1))
    address = f"/login/confirm?way=authenticator&next={AUTHENTICATOR}"
    assert "one-time-code" in client.get(address).text
    assert "The code is wrong" in submit(client, address, one_time_code="x").text
    assert submit(client, address, one_time_code=code_of(seed)).location == AUTHENTICATOR
    assert client.get(AUTHENTICATOR).status_code == 200


def test_code_of_another_user_is_no_proof(
    seed: str, client_as: ClientAs, submit: Submit, set_clock: SetClock
) -> None:
    client = client_as("editor")
    set_clock(FRESH_FOR + timedelta(seconds=1))
    address = f"/login/confirm?way=authenticator&next={AUTHENTICATOR}"
    assert "one-time-code" not in client.get(address).text
    assert not lets_in(submit(client, address, one_time_code=code_of(seed)))


def test_picture_has_no_style_that_the_policy_refuses() -> None:
    picture = qr_code('otpauth://totp/x?secret=A&issuer="<b>', 'A "label" <b>')
    assert "style" not in picture
    assert picture.startswith('<svg role="img" ')
    assert "&lt;b&gt;" in picture


def test_proposal_is_read_by_its_user_only(context: Flask) -> None:
    viewer, editor = the_account("viewer"), the_account("editor")
    seed, sealed = propose_seed(viewer)
    assert proposed_seed(viewer, sealed) == seed
    assert proposed_seed(editor, sealed) is None
    assert email_of("viewer") not in sealed


def test_page_of_factors_says_what_there_is(
    app: Flask, codes: list[str], client_as: ClientAs, make_app: Callable[..., Flask]
) -> None:
    page = client_as("viewer").get(OVERVIEW).text
    assert "10 codes left" in page
    assert "last code used" in page
    other = client_as("editor").get(OVERVIEW).text
    assert "Recovery codes" not in other
    assert "Set up authenticator app" in other
    with app.app_context():
        a_session(the_account("viewer"))
