"""Beyond the bounds that docs/bounds.md tells there is a quick and plain answer.

The time is no measurement: it is there to catch what takes a hundred times as long as it should.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from time import monotonic

import click
import pytest
from click.testing import CliRunner
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard import bounds
from dashboard.accounts.models import User
from dashboard.accounts.passkeys.models import Passkey
from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.accounts.register.by_mail import issue_registration
from dashboard.admin.features.importing import Import, screen_at
from dashboard.admin.kit.screens import SCREENS
from dashboard.cli import main
from dashboard.config import KNOWN, Settings
from dashboard.extensions import db
from dashboard.importing.flows import recognised, upload
from dashboard.testing.accounts import PASSWORD, a_reset, an_account, an_invitation, the_account
from dashboard.testing.catalogue import a_category, a_product, in_trash
from dashboard.testing.passkeys import a_passkey, text_of
from dashboard.testing.second_factors import an_authenticator, recovery_codes
from dashboard.variables import PREFIX, VALUE_LENGTH, SettingsError
from unit.conftest import ClientAs, Csrf, MakeApp, SetClock, Submit
from unit.declared import ADDRESSES, ALONG, COMMAND_ROWS, COMMANDS, FIELDS, HEADERS
from unit.digest import database_digest
from unit.mailing import NOWHERE

QUICK_SECONDS = 10.0
LONG = 100_000
LONGEST = {"text": bounds.PASTED}
"""Fields that take more than `LONG` characters."""
NASTY = ("9", "a,", "é", "%_", "e\u0301")
MAILING = ("/password/forgot", "/profile/email")
LOGGED_OUT = ("/login", "/register", "/login/factor", "/login/passkey")
WAYS = {"one_time_code": "authenticator", "recovery_code": "recovery-code", "passkey": "passkey"}
READING = ("encoding", "delimiter", "sheet")
"""Fields of the form that reads the file of an import again."""
UNSAID = ("on", "ignored", "refused")
"""Answers that have no words of their own."""
COOKIES = {"session", "mode", "keys", "page_size"}


@pytest.fixture
def app(app: Flask, make_app: MakeApp, request: pytest.FixtureRequest) -> Flask:
    """The console, which sends mail where its form is shown only then."""
    where = request.node.callspec.params.get("where") if hasattr(request.node, "callspec") else None
    return make_app(mail=NOWHERE) if where in MAILING else app


@pytest.fixture
def keys(app: Flask) -> dict[str, str]:
    """Records by the screen they are on, by their ids; of the people one is gone."""
    with app.app_context():
        gone = an_account(email="gone@example.test")
        made = {"products": a_product("Oak Lamp"), "categories": a_category(), "trash": in_trash()}
        db.session.flush()
        found = {screen: str(record.id) for screen, record in made.items()}
        key = gone.id
        db.session.commit()
        db.session.delete(db.session.get_one(User, key))
        db.session.commit()
        kim = an_account(email="kim@example.test")
        an_authenticator(kim)
        device = a_passkey(kim)
        its = select(Passkey.id).where(Passkey.credential_id == text_of(device.credential_id))
        found["<key>"] = str(db.session.scalar(its))
        recovery_codes(kim)
        found["erase"], found["users"] = str(key), str(kim.id)
        found["columns"] = str(a_file_to_import(the_account("owner").id))
        found["/invitation"], found["/reset"] = an_invitation()[1], a_reset(kim)
        found["/registration"] = issue_registration("new@example.test")
        db.session.commit()
    return found


def a_file_to_import(owner_id: int) -> int:
    """A file of which nobody has said what its columns mean; returns the number of its draft."""
    db.session.commit()
    screen = screen_at(current_app.extensions[SCREENS], "categories")
    assert screen
    importer = screen.feature(Import).importer
    job = upload("categories", importer, owner_id, "categories.csv", BytesIO(b"name\nGarden\n"))
    db.session.commit()
    recognised(job)
    db.session.commit()
    return int(job.id)


@pytest.fixture
def quickly() -> Callable[[Callable[[], TestResponse]], TestResponse]:
    """`quickly(ask)` is an answer that is no fault and did not take for ever."""

    def quickly(ask: Callable[[], TestResponse]) -> TestResponse:
        begun = monotonic()
        answer = ask()
        answer.get_data()
        assert answer.status_code < 500
        assert monotonic() - begun < QUICK_SECONDS
        return answer

    return quickly


Quickly = Callable[[Callable[[], TestResponse]], TestResponse]


def sent_with(where: str, keys: dict[str, str], client: FlaskClient) -> dict[str, str]:
    """Return the fields that a form at an address sends along for its record."""
    parts = where.split("/")
    special = next((part for part in ("erase", "columns") if part in parts), "")
    key = keys.get(special or parts[2] if len(parts) > 2 else "", "1")
    fields = {"id": key}
    if parts[-2] == "action":
        fields |= {"rowid": key, "action": "edit", "stage": "preview"}
        fields |= {"price_how": "set", "stock_how": "set", "rounding": "0", "status": "", "category": ""}
    if parts[-2] == "columns":
        fields |= {"key": "", "mode": "both", "blank": "keep", "numbers": "point", "dates": "year"}
        fields |= {"encoding": "utf-8", "delimiter": ","}
    if parts[-2] == "edit":
        page = client.get(f"{where}?id={key}").text
        found = re.search(r'name="dashboard-version"[^>]*value="([^"]+)"', page)
        assert found
        fields["dashboard-version"] = found[1]
    return fields


def way_to(where: str, name: str, keys: dict[str, str]) -> str:
    """Return the address of a page whose form has a field of this name."""
    if where == "/login/factor":
        return f"{where}?way={WAYS[name]}"
    where = where.replace("<key>", keys["<key>"])
    return f"{where}?token={keys[where]}" if where in keys else where


@pytest.mark.parametrize(("where", "name", "bound", "beyond"), FIELDS, ids=lambda text: text.split()[0])
def test_a_field_beyond_its_bound_is_told_and_changes_nothing(
    where: str, name: str, bound: str, beyond: str,
    app: Flask, client: FlaskClient, client_as: ClientAs, submit: Submit, keys: dict[str, str],
    quickly: Quickly, set_clock: SetClock,
) -> None:  # fmt: skip
    who = "kim@example.test" if "<key>" in where else "owner"  # who has a passkey
    browser = client if where in LOGGED_OUT else client_as(who)
    address = way_to(where, name, keys)
    if where == "/login/factor":
        submit(browser, "/login", email="kim@example.test", password=PASSWORD)
    elif where == "/login/confirm":
        set_clock(FRESH_FOR + timedelta(seconds=1))
    before = database_digest(app)
    for piece in NASTY:
        text = piece * (max(LONG, LONGEST.get(name, 0)) // len(piece) + 1)
        sent = {**sent_with(where, keys, browser), name: text}
        sent |= {"read": "1"} if name in READING else {}
        answer = quickly(lambda sent=sent: submit(browser, address, **sent))  # type: ignore[misc]
        if beyond == "error":
            words = "Use at most" if bound.endswith("characters") else "Not a valid choice"
            assert answer.status_code == 200
            assert words in answer.text, piece
        elif beyond not in UNSAID:
            assert beyond in answer.text
    if beyond != "on":
        assert database_digest(app) == before


@pytest.mark.parametrize(("where", "name", "bound", "beyond"), ALONG, ids=lambda text: text.split()[0])
def test_what_is_sent_along_beyond_its_bound_gets_a_plain_answer(
    where: str, name: str, bound: str, beyond: str,
    client_as: ClientAs, submit: Submit, keys: dict[str, str], quickly: Quickly,
) -> None:  # fmt: skip
    owner = client_as("owner")
    sent = {"field": "price", "value": "1", **sent_with(where, keys, owner)}
    if where.endswith("/cell/") and name != "version":
        page = owner.get("/admin/products/").text
        sent["version"] = re.search(r'data-versions="([^"]+)"', page)[1]  # type: ignore[index]
    for piece in (*NASTY, "a." * 9, "/?a&"):
        text = piece * (LONG // len(piece))
        answer = quickly(lambda text=text: submit(owner, where, **{**sent, name: text}))  # type: ignore[misc]
        if status := (int(beyond) if beyond.isdigit() else None):
            assert answer.status_code == status, (name, piece)


@pytest.mark.parametrize(("where", "name", "bound", "beyond"), ADDRESSES, ids=lambda text: text.split()[0])
def test_a_parameter_beyond_its_bound_gets_a_plain_answer(
    where: str, name: str, bound: str, beyond: str,
    client: FlaskClient, client_as: ClientAs, submit: Submit, quickly: Quickly,
) -> None:  # fmt: skip
    browser = client if where in ("/login", "/register") else client_as("owner")
    if f"<{name}>" in where:
        digits = "9" * 5000
        answer = quickly(lambda: submit(browser, where.replace(f"<{name}>", digits)))
        assert answer.status_code == 404
        return
    for piece in ("9", "a,", "%c3%a9", "%", "/a"):
        raw = f"{name}={piece * (6000 // len(piece))}"
        quickly(lambda raw=raw: browser.get(where, environ_overrides={"QUERY_STRING": raw}))  # type: ignore[misc]
    raw = "&".join([f"{name}=9"] * 600)
    quickly(lambda: browser.get(where, environ_overrides={"QUERY_STRING": raw}))
    too_long = {"QUERY_STRING": f"{name}=" + "9" * bounds.ADDRESS_BYTES}
    assert quickly(lambda: browser.get(where, environ_overrides=too_long)).status_code == 414


@pytest.mark.parametrize("name", [row[0] for row in HEADERS] + ["Accept-Language", "X-Anything"])
def test_a_header_beyond_its_bound_is_431_and_says_so(name: str, app: Flask, quickly: Quickly) -> None:
    text = "a" * (bounds.HEADER_BYTES + 1)
    headers = {"Cookie": f"{name}={text}"} if name in COOKIES else {name: text}
    answer = quickly(lambda: app.test_client(use_cookies=False).get("/login", headers=headers))
    assert answer.status_code == 431
    assert "<h1>Request headers too large</h1>" in answer.text


@pytest.mark.parametrize("name", sorted(COOKIES))
def test_a_cookie_of_nonsense_is_ignored(name: str, app: Flask, quickly: Quickly) -> None:
    browser, cookie = app.test_client(use_cookies=False), f"{name}={'a.' * 4000}"
    assert quickly(lambda: browser.get("/login", headers={"Cookie": cookie})).status_code == 200


@pytest.mark.parametrize("path", ["/" + "a/" * bounds.ADDRESS_BYTES, "/login", "/admin/products/"])
@pytest.mark.parametrize("piece", ["a", "\xff", "&", "%ff", "q=1&"])
def test_an_address_beyond_its_bound_is_414_and_says_so(
    path: str, piece: str, client: FlaskClient, quickly: Quickly
) -> None:
    query = {"QUERY_STRING": piece * (bounds.ADDRESS_BYTES // len(piece))}
    answer = quickly(lambda: client.get(path, environ_overrides=query))
    assert answer.status_code == 414
    assert "<h1>Address too long</h1>" in answer.text


@pytest.mark.parametrize(
    ("number", "status"), [(bounds.BODY_FIELDS, 303), (bounds.BODY_FIELDS + 1, 413), (300_000, 413)]
)
@pytest.mark.parametrize("path", ["/login", "/admin/products/action/"])
def test_a_form_of_too_many_fields_is_413(
    path: str, number: int, status: int, client_as: ClientAs, quickly: Quickly, csrf: Csrf
) -> None:
    owner = client_as("owner")
    body = f"csrf_token={csrf(owner)}&action=draft" + "&a=" * (number - 2)
    kind = "application/x-www-form-urlencoded"
    assert quickly(lambda: owner.post(path, data=body, content_type=kind)).status_code == status


def test_too_many_picked_rows_are_refused_and_none_is_left_out(
    app: Flask, client_as: ClientAs, submit: Submit, keys: dict[str, str]
) -> None:
    owner, before = client_as("owner"), database_digest(app)
    fields = {"action": "draft", "confirm": "1", "rowid": [*map(str, range(1, 1002))]}
    submit(owner, "/admin/products/action/", **fields)
    assert "Select at most 1,000 at once" in owner.get("/admin/products/").text
    assert database_digest(app) == before


def test_a_way_back_that_is_too_long_is_left_out(client: FlaskClient) -> None:
    query = "q=" + "%ff" * 2500
    answer = client.get("/admin/products/", environ_overrides={"QUERY_STRING": query})
    assert answer.location == "/login?next=%2Fadmin%2Fproducts%2F"


@pytest.mark.parametrize(("command", "name", "bound"), COMMAND_ROWS, ids=lambda text: text)
def test_a_command_beyond_a_bound_ends_with_a_line(command: str, name: str, bound: str) -> None:
    parameter = next(each for each in COMMANDS[command].params if each.name == name)
    text = ("9" if isinstance(parameter.type, click.types.IntParamType) else "a") * LONG
    given = [text] if isinstance(parameter, click.Argument) else [parameter.opts[0], text]
    role = ["--role", "viewer"] if command.endswith("create") and name != "role" else []
    address = ["kim@example.test"] if command.endswith("create") and name != "email" else []
    stdin = PASSWORD
    if getattr(parameter, "is_flag", False):
        given, stdin = [parameter.opts[0]] if name == "password_stdin" else [], text
    if name in ("sample", "bom", "every", "until_input_ends"):  # a switch takes no text
        given = [f"{parameter.opts[0]}={text}"]
    run = CliRunner().invoke(main, [*command.split()[1:], *address, *role, *given], input=stdin)
    assert run.exit_code
    assert isinstance(run.exception, SystemExit)
    assert len(run.output) < LONG + 1000


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_setting_beyond_its_bound_stops_the_start_and_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{PREFIX}{name} is longer than 4,096 characters\.$") as told:
        Settings.from_environment({PREFIX + name: "a" * (VALUE_LENGTH + 1)})
    assert len(told.value.lines) == 1
