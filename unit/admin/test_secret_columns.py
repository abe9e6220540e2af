"""Hashes and tokens are on no page and in no export, and no search finds them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User, UserSession
from dashboard.admin.kit.screen import Screen
from dashboard.extensions import db
from dashboard.listing.ranges import Bounds
from dashboard.testing.accounts import an_account
from unit.admin.reading import read, row_titles

pytestmark = pytest.mark.security(52)
SECRET = ("hash", "password", "token", "secret", "seed")


@pytest.fixture
def screens(app: Flask) -> list[Screen]:
    return [view for view in app.extensions["admin"][0]._views if isinstance(view, Screen)]


@pytest.fixture
def secrets(app: Flask, owner: FlaskClient) -> list[str]:
    """The secrets in the database."""
    with app.app_context():
        an_account("editor")
        db.session.commit()
        hashes = list(db.session.scalars(select(User.password_hash)))
        return [*hashes, *db.session.scalars(select(UserSession.token_hash))]


def is_secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET)


def columns_in(view: Screen) -> Iterator[str]:
    """The database columns that the declaration of a screen reads, filters or searches."""
    listing = view.listing
    for column in (*listing.columns, *listing.export):
        yield from (expression.key for expression in column.sql)
    yield from (expression.key for expression in (listing.title, listing.key, *listing.search.columns))
    yield from (facet.column.key for facet in listing.facets if isinstance(facet, Bounds))


def test_is_secret_finds_the_secret_columns() -> None:
    names = [column.name for model in (User, UserSession) for column in model.__table__.c]
    assert [name for name in names if is_secret(name)] == ["password_hash", "token_hash"]


def test_no_screen_declares_a_secret_column(screens: list[Screen]) -> None:
    assert {view.endpoint for view in screens} == {
        "jobs",
        *("products", "categories", "trash", "users", "security"),
    }
    assert not [name for view in screens for name in columns_in(view) if is_secret(name)]


def test_no_screen_shows_sessions(screens: list[Screen]) -> None:
    assert UserSession not in [view.model for view in screens]


def test_no_filter_is_a_secret_column(app: Flask, screens: list[Screen], owner: FlaskClient) -> None:
    for view in screens:
        fieldsets = read(owner.get(f"/admin/{view.endpoint}/").text).all("fieldset")
        inputs = [i.attributes["name"] for f in fieldsets for i in f.all("input")]
        assert not [name for name in inputs if is_secret(name)]


@pytest.mark.parametrize("path", ["new/", "edit/?id=2"])
def test_no_form_contains_a_secret(path: str, owner: FlaskClient, secrets: list[str]) -> None:
    for control in read(owner.get(f"/admin/users/{path}").text).all("input"):
        if control.attributes.get("name") in ("password", "confirm"):
            assert control.attributes["type"] == "password"
            assert not control.attributes.get("value")
        else:
            assert not is_secret(control.attributes.get("name", "").replace("csrf_token", ""))


@pytest.mark.parametrize(
    "path",
    [
        "/admin/", "/admin/users/", "/admin/users/?q=owner&sort=-role", "/admin/users/details/?id=1",
        "/admin/users/details/?id=2", "/admin/users/edit/?id=2", "/admin/users/delete/?id=2",
        "/admin/users/sign-out/?id=2", "/admin/users/export/csv/", "/admin/products/export/csv/", "/profile",
        "/healthz", "/readyz", "/admin/history/", "/admin/history/?record=users:2",
        "/admin/users/history/?id=2",
        "/admin/history/details/?id=1", "/admin/history/details/?id=2",
    ],
)  # fmt: skip
def test_no_page_or_export_contains_a_secret(path: str, owner: FlaskClient, secrets: list[str]) -> None:
    answer = owner.get(path)
    assert answer.status_code == 200
    assert len(secrets) >= 3
    assert not [secret for secret in secrets if secret in answer.text]
    assert "$argon2" not in answer.text


def test_search_for_a_secret_finds_nothing(owner: FlaskClient, secrets: list[str]) -> None:
    everyone = row_titles(owner.get("/admin/users/").text)
    assert len(everyone) == 2
    for secret in (*secrets, "$argon2id", "argon2", secrets[0][:12]):
        assert row_titles(owner.get("/admin/users/", query_string={"q": secret}).text) == []


@pytest.mark.parametrize(
    "name", ["password_hash", "password", "token_hash", "sessions", "User.password_hash"]
)
def test_secret_column_neither_sorts_nor_filters(name: str, owner: FlaskClient, secrets: list[str]) -> None:
    plain = row_titles(owner.get("/admin/users/").text)
    query = {"sort": name, name: "x", f"{name}_min": "a", f"{name}_max": "b", "flt1_0": "x"}
    page = owner.get("/admin/users/", query_string=query)
    assert row_titles(page.text) == plain
    assert not read(page.text).all("ul", class_="chips")
