"""Line 77 on PostgreSQL, which is stricter than SQLite about numbers, bytes and types."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.extensions import db
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_category, a_product
from unit.admin.any_query import BACK, QUERIES, RAW, pages, status_of, tell_all
from unit.conftest import ClientAs, Csrf
from unit.digest import database_digest


@pytest.fixture
def owner(app: Flask, client_as: ClientAs) -> FlaskClient:
    """An owner of a console with one record of each kind."""
    with app.app_context():
        a_product(category=a_category())
        an_account()
        db.session.commit()
    return client_as("owner")


def test_every_page_takes_the_queries_that_hurt_once(app: Flask, owner: FlaskClient) -> None:
    assert [(raw, told) for raw in RAW if (told := tell_all(owner, pages(app), raw))] == []


def test_details_take_every_list_they_may_have_been_opened_from(owner: FlaskClient) -> None:
    failed = [
        back
        for back in BACK
        if owner.get(back.split("?")[0] + "details/", query_string={"id": "1", "next": back}).status_code
        != 200
    ]
    assert failed == []


@pytest.mark.security(77)
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_page_fails_at_any_query(app: Flask, owner: FlaskClient, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(pages(app)))
    assert status_of(owner, path, data.draw(QUERIES)) < 500


NUL = "a\0b"


@pytest.fixture
def posts() -> Iterator[tuple[str, dict[str, str]]]:
    """Forms with a NUL in every field, which PostgreSQL cannot store."""
    product = dict.fromkeys(
        ("sku", "name", "description", "price", "currency", "stock", "status", "category"), NUL
    )
    account = {"email": f"{NUL}@example.test", "name": NUL, "role": NUL}
    return iter(
        [
            ("/admin/products/new/", product),
            ("/admin/products/edit/?id=1", product),
            ("/admin/categories/new/", {"name": NUL}),
            ("/admin/users/new/", account),
            ("/admin/users/new/", {**account, "email": "x@example.test", "role": "viewer"}),
            ("/admin/users/edit/?id=1", {"name": NUL, "role": NUL}),
            ("/admin/users/delete/", {"id": NUL}),
            ("/admin/products/action/", {"action": NUL, "rowid": NUL}),
            ("/profile", {"name": NUL, "mode": NUL}),
            ("/profile/password", {"current": NUL, "password": NUL, "confirm": NUL}),
            ("/profile/sessions/99999999999999999999/end", {}),
            ("/mode", {"mode": NUL, "next": NUL}),
        ]
    )


def test_no_form_fails_at_a_nul(
    posts: Iterator[tuple[str, dict[str, str]]], app: Flask, owner: FlaskClient, csrf: Csrf
) -> None:
    before = database_digest(app)
    told = [
        (path, answer.status_code)
        for path, fields in posts
        for answer in [owner.post(path, data={**fields, "csrf_token": csrf(owner)})]
        if answer.status_code >= 500
    ]
    assert told == []
    assert database_digest(app) == before


@pytest.mark.parametrize("path", ["/login", "/register"])
def test_no_stranger_makes_a_form_fail_with_a_nul(
    path: str, app: Flask, client: FlaskClient, csrf: Csrf
) -> None:
    before = database_digest(app)
    fields = {"email": f"{NUL}@example.test", "password": NUL, "confirm": NUL, "csrf_token": csrf(client)}
    assert client.post(path, data=fields).status_code == 200
    assert database_digest(app) == before
