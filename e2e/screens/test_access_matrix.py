"""Every route of the application, for every role and method, with real cookies against the real server."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIRequestContext, APIResponse, BrowserContext

from e2e.screens.access import LOGGED_OUT, TABLE, Access
from e2e.server import DEACTIVATED, ROLES, Console

PEOPLE = ("anonymous", "deactivated", *ROLES)
OUTSIDE = ("anonymous", "deactivated")
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
HIDDEN = re.compile(r'name="(csrf_token|dashboard-version|version)"[^>]*value="([^"]+)"')
CONVERTER = re.compile("<[^>]*:")
NUMBER = re.compile("<(session_id|key)>")
LEADS_TO_LOGIN = {"POST /logout", "GET /login/passkey"}  # for everyone
LOG_IN, PRODUCTS = "/login", "/admin/products/"


def routes(server: Console) -> set[str]:
    """Return every method and route of the application."""
    rules = server.app.url_map.iter_rules()
    return {
        f"{method} {CONVERTER.sub('<', rule.rule)}" for rule in rules for method in rule.methods & METHODS
    }


def begin(context: BrowserContext, server: Console, person: str) -> None:
    """Restore the database and log the person in again."""
    server.reset()
    context.clear_cookies()
    if person != "anonymous":
        cookie = server.log_in(DEACTIVATED) if person == "deactivated" else server.cookies[person]
        context.add_cookies(server.state_with(cookie)["cookies"])


def ask(http: APIRequestContext, method: str, rule: str, access: Access) -> APIResponse:
    """Send a request like a browser, with the hidden fields of the form at the same address, if any."""
    path = NUMBER.sub("999", rule)
    if method != "POST":
        return http.fetch(path, method=method, params=dict(access.send), max_redirects=0)
    page = http.get(path if f"GET {rule}" in {**TABLE, **LOGGED_OUT} else "/", params=dict(access.send))
    return http.post(path, form={**access.send, **dict(HIDDEN.findall(page.text()))}, max_redirects=0)


def answered(response: APIResponse) -> str:
    """Return the status, and the address of a redirect to the login page."""
    where = urlsplit(response.headers.get("location", "")).path
    return f"{response.status} {where}" if where == LOG_IN else str(response.status)


def expected(row: str, access: Access, person: str) -> str:
    """Return the answer that the table expects for this person."""
    redirect = "303" if row.startswith("POST ") else "302"
    if row in LEADS_TO_LOGIN or (row == "GET /" and person in OUTSIDE):
        return f"{redirect} {LOG_IN}"
    if row in LOGGED_OUT and person not in OUTSIDE:
        return redirect
    if access.allows(person):
        return str(access.status)
    return f"{redirect} {LOG_IN}" if person in OUTSIDE else "403"


def test_access_table_has_exactly_the_routes_of_the_application(server: Console) -> None:
    assert routes(server) == {*TABLE, *LOGGED_OUT}


@pytest.mark.security(49)
@pytest.mark.parametrize("person", PEOPLE)
def test_every_route_answers_each_role_as_the_table_says(
    context: BrowserContext, server: Console, person: str
) -> None:
    found, wanted = {}, {}
    for row, access in {**TABLE, **LOGGED_OUT}.items():
        method, rule = row.split()
        begin(context, server, person)
        found[row] = answered(ask(context.request, method, rule, access))
        wanted[row] = expected(row, access, person)
        if method == "GET":
            found[f"HEAD {rule}"] = answered(ask(context.request, "HEAD", rule, access))
            wanted[f"HEAD {rule}"] = wanted[row]
    assert found == wanted


@pytest.mark.parametrize("role", ["owner"])
def test_other_methods_are_not_allowed(context: BrowserContext, server: Console, role: str) -> None:
    known = routes(server)
    for rule in {row.split()[1] for row in known}:
        for method in METHODS:
            if f"{method} {rule}" not in known:
                assert ask(context.request, method, rule, Access("owner")).status == 405, f"{method} {rule}"


@pytest.mark.security(39)
@pytest.mark.parametrize("role", ["owner"])
def test_posts_without_a_token_are_refused(context: BrowserContext, server: Console, role: str) -> None:
    for row, access in {**TABLE, **LOGGED_OUT}.items():
        method, rule = row.split()
        if method == "POST":
            path = NUMBER.sub("999", rule)
            answer = context.request.post(path, form=dict(access.send), max_redirects=0)
            assert answer.status == 400, row
    assert context.request.get(PRODUCTS, max_redirects=0).ok


@pytest.mark.parametrize("role", ["owner"])
def test_posts_from_another_site_are_refused(context: BrowserContext, server: Console, role: str) -> None:
    token = dict(HIDDEN.findall(context.request.get("/profile").text()))
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.invalid"}
    for row, access in TABLE.items():
        method, rule = row.split()
        if method == "POST":
            path = NUMBER.sub("999", rule)
            form = {**access.send, **token}
            answer = context.request.post(path, form=form, headers=elsewhere, max_redirects=0)
            assert answer.status == 403, row
