"""Renaming passkeys, and removing them."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.passkeys.flows import NO_PASSWORD
from dashboard.accounts.passkeys.models import NAME_LENGTH, Passkey
from dashboard.accounts.passkeys.views import REMOVED, RENAMED
from dashboard.accounts.recovery_codes.models import RecoveryCode
from dashboard.accounts.second_factor.required import NEEDED
from dashboard.accounts.security_log.events import Event
from dashboard.extensions import db
from dashboard.testing.accounts import the_account
from dashboard.testing.passkeys import Device, a_passkey
from dashboard.testing.second_factors import an_authenticator, recovery_codes
from unit.accounts.passkeys.steps import LOGIN, Rows, is_in, use
from unit.admin.reading import field_errors, flashes, read, value
from unit.conftest import ClientAs, MakeApp, Submit
from unit.security_log.reading import events, the_event

pytestmark = pytest.mark.both_databases


def renaming(rows: Rows) -> str:
    """The address of the page that renames the one passkey."""
    return f"/profile/passkeys/{rows(Passkey)[0].id}/rename"


def told_before(client: FlaskClient, address: str) -> list[str]:
    """The ways out of a page that says, without a button, why a factor stays."""
    page = read(client.get(address).text)
    (card,) = page.all("div", class_="card")
    assert [button.text for button in card.all("button")] == []
    return [link.text for link in card.all("a", class_="button")]


class TestRenaming:
    def test_name_changes_and_passkey_and_sessions_stay(
        self, app: Flask, client_as: ClientAs, device: Device, submit: Submit, rows: Rows
    ) -> None:
        client, other, address = client_as("viewer"), client_as("viewer"), renaming(rows)
        assert value(client.get(address).text, "name") == "Work laptop"
        answer = submit(client, address, name="  Phone ")
        page = client.get(answer.location)
        assert flashes(page.text) == [("success", RENAMED)]
        assert "Phone" in page.text
        assert [row.name for row in rows(Passkey)] == ["Phone"]
        assert (the_event(app).event, the_event(app).facts) == (Event.PASSKEY_RENAMED, {})
        assert (is_in(client), is_in(other)) == (True, True)
        assert use(submit, app.test_client(), LOGIN, device).status_code == 303

    def test_same_name_is_no_event(
        self, app: Flask, client_as: ClientAs, device: Device, submit: Submit, rows: Rows
    ) -> None:
        assert submit(client_as("viewer"), renaming(rows), name="Work laptop").status_code == 303
        assert events(app) == []

    @pytest.mark.parametrize("name", ["", "  ", "a\u202eb", "a\nb", "x" * (NAME_LENGTH + 1)])
    def test_odd_name_is_refused(
        self, client_as: ClientAs, device: Device, submit: Submit, rows: Rows, name: str
    ) -> None:
        answer = submit(client_as("viewer"), renaming(rows), name=name)
        assert "name" in field_errors(answer.text)
        assert [row.name for row in rows(Passkey)] == ["Work laptop"]

    @pytest.mark.security(50)
    def test_passkey_of_another_user_is_not_found(
        self, client_as: ClientAs, other_device: Device, submit: Submit, rows: Rows
    ) -> None:
        client, address = client_as("viewer"), renaming(rows)
        assert (client.get(address).status_code, submit(client, address, name="x").status_code) == (404, 404)
        assert [row.name for row in rows(Passkey)] == ["Work laptop"]


class TestRemoving:
    def test_removed_passkey_stops_working(
        self, app: Flask, client_as: ClientAs, device: Device, submit: Submit, rows: Rows
    ) -> None:
        client, address = client_as("viewer"), f"/profile/passkeys/{rows(Passkey)[0].id}/remove"
        with app.app_context():
            recovery_codes(the_account("viewer"))
            db.session.commit()
        assert "Work laptop" in client.get(address).text
        assert client.head(address).status_code == 200  # asks too, and removes nothing
        assert rows(Passkey)
        answer = submit(client, address)
        assert flashes(client.get(answer.location).text) == [("success", REMOVED)]
        assert rows(Passkey) == rows(RecoveryCode) == []
        row = the_event(app)
        assert (row.event, row.facts) == (Event.FACTOR_REMOVED, {"factor": "passkey"})
        assert use(submit, app.test_client(), LOGIN, device).status_code == 200

    def test_other_passkeys_and_recovery_codes_stay(
        self, app: Flask, client_as: ClientAs, device: Device, submit: Submit, rows: Rows
    ) -> None:
        with app.app_context():
            a_passkey(the_account("viewer"), "Phone")
            recovery_codes(the_account("viewer"))
            db.session.commit()
        first, second = rows(Passkey)
        submit(client_as("viewer"), f"/profile/passkeys/{first.id}/remove")
        assert [row.id for row in rows(Passkey)] == [second.id]
        assert rows(RecoveryCode)

    @pytest.mark.security(50)
    def test_passkey_of_another_user_is_not_found(
        self, client_as: ClientAs, other_device: Device, submit: Submit, rows: Rows
    ) -> None:
        client, address = client_as("viewer"), f"/profile/passkeys/{rows(Passkey)[0].id}/remove"
        assert (client.get(address).status_code, submit(client, address).status_code) == (404, 404)
        assert len(rows(Passkey)) == 1

    def test_last_passkey_of_a_user_without_a_password_stays(
        self, app: Flask, client_as: ClientAs, device: Device, submit: Submit, rows: Rows
    ) -> None:
        with app.app_context():
            a_passkey(the_account("viewer"), "Phone")
            an_authenticator(the_account("viewer"))  # which logs nobody in without a password
            the_account("viewer").password_hash = ""
            db.session.commit()
        client = client_as("viewer")
        first, second = rows(Passkey)
        submit(client, f"/profile/passkeys/{first.id}/remove")
        address = f"/profile/passkeys/{second.id}/remove"
        assert told_before(client, address) == ["Choose password", "Back to second factors"]
        assert NO_PASSWORD in client.get(address).text.replace("&#39;", "'")
        answer = submit(client, address)
        assert ("error", NO_PASSWORD) in flashes(client.get(answer.location).text)
        assert [row.id for row in rows(Passkey)] == [second.id]
        assert use(submit, app.test_client(), LOGIN, device).status_code == 200

    @pytest.mark.security(64)
    def test_factor_that_the_role_needs_stays(
        self, client_as: ClientAs, device: Device, make_app: MakeApp, submit: Submit, rows: Rows, log_in: Any
    ) -> None:
        client = make_app(second_factor="viewer").test_client()
        log_in(client, "viewer")
        address = f"/profile/passkeys/{rows(Passkey)[0].id}/remove"
        assert told_before(client, address) == ["Back to second factors"]
        assert NEEDED in client.get(address).text
        answer = submit(client, address)
        assert flashes(client.get(answer.location).text) == [("error", NEEDED)]
        assert len(rows(Passkey)) == 1

    @pytest.mark.security(64)
    def test_one_of_two_factors_that_the_role_needs_is_removed(
        self, make_app: MakeApp, submit: Submit, rows: Rows, log_in: Any
    ) -> None:
        made = make_app(second_factor="viewer")
        with made.app_context():
            a_passkey(the_account("viewer"))
            an_authenticator(the_account("viewer"))
            db.session.commit()
        client = made.test_client()
        log_in(client, "viewer")
        submit(client, f"/profile/passkeys/{rows(Passkey)[0].id}/remove")
        assert rows(Passkey) == []
        assert told_before(client, "/profile/authenticator/remove") == ["Back to second factors"]
