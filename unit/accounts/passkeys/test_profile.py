"""Adding passkeys, and the page that lists them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard.accounts.models import UserSession
from dashboard.accounts.passkeys.flows import IN_USE, MOST, NOT_GOOD, TOO_MANY
from dashboard.accounts.passkeys.models import NAME_LENGTH, Passkey
from dashboard.accounts.passkeys.views import ADDED
from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.accounts.second_factor.flows import reset_factors
from dashboard.accounts.security_log.events import Event
from dashboard.extensions import db
from dashboard.testing.accounts import email_of, the_account
from dashboard.testing.passkeys import Device, a_passkey, bytes_of, options_on, text_of
from unit.accounts.passkeys.steps import BENT, LOGIN, NEW, NOON, OVERVIEW, Rows, is_in, use
from unit.accounts.proving import asks_for_proof, way_back
from unit.admin.reading import field_errors, flashes, read
from unit.conftest import ClientAs, Csrf, SetClock, Submit
from unit.digest import database_digest
from unit.security_log.reading import the_event

pytestmark = pytest.mark.both_databases

CODES = "/profile/recovery-codes"


def add(
    client: Any, submit: Submit, device: Device, name: str = "Phone", page: str = NEW, **bent: Any
) -> Any:
    """Add the passkey of a device in a browser."""
    options = options_on(client.get(page).text)
    return submit(client, page, name=name, passkey=device.make(options, **bent))


class TestAdding:
    @pytest.mark.security(62)
    def test_added_passkey_logs_in(self, app: Flask, client_as: ClientAs, submit: Submit, rows: Rows) -> None:
        client, device = client_as("viewer"), Device()
        answer = add(client, submit, device)
        assert answer.location == CODES
        assert flashes(client.get(answer.location).text) == [("success", ADDED)]
        row = the_event(app)
        assert (row.event, row.facts) == (Event.FACTOR_ADDED, {"factor": "passkey"})
        [stored] = rows(Passkey)
        assert (stored.name, stored.sign_count, stored.added_at) == ("Phone", 0, NOON)
        assert (stored.transports, stored.credential_id) == ("hybrid,internal", text_of(device.credential_id))
        assert use(submit, app.test_client(), LOGIN, device).status_code == 303

    def test_browser_is_asked_for_a_key_that_needs_no_email(
        self, client_as: ClientAs, device: Device
    ) -> None:
        page = client_as("viewer").get(NEW)
        options = options_on(page.text)
        asked = options["authenticatorSelection"]
        assert (asked["residentKey"], asked["userVerification"]) == ("required", "required")
        assert (options["rp"]["id"], options["attestation"]) == ("localhost", "none")
        assert options["user"]["name"] == email_of("viewer")
        assert [each["id"] for each in options["excludeCredentials"]] == [text_of(device.credential_id)]

    def test_handle_says_nothing_about_its_user_and_stays(self, client_as: ClientAs) -> None:
        handles = [
            bytes_of(options_on(client_as(who).get(NEW).text)["user"]["id"])
            for who in ("viewer", "viewer", "editor")
        ]
        assert handles[0] == handles[1] != handles[2]
        assert len(handles[0]) == 32

    def test_opening_the_page_stores_nothing(self, app: Flask, client_as: ClientAs) -> None:
        client = client_as("viewer")
        before = database_digest(app)
        assert client.get(NEW).status_code == 200
        assert database_digest(app) == before

    @pytest.mark.security(62)
    @pytest.mark.parametrize("bent", [*BENT.values(), {"kind": "webauthn.get"}], ids=[*BENT, "a use"])
    def test_bent_answer_adds_nothing(
        self, client_as: ClientAs, submit: Submit, rows: Rows, bent: dict[str, Any]
    ) -> None:
        answer = add(client_as("viewer"), submit, Device(), **bent)
        assert (answer.status_code, NOT_GOOD in answer.text) == (200, True)
        assert rows(Passkey) == []

    @pytest.mark.security(62)
    def test_challenge_of_another_page_or_user_adds_nothing(
        self, client_as: ClientAs, app: Flask, submit: Submit, rows: Rows
    ) -> None:
        client, stranger = client_as("viewer"), client_as("editor")
        options = options_on(client.get(NEW).text)
        others = [options_on(stranger.get(NEW).text), options_on(app.test_client().get(LOGIN).text)]
        for other in others:
            sent = Device().make({**options, "challenge": other["challenge"]})
            assert NOT_GOOD in submit(client, NEW, name="Phone", passkey=sent).text
        assert rows(Passkey) == []

    @pytest.mark.security(62)
    def test_answer_adds_one_passkey(self, client_as: ClientAs, submit: Submit, rows: Rows) -> None:
        client, device = client_as("viewer"), Device()
        options = options_on(client.get(NEW).text)
        sent = device.make(options)
        assert submit(client, NEW, name="Phone", passkey=sent).status_code == 303
        assert submit(client, NEW, name="Phone", passkey=sent).status_code == 200
        assert len(rows(Passkey)) == 1

    @pytest.mark.security(62)
    def test_passkey_of_another_user_is_not_taken_over(
        self, client_as: ClientAs, other_device: Device, submit: Submit, rows: Rows
    ) -> None:
        thief = Device(credential_id=other_device.credential_id)
        assert IN_USE in add(client_as("viewer"), submit, thief).text
        assert len(rows(Passkey)) == 1

    @pytest.mark.security(31)
    def test_other_sessions_end_and_this_one_is_renewed(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        other, client, copy = client_as("viewer"), client_as("viewer"), app.test_client()
        with client.session_transaction() as session, copy.session_transaction() as copied:
            copied["_user_id"] = session["_user_id"]
        add(client, submit, Device())
        assert (is_in(client), is_in(other), is_in(copy)) == (True, False, False)

    def test_further_passkey_leads_back_without_new_recovery_codes(
        self, client_as: ClientAs, device: Device, submit: Submit
    ) -> None:
        goal = "/admin/categories/"
        answer = add(client_as("viewer"), submit, Device(), page=f"{NEW}?next={goal}")
        assert answer.location == f"{OVERVIEW}?next={goal}"

    def test_number_of_passkeys_is_limited(
        self, app: Flask, client_as: ClientAs, submit: Submit, rows: Rows
    ) -> None:
        with app.app_context():
            for number in range(MOST):
                a_passkey(the_account("viewer"), f"Key {number}")
            db.session.commit()
        client = client_as("viewer")
        assert TOO_MANY in add(client, submit, Device()).text
        assert len(rows(Passkey)) == MOST
        assert "Add passkey" not in client.get(OVERVIEW).text

    @pytest.mark.parametrize("name", ["", "  ", "a\u202eb", "a\nb", "x" * (NAME_LENGTH + 1)])
    def test_odd_name_is_refused(self, client_as: ClientAs, submit: Submit, rows: Rows, name: str) -> None:
        answer = add(client_as("viewer"), submit, Device(), name=name)
        assert "name" in field_errors(answer.text)
        assert rows(Passkey) == []

    @pytest.mark.security(75)
    def test_name_is_shown_as_text(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        add(client, submit, Device(), name="<b>Phone</b>")
        assert "&lt;b&gt;Phone&lt;/b&gt;" in client.get(OVERVIEW).text

    def test_answer_is_not_shown_again(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        sent = Device().make(options_on(client.get(NEW).text))
        page = submit(client, NEW, name="", passkey=sent).text
        assert json.loads(sent)["id"] not in page

    @pytest.mark.parametrize("transports", [None, 5, ["usb"], ["x" * 9000], [["usb"]], "usb"])
    def test_odd_transports_are_left_out(
        self, client_as: ClientAs, submit: Submit, rows: Rows, transports: Any
    ) -> None:
        client = client_as("viewer")
        answer = json.loads(Device().make(options_on(client.get(NEW).text)))
        answer["response"]["transports"] = transports
        submit(client, NEW, name="Phone", passkey=json.dumps(answer))
        assert {row.transports for row in rows(Passkey)} <= {"", "usb"}


@pytest.mark.security(57)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("page", ["new", "1/remove", "1/rename"])
def test_passkeys_need_a_fresh_proof(
    app: Flask,
    device: Device,
    rows: Rows,
    client_as: ClientAs,
    csrf: Csrf,
    set_clock: SetClock,
    page: str,
    method: str,
) -> None:
    address, client = f"/profile/passkeys/{page}", client_as("viewer")
    token = csrf(client)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    before = database_digest(app)
    answer = client.open(address, method=method, data={"csrf_token": token} if method == "POST" else None)
    assert asks_for_proof(answer)
    assert way_back(answer) == address
    assert database_digest(app) == before


def test_overview_lists_the_passkeys(client_as: ClientAs, device: Device, submit: Submit, app: Flask) -> None:
    client = client_as("viewer")
    page = client.get(OVERVIEW).text
    assert "not used yet" in page
    assert [link.text for link in read(page).all("a", class_="button") if "Remove" in link.text] == ["Remove"]
    use(submit, app.test_client(), LOGIN, device)
    assert "last used" in client.get(OVERVIEW).text


def test_page_on_another_host_says_where_passkeys_work(client_as: ClientAs, submit: Submit) -> None:
    client, there = client_as("viewer"), {"base_url": "http://127.0.0.1:8000"}
    with client.session_transaction() as session:
        token = session["_user_id"]
    with client.session_transaction(**there) as session:
        session["_user_id"] = token
    for address in (OVERVIEW, NEW):
        page = client.get(address, **there).text
        assert "Passkeys work at http://localhost:8000, not at this address." in page
        assert "data-passkey" not in page


def test_reset_removes_all_passkeys(app: Flask, device: Device, rows: Rows) -> None:
    with app.app_context():
        a_passkey(the_account("viewer"), "Phone")
        assert reset_factors(None, [the_account("viewer")]) == 2
        db.session.commit()
    assert rows(Passkey) == []


def test_passkeys_go_with_their_user(app: Flask, device: Device, rows: Rows) -> None:
    with app.app_context():
        db.session.delete(the_account("viewer"))
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0
    assert rows(Passkey) == []
