"""The host name and the origin of passkeys, which come from the settings."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, email_of, the_account
from dashboard.testing.passkeys import Device, options_on
from dashboard.testing.second_factors import an_authenticator, code_of
from unit.accounts.passkeys.steps import BY_PASSKEY, FACTOR, LOGIN
from unit.admin.reading import read, value
from unit.conftest import MakeApp, SetClock, Submit
from unit.consoles import SECRET_KEY

pytestmark = pytest.mark.both_databases


def posted(client: FlaskClient, path: str, sent: dict[str, str], there: dict[str, str]) -> TestResponse:
    """Send the form of a page on another host."""
    token = value(client.get(path, **there).text, "csrf_token")
    return client.post(path, data={"csrf_token": token, **sent}, **there)


class TestTheRelyingParty:
    """It comes from the settings, whatever a request says."""

    @pytest.mark.security(62)
    @pytest.mark.parametrize(
        ("changes", "party", "origin"),
        [
            ({}, "localhost", "http://localhost:8000"),
            ({"listens_at": "http://127.0.0.1:8123"}, "localhost", "http://localhost:8123"),
            ({"listens_at": "http://[::1]:80"}, "localhost", "http://localhost"),
            (
                {"base_url": "https://Console.example.org"},
                "console.example.org",
                "https://console.example.org",
            ),
            ({"base_url": "https://c.example.org:443"}, "c.example.org", "https://c.example.org"),
            ({"base_url": "https://c.example.org:8443"}, "c.example.org", "https://c.example.org:8443"),
        ],
    )
    def test_party_is_the_address_of_the_console(
        self,
        device: Device,
        make_app: MakeApp,
        submit: Submit,
        changes: dict[str, str],
        party: str,
        origin: str,
    ) -> None:
        client = make_app(**changes).test_client()
        there = {"base_url": f"http://{party}"}
        options = options_on(client.get(LOGIN, **there).text)
        assert options["rpId"] == party
        for said, status in (("https://evil.test", 200), (origin, 303)):
            sent = device.use(options, host=party, origin=said)
            page = client.get(LOGIN, **there).text
            token = page.split('name="csrf_token" value="')[1].split('"')[0]
            form = {"csrf_token": token, "passkey": sent}
            assert client.post(BY_PASSKEY, data=form, **there).status_code == status

    @pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000"])
    def test_page_on_another_host_asks_for_no_passkey(self, app: Flask, host: str) -> None:
        page = app.test_client().get(LOGIN, base_url=f"http://{host}").text
        assert "data-passkey" not in page
        assert "Passkeys work at http://localhost:8000, not at this address." in page

    @pytest.mark.parametrize("page", ["second step", "proof"])
    def test_other_factor_is_asked_for_where_no_passkey_works(
        self, app: Flask, device: Device, submit: Submit, set_clock: SetClock, page: str
    ) -> None:
        with app.app_context():
            seed = an_authenticator(the_account("viewer"))
            db.session.commit()
        client, there = app.test_client(), {"base_url": "http://127.0.0.1:8000"}
        sent = {"email": email_of("viewer"), "password": PASSWORD}
        assert posted(client, LOGIN, sent, there).location.startswith(FACTOR)
        address = FACTOR
        if page == "proof":
            assert posted(client, FACTOR, {"one_time_code": code_of(seed)}, there).status_code == 303
            with app.app_context():
                the_account("viewer").password_hash = ""
                db.session.commit()
            set_clock(FRESH_FOR + timedelta(seconds=1))
            address = "/login/confirm"
        asked = client.get(address, **there).text
        assert "Passkeys work at http://localhost:8000, not at this address." in asked
        assert "one_time_code" in read(asked).fields
        assert "Use a passkey" not in asked
        refused = posted(client, f"{address}?way=passkey", {"passkey": "x"}, there)
        assert (refused.status_code, "Use your authenticator app" in refused.text) == (200, True)
        assert "passkey" not in read(refused.text).fields

    def test_console_without_a_host_name_has_no_passkeys(self, make_app: MakeApp) -> None:
        app = make_app(
            env="production",
            base_url="https://192.0.2.7",
            secret_key=SECRET_KEY,
            allowed_hosts=("localhost",),
        )
        page = app.test_client().get(LOGIN, base_url="https://192.0.2.7")
        assert (page.status_code, "data-passkey" in page.text) == (200, False)
