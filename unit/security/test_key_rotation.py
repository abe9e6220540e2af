"""Security line 84: changing the secret key ends no session and breaks no open page."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from dashboard.accounts.register.setup_link import setup_link
from dashboard.testing.accounts import PASSWORD
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form
from unit.conftest import ClientAs, Csrf, MakeApp, Submit
from unit.consoles import SECRET_KEY
from unit.security.conftest import HOST
from unit.security.cookies import cookie_of, is_logged_in, with_cookie

pytestmark = pytest.mark.security(84)

NEW_KEY = "8e1d4f6a2b9c40738e1d4f6a2b9c4073"
NEWEST_KEY = "5a7c9e0b1d3f48625a7c9e0b1d3f4862"
EDIT = "/admin/products/edit/?id=1"
LOGIN = {"email": "viewer@example.test", "password": PASSWORD}
Fields = MultiDict[str, str]
Page = tuple[str, Fields]


def a_form(client: FlaskClient) -> Page:
    """Return the form of a record, with a CSRF token and the opened version."""
    return EDIT, MultiDict({**record_form(client.get(EDIT).text), "name": "Elm Lamp"})


def a_merge(client: FlaskClient) -> Page:
    """Return a merge page, whose fields also hold the versions to choose between."""
    form = record_form(client.get(EDIT).text)
    client.post(EDIT, data={**form, "name": f"{form['name']} II"})
    merge = record_form(client.post(EDIT, data={**form, "name": "Elm Lamp"}).text)
    return EDIT, MultiDict({**merge, "name": "Elm Lamp"})


def a_cell(client: FlaskClient) -> Page:
    """Return a cell of a list, which sends the versions of all rows."""
    page = read(client.get("/admin/products/").text)
    [table] = page.all("table", class_="records")
    token = page.all("input", name="csrf_token")[0].attributes["value"]
    sent = {"id": "1", "field": "stock", "value": "3", "version": table.attributes["data-versions"]}
    return "/admin/products/cell/", MultiDict({**sent, "csrf_token": token})


def a_question(client: FlaskClient) -> Page:
    """Return the confirmation of a deletion, which signs only its CSRF token."""
    return "/admin/products/delete/?id=1", record_form(client.get("/admin/products/delete/?id=1").text)


PAGES = {"form": (a_form, 303), "merge": (a_merge, 303), "cell": (a_cell, 200), "question": (a_question, 303)}
SIGNED_FIELDS = {
    "form": (a_form, ["dashboard-version"]),
    "merge": (a_merge, ["dashboard-version", "dashboard-opened"]),
    "cell": (a_cell, ["version"]),
}
each_page = pytest.mark.parametrize(("opened", "done"), PAGES.values(), ids=PAGES)


@pytest.fixture
def editor(peopled: Flask, client_as: ClientAs) -> FlaskClient:
    """Return a browser of an editor, at the console before its key changes."""
    return client_as("editor")


@pytest.fixture
def rotated(peopled: Flask, make_app: MakeApp) -> Flask:
    """Return the same console with a new key and the old one as a fallback."""
    return make_app(secret_key=NEW_KEY, secret_key_fallbacks=(SECRET_KEY,))


@pytest.fixture
def replaced(peopled: Flask, make_app: MakeApp) -> Flask:
    """Return the same console with only a new key."""
    return make_app(secret_key=NEW_KEY)


def moved(client: FlaskClient, app: Flask) -> FlaskClient:
    """Return the same browser at another console with the same address."""
    return with_cookie(app, cookie_of(client))


@each_page
def test_form_opened_before_a_key_change_is_saved_after_it(
    opened: Callable[[FlaskClient], Page], done: int, editor: FlaskClient, rotated: Flask
) -> None:
    address, fields = opened(editor)
    assert moved(editor, rotated).post(address, data=fields).status_code == done


@each_page
@pytest.mark.parametrize("fallbacks", [(), (SECRET_KEY, NEW_KEY), (NEW_KEY, SECRET_KEY)])
def test_newest_key_signs_and_all_keys_verify(
    opened: Callable[[FlaskClient], Page],
    done: int,
    fallbacks: tuple[str, ...],
    rotated: Flask,
    make_app: MakeApp,
    log_in: Callable[[FlaskClient, str], str],
) -> None:
    browser = rotated.test_client()
    log_in(browser, "editor")
    address, fields = opened(browser)
    later = make_app(secret_key=NEWEST_KEY if fallbacks else NEW_KEY, secret_key_fallbacks=fallbacks)
    assert moved(browser, later).post(address, data=fields).status_code == done


@each_page
def test_open_form_is_refused_once_the_old_key_is_gone(
    opened: Callable[[FlaskClient], Page], done: int, editor: FlaskClient, replaced: Flask
) -> None:
    address, fields = opened(editor)
    answer = moved(editor, replaced).post(address, data=fields)
    assert answer.status_code == 400
    assert "This form is no longer valid" in answer.text


@pytest.mark.parametrize(
    ("opened", "field"),
    [(page, field) for page, fields in SIGNED_FIELDS.values() for field in fields],
    ids=[f"{field} of a {name}" for name, (_, fields) in SIGNED_FIELDS.items() for field in fields],
)
def test_each_signed_field_is_refused_once_the_old_key_is_gone(
    opened: Callable[[FlaskClient], Page],
    field: str,
    editor: FlaskClient,
    replaced: Flask,
    log_in: Callable[[FlaskClient, str], str],
) -> None:
    """The user has logged in again, and the other fields are signed by the new key."""
    old = opened(editor)[1][field]
    browser = replaced.test_client()
    log_in(browser, "editor")
    address, fields = opened(browser)
    answer = browser.post(address, data={**fields, field: old})
    assert answer.status_code == 400
    assert "incomplete" in answer.text
    assert browser.post(address, data=fields).status_code in (200, 303)


def test_session_continues_after_a_key_change(editor: FlaskClient, rotated: Flask, replaced: Flask) -> None:
    assert is_logged_in(moved(editor, rotated))
    assert not is_logged_in(moved(editor, replaced))


def log_in_by(client: FlaskClient, fields: Fields) -> TestResponse:
    return client.post("/login", data={**fields, **LOGIN})


def test_open_login_page_works_after_a_key_change(
    peopled: Flask, client: FlaskClient, rotated: Flask, replaced: Flask
) -> None:
    fields = record_form(client.get("/login").text)
    assert log_in_by(moved(client, replaced), fields).status_code == 400
    assert log_in_by(moved(client, rotated), fields).location == "/admin/products/"


def test_token_in_a_header_is_valid_after_a_key_change(
    editor: FlaskClient, csrf: Csrf, rotated: Flask, replaced: Flask
) -> None:
    headers = {"X-CSRFToken": csrf(editor)}
    assert moved(editor, replaced).post("/logout", headers=headers).status_code == 400
    assert is_redirect(moved(editor, rotated).post("/logout", headers=headers))


def test_forged_token_is_refused_despite_older_keys(
    editor: FlaskClient, make_app: MakeApp, log_in: Callable[[FlaskClient, str], str], submit: Submit
) -> None:
    stranger = make_app(secret_key="9" * 32).test_client()
    log_in(stranger, "editor")
    address, fields = a_form(stranger)
    browser = moved(editor, make_app(secret_key=NEW_KEY, secret_key_fallbacks=(SECRET_KEY,)))
    assert browser.post(address, data=fields).status_code == 400
    assert submit(browser, address, **{**fields, "csrf_token": csrf_of(browser)}).status_code == 400


def csrf_of(client: FlaskClient) -> str:
    """Return the CSRF token of a page."""
    return record_form(client.get(EDIT).text)["csrf_token"]


def test_setup_link_works_until_its_key_is_gone(make_production: Callable[..., Flask]) -> None:
    old, new = "8f3a" * 12 + "2b7c9d0e", "4c6b" * 12 + "1a5d9f8e"
    link = setup_link(make_production(secret_key=old), f"https://{HOST}").removeprefix(f"https://{HOST}")
    rotated = make_production(secret_key=new, secret_key_fallbacks=(old,)).test_client()
    assert 'name="confirm"' in rotated.get(link).text
    answer = make_production(secret_key=new).test_client().get(link)
    assert (answer.status_code, "set-up link" in answer.text) == (403, True)
