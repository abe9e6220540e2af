"""Line 77 on SQLite: any query string on any page gets an answer, never a fault."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unit.admin.any_query import QUERIES, RAW, pages, status_of, tell_all
from unit.admin.conftest import Make
from unit.conftest import ClientAs


@pytest.fixture
def stocked(make: Make) -> None:
    """One record of each kind, tied together."""
    make("products", category_id=make("categories"))
    make("users")


@pytest.mark.parametrize("role", ["anonymous", "owner"])
@pytest.mark.parametrize("raw", RAW)
def test_every_page_takes_the_queries_that_hurt_once(
    raw: bytes, role: str, app: Flask, client: FlaskClient, client_as: ClientAs, stocked: None
) -> None:
    browser = client if role == "anonymous" else client_as(role)
    assert tell_all(browser, pages(app), raw) == []


@pytest.mark.security(77)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_page_fails_at_any_query(
    app: Flask, client_as: ClientAs, stocked: None, data: st.DataObject, once: Callable[..., FlaskClient]
) -> None:
    owner = once(client_as, "owner")
    path = data.draw(st.sampled_from(pages(app)))
    assert status_of(owner, path, data.draw(QUERIES)) < 500


@pytest.fixture
def once() -> Callable[..., FlaskClient]:
    """One browser for all the examples of a property test."""
    browsers: dict[str, FlaskClient] = {}
    return lambda make, who: browsers.setdefault(who, browsers.get(who) or make(who))
