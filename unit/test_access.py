"""Line 49: every route, for every kind of visitor, by every method, against one stored table.

``access.csv`` has the answer of each route to each kind of visitor: ``page`` (200), ``done`` (a redirect
after something was done), ``out`` (the login page), ``login`` (the same with the way back), or a status. The
routes of the console and of the table have to be the same. A refused request changes nothing.
`.venv/bin/python -m pytest unit/test_access.py -n0 -k answers --write-access` writes the table again. Read
the differences before you commit them, for the table decides.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.history.recording import PAST_LEDGER, change_set_of
from dashboard.permissions import Role
from dashboard.testing.accounts import an_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_category, a_product, in_trash
from unit.conftest import ClientAs, Csrf
from unit.digest import database_digest
from unit.factories.listing import a_view

pytestmark = pytest.mark.security(49)

TABLE = Path(__file__).with_name("access.csv")
VISITORS = ("anonymous", "viewer", "editor", "admin", "owner", "deactivated")
ALWAYS = {"HEAD", "OPTIONS"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
ALLOWED = ("page", "done", "out")
NUMBER = re.compile(r"<int\(max=2147483647\):\w+>")
Cell = tuple[str, str, str]


def the_table() -> dict[Cell, str]:
    """The expected answer for (method, route, visitor)."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["method"], row["route"], visitor): row[visitor] for row in rows for visitor in VISITORS}


def routes(app: Flask) -> set[tuple[str, str]]:
    """Every method that a route takes, but for those that every route takes."""
    rules = app.url_map.iter_rules()
    return {(method, rule.rule) for rule in rules for method in set(rule.methods or ()) - ALWAYS}


def outcome(answer: TestResponse) -> str:
    """An answer in the words of the table."""
    location = str(answer.location or "")
    if is_redirect(answer):
        return "login" if location.startswith("/login?next=") else "out" if location == "/login" else "done"
    return "page" if answer.status_code == 200 else str(answer.status_code)


@pytest.fixture
def client_of(app: Flask, client_as: ClientAs) -> ClientAs:
    """`client_of(visitor)` is a new browser of such a visitor."""

    def client_of(visitor: str) -> FlaskClient:
        if visitor == "anonymous":
            return app.test_client()
        client = client_as("viewer" if visitor == "deactivated" else visitor)
        if visitor == "deactivated":
            with app.app_context():
                db.session.execute(update(User).values(active=False), execution_options=PAST_LEDGER)
                db.session.commit()
        return client

    return client_of


def a_target(app: Flask, route: str) -> str:
    """The id of a new record of the kind that a route is about."""
    with app.app_context():
        screen = route.removeprefix("/admin/").split("/")[0]
        if "/views/" in route:
            record = a_view(an_account(), screen, audience=Role.VIEWER)
        else:
            record = {"categories": a_category, "trash": in_trash, "users": an_account}.get(
                screen, a_product
            )()
        written = change_set_of(db.session)
        db.session.commit()
        return str(written.key if written and screen == "history" else record.id)


def send(client: FlaskClient, csrf: Csrf, method: str, route: str, key: str) -> TestResponse:
    """Send what a browser would send to a route, with a good token."""
    token = csrf(client)
    address = NUMBER.sub("1", route)
    assert "<" not in address, f"say what to put into {route}"
    if method == "POST":
        fields = {"id": key, "rowid": key, "action": "delete", "confirm": "1", "csrf_token": token}
        return client.post(address, data=fields)
    return client.open(f"{address}?id={key}", method=method, headers={"X-CSRFToken": token})


@pytest.fixture(scope="session")
def rewritten(request: pytest.FixtureRequest) -> Iterator[dict[Cell, str] | None]:
    """The new cells of the table in a run that rewrites it; None in any other run."""
    found: dict[Cell, str] | None = {} if request.config.getoption("--write-access") else None
    yield found
    if found:
        write_table(found)


def write_table(found: dict[Cell, str]) -> None:
    """Write a row for each route and method, in their order."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["route", "method", *VISITORS])
        for route, method in sorted({(route, method) for method, route, _ in found}):
            rows.writerow([route, method, *(found[method, route, visitor] for visitor in VISITORS)])


@pytest.fixture
def expected(
    method: str, visitor: str, app: Flask, rewritten: dict[Cell, str] | None
) -> dict[str, str | None]:
    """Return the answer of each route in the table, or None for each in a run that rewrites it."""
    row = "GET" if method == "HEAD" else method
    if rewritten is not None:
        return {route: None for m, route in sorted(routes(app)) if m == row}
    return {route: word for (m, route, v), word in the_table().items() if (m, v) == (row, visitor)}


def test_the_table_has_every_route_and_no_other(app: Flask) -> None:
    assert {(method, route) for method, route, _ in the_table()} == routes(app)


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_route_answers_every_visitor_as_the_table_says(
    method: str,
    visitor: str,
    app: Flask,
    client_of: ClientAs,
    csrf: Csrf,
    expected: dict[str, str | None],
    rewritten: dict[Cell, str] | None,
) -> None:
    found = {}
    for route, word in expected.items():
        client, key = (
            client_of(visitor),
            a_target(app, route),
        )  # some routes end both
        before = database_digest(app)
        found[route] = outcome(send(client, csrf, method, route, key))
        if (word or found[route]) not in ALLOWED and database_digest(app) != before:
            found[route] += ", but something was changed"
    if rewritten is None:
        assert found == expected
    elif method != "HEAD":
        rewritten.update({(method, route, visitor): word for route, word in found.items()})


@pytest.mark.parametrize("visitor", ["anonymous", "owner"])
def test_no_route_takes_a_method_that_it_does_not_name(
    visitor: str, app: Flask, client_of: ClientAs, csrf: Csrf
) -> None:
    taken = routes(app)
    client = client_of(visitor)
    wrong = [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in METHODS
        if (method, rule.rule) not in taken
        if send(client, csrf, method, rule.rule, "1").status_code != 405
    ]
    assert wrong == []
