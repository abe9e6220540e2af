"""Passkeys as a second factor after the password, and as a proof of who one is."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.passkeys.models import Passkey, UsedChallenge
from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.throttling.limits import PER_PAIR
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, email_of, the_account
from dashboard.testing.passkeys import Device, a_passkey, options_on, text_of
from unit.accounts.passkeys.steps import BENT_USES, BY_PASSKEY, CONFIRM, FACTOR, LOGIN, NEW, Rows, is_in, use
from unit.accounts.proving import asks_for_proof
from unit.admin.reading import flashes, read
from unit.conftest import ClientAs, Csrf, SetClock, Submit
from unit.security_log.reading import events, the_event

pytestmark = pytest.mark.both_databases

WRONG = "The passkey was not accepted. Try again."


def begun(app: Flask, submit: Submit, who: str = "viewer") -> FlaskClient:
    """A browser whose user has entered the password."""
    client = app.test_client()
    answer = submit(client, LOGIN, email=email_of(who), password=PASSWORD)
    assert str(answer.location).startswith(FACTOR)
    return client


@pytest.fixture
def stale(client_as: ClientAs, csrf: Csrf, set_clock: SetClock, device: Device) -> FlaskClient:
    """A browser of the viewer, whose last proof is a little too old."""
    client = client_as("viewer")
    csrf(client)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    return client


class TestSecondStep:
    @pytest.mark.security(62, 64)
    def test_password_asks_for_the_passkey(self, app: Flask, device: Device, submit: Submit) -> None:
        client = begun(app, submit)
        assert not is_in(client)
        page = f"{FACTOR}?next=/admin/categories/"
        assert [each["id"] for each in options_on(client.get(page).text)["allowCredentials"]] == [
            text_of(device.credential_id)
        ]
        assert use(submit, client, page, device).location == "/admin/categories/"
        row = the_event(app)
        assert (row.event, row.facts) == (Event.LOGGED_IN, {"factor": "passkey"})

    def test_answer_without_a_handle_is_enough(self, app: Flask, device: Device, submit: Submit) -> None:
        """Devices leave it out where the page named the passkey."""
        assert use(submit, begun(app, submit), FACTOR, device, handle=b"").status_code == 303

    @pytest.mark.security(62)
    @pytest.mark.parametrize("bent", BENT_USES.values(), ids=BENT_USES)
    def test_bent_answer_is_refused(
        self, app: Flask, device: Device, submit: Submit, rows: Rows, bent: dict[str, Any]
    ) -> None:
        client = begun(app, submit)
        assert WRONG in use(submit, client, FACTOR, device, **bent).text
        assert not is_in(client)
        assert rows(UsedChallenge) == []

    @pytest.mark.security(62)
    def test_passkey_of_another_user_is_refused(
        self, app: Flask, device: Device, other_device: Device, submit: Submit
    ) -> None:
        client = begun(app, submit)
        assert WRONG in use(submit, client, FACTOR, other_device).text
        assert not is_in(client)

    @pytest.mark.security(62)
    def test_answer_for_the_login_is_none_for_the_second_step(
        self, app: Flask, device: Device, submit: Submit
    ) -> None:
        client = begun(app, submit)
        sent = device.use(options_on(client.get(LOGIN).text))
        assert WRONG in submit(client, FACTOR, passkey=sent).text
        sent = device.use(options_on(client.get(FACTOR).text))
        assert submit(client, BY_PASSKEY, passkey=sent).status_code == 200
        assert not is_in(client)

    @pytest.mark.security(21)
    def test_attempts_are_limited(self, app: Flask, device: Device, submit: Submit) -> None:
        client = begun(app, submit)
        for _ in range(PER_PAIR - 1):
            assert use(submit, client, FACTOR, device, origin="https://evil.test").status_code == 200
        answer = use(submit, client, FACTOR, device)
        assert answer.status_code == 429
        assert "Too many attempts with a wrong passkey." in answer.text


class TestProof:
    @pytest.mark.security(57, 62)
    def test_passkey_is_a_proof(self, device: Device, stale: FlaskClient, submit: Submit) -> None:
        page = f"{CONFIRM}&next={NEW}"
        assert asks_for_proof(stale.get(NEW))
        assert use(submit, stale, page, device).location == NEW
        assert stale.get(NEW).status_code == 200

    @pytest.mark.security(57, 62)
    def test_passkey_of_another_user_is_no_proof(
        self, app: Flask, other_device: Device, stale: FlaskClient, submit: Submit
    ) -> None:
        """GHSA-f66q-9rf6-8795 of Flask-Security: any passkey refreshed the proof of whoever was logged in."""
        assert WRONG in use(submit, stale, CONFIRM, other_device).text
        assert asks_for_proof(stale.get(NEW))
        assert the_event(app).event == Event.WRONG_PASSKEY

    @pytest.mark.security(57, 62)
    def test_passkey_of_another_user_with_the_handle_of_this_one_is_no_proof(
        self, device: Device, other_device: Device, stale: FlaskClient, submit: Submit
    ) -> None:
        assert WRONG in use(submit, stale, CONFIRM, other_device, handle=device.handle).text
        assert asks_for_proof(stale.get(NEW))

    @pytest.mark.security(62)
    @pytest.mark.parametrize("bent", BENT_USES.values(), ids=BENT_USES)
    def test_bent_answer_is_refused(
        self, device: Device, stale: FlaskClient, submit: Submit, bent: dict[str, Any]
    ) -> None:
        assert WRONG in use(submit, stale, CONFIRM, device, **bent).text
        assert asks_for_proof(stale.get(NEW))

    @pytest.mark.security(57, 62)
    def test_answer_is_one_proof(
        self, device: Device, stale: FlaskClient, submit: Submit, set_clock: SetClock
    ) -> None:
        device.counts = False
        sent = device.use(options_on(stale.get(CONFIRM).text))
        with stale.session_transaction() as session:
            binding = session["csrf_token"]
        assert submit(stale, CONFIRM, passkey=sent).status_code == 303
        set_clock(FRESH_FOR - timedelta(seconds=1))
        set_clock(timedelta(seconds=2))
        with stale.session_transaction() as session:
            session["csrf_token"] = binding
        assert WRONG in submit(stale, CONFIRM, passkey=sent).text

    @pytest.mark.security(62)
    def test_answer_for_another_session_of_the_user_is_no_proof(
        self, client_as: ClientAs, device: Device, stale: FlaskClient, submit: Submit
    ) -> None:
        options = options_on(stale.get(CONFIRM).text)
        other = client_as("viewer")
        sent = device.use({**options, "challenge": options_on(other.get(NEW).text)["challenge"]})
        assert WRONG in submit(stale, CONFIRM, passkey=sent).text

    def test_user_without_a_passkey_is_not_offered_it(
        self, client_as: ClientAs, csrf: Csrf, set_clock: SetClock
    ) -> None:
        client = client_as("editor")
        csrf(client)
        set_clock(FRESH_FOR + timedelta(seconds=1))
        assert "passkey" not in client.get("/login/confirm").text

    def test_number_that_goes_back_is_logged(
        self, app: Flask, device: Device, stale: FlaskClient, submit: Submit, rows: Rows
    ) -> None:
        assert use(submit, app.test_client(), LOGIN, device, count=7).status_code == 303
        assert WRONG in use(submit, stale, CONFIRM, device, count=7).text
        assert Event.PASSKEY_REFUSED in [row.event for row in events(app)]
        assert rows(Passkey)[0].sign_count == 7


def test_links_lead_to_the_other_ways(app: Flask, device: Device, stale: FlaskClient) -> None:
    links = [link.attributes["href"] for link in read(stale.get("/login/confirm").text).all("a")]
    assert "/login/confirm?way=passkey&next=/admin/products/" in links
    assert flashes(stale.get(CONFIRM).text) == []
    with app.app_context():
        a_passkey(the_account("viewer"), "Phone")
        db.session.rollback()
