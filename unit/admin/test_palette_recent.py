"""The records that a browser opened last: only for the user who opened them, and as they are now."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.web.recent import MOST_BYTES, MOST_RECENT, RECENT_COOKIE, SALT
from dashboard.web.signing import serializer
from unit.admin.conftest import Make, Stored
from unit.admin.reading import record_form
from unit.conftest import ClientAs, Submit

FORGED = ("", "x", "[1, []]", "\0", "WzEsW11d.AAAA", "é" * 300)


def recent(client: FlaskClient) -> list[str]:
    """The names of the records that the palette offers before anything is typed."""
    answer: Any = client.get("/admin/palette/").json
    return [
        item["label"] for group in answer["groups"] if group["name"] == "Recent" for item in group["items"]
    ]


def open_page(client: FlaskClient, key: int, page: str = "products/details") -> None:
    """Open a page of a record."""
    assert client.get(f"/admin/{page}/?id={key}").status_code == 200


def test_opened_records_come_newest_first_and_once(client_as: ClientAs, make: Make) -> None:
    client, keys = client_as("editor"), [make("products", f"Oak {number}") for number in range(3)]
    for key in (*keys, keys[0]):
        open_page(client, key)
    assert recent(client) == ["Oak 0", "Oak 2", "Oak 1"]


def test_form_of_a_record_counts_as_opening_it(client_as: ClientAs, make: Make) -> None:
    client = client_as("editor")
    open_page(client, make("products", "Oak"), "products/edit")
    open_page(client, make("categories", "Things"), "categories/details")
    assert recent(client) == ["Things", "Oak"]


def test_only_the_last_records_are_kept(client_as: ClientAs, make: Make) -> None:
    client = client_as("viewer")
    for number in range(MOST_RECENT + 3):
        open_page(client, make("products", f"Oak {number}"))
    assert recent(client) == [f"Oak {number}" for number in range(MOST_RECENT + 2, 2, -1)]
    cookie = client.get_cookie(RECENT_COOKIE)
    assert cookie
    assert len(cookie.value) <= MOST_BYTES
    assert "Oak" not in cookie.value


def test_nothing_is_stored_of_records_that_were_not_shown(client_as: ClientAs, make: Make) -> None:
    viewer = client_as("viewer")
    viewer.get("/admin/products/details/?id=999")
    viewer.get(f"/admin/users/details/?id={make('users', email='kim@example.test')}")
    viewer.head(f"/admin/products/details/?id={make('products', 'Oak')}")
    assert viewer.get_cookie(RECENT_COOKIE) is None


def test_cookie_is_for_the_server_alone_and_ends_with_the_browser(client_as: ClientAs, make: Make) -> None:
    address = f"/admin/products/details/?id={make('products', 'Oak')}"
    [line] = [
        each
        for each in client_as("viewer").get(address).headers.getlist("Set-Cookie")
        if each.startswith(f"{RECENT_COOKIE}=")
    ]
    assert line.partition("; ")[2] == "HttpOnly; Path=/; SameSite=Lax"


def test_logging_out_deletes_what_was_opened(client_as: ClientAs, make: Make, submit: Submit) -> None:
    client = client_as("viewer")
    open_page(client, make("products", "Oak"))
    submit(client, "/logout")
    assert client.get_cookie(RECENT_COOKIE) is None


def test_next_user_of_the_browser_sees_nothing_of_it(client_as: ClientAs, make: Make) -> None:
    first, second = client_as("viewer"), client_as("owner")
    open_page(first, make("products", "Oak"))
    cookie = first.get_cookie(RECENT_COOKIE)
    assert cookie
    second.set_cookie(RECENT_COOKIE, cookie.value)
    assert recent(second) == []
    open_page(second, make("products", "Elm"))
    assert recent(second) == ["Elm"]


def test_record_that_is_renamed_or_deleted_is_shown_as_it_is(
    client_as: ClientAs, make: Make, submit: Submit, stored: Stored
) -> None:
    editor, kept, gone = client_as("editor"), make("products", "Oak"), make("products", "Elm")
    for key in (kept, gone):
        open_page(editor, key)
    form = record_form(editor.get(f"/admin/products/edit/?id={kept}").text)
    editor.post(f"/admin/products/edit/?id={kept}", data={**form, "name": "Ash"})
    submit(editor, "/admin/products/delete/", id=str(gone))
    assert stored("products", gone) == {}
    assert recent(editor) == ["Ash"]


@pytest.mark.parametrize("value", FORGED)
def test_forged_cookie_is_ignored_and_replaced(value: str, client_as: ClientAs, make: Make) -> None:
    client = client_as("viewer")
    client.set_cookie(RECENT_COOKIE, value)
    assert recent(client) == []
    open_page(client, make("products", "Oak"))
    assert recent(client) == ["Oak"]


@pytest.mark.parametrize("records", [[["nowhere", "1"]], [["products", "x"]], [["users", "1"]]])
def test_records_that_cannot_be_read_are_left_out(
    records: list[list[str]], app: Flask, client_as: ClientAs
) -> None:
    client = client_as("viewer")
    with app.app_context():
        user_id = db.session.connection().exec_driver_sql("SELECT max(id) FROM users").scalar()
        client.set_cookie(RECENT_COOKIE, str(serializer(SALT).dumps([user_id, records])))
    assert recent(client) == []
