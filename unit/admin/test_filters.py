"""Filters that are about more than what a column holds."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from dashboard import clock
from unit.admin.conftest import Make
from unit.admin.reading import row_titles
from unit.conftest import ClientAs, SetClock


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ("never", ["new@example.test"]),
        ("before", ["gone@example.test"]),
        ("lately", ["here@example.test"]),
    ],
)
def test_people_are_found_by_when_they_were_last_here(
    seen: str, found: list[str], client_as: ClientAs, make: Make
) -> None:
    now = clock.now()
    make("users", email="new@example.test")
    make("users", email="gone@example.test", last_seen_at=now - timedelta(days=91))
    make("users", email="here@example.test", last_seen_at=now - timedelta(days=89))
    listed = client_as("admin").get(f"/admin/users/?role=viewer&seen={seen}")
    assert row_titles(listed.text) == found


@pytest.mark.parametrize(("ago", "option"), [(0, "lately"), (1, "before")])
def test_every_user_is_found_by_one_of_these_also_at_its_edge(
    ago: int, option: str, client_as: ClientAs, make: Make, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    moment = clock.now() - timedelta(days=90, microseconds=ago)
    make("users", email="edge@example.test", last_seen_at=moment)
    admin = client_as("admin")
    for each in ("never", "lately", "before"):
        found = row_titles(admin.get(f"/admin/users/?role=viewer&seen={each}").text)
        assert found == (["edge@example.test"] if each == option else [])


@pytest.mark.parametrize(("products", "found"), [("none", ["Bare"]), ("some", ["Full"])])
def test_categories_are_found_by_whether_they_hold_products(
    products: str, found: list[str], viewer: FlaskClient, make: Make
) -> None:
    make("categories", name="Bare")
    make("products", category_id=make("categories", name="Full"))
    assert row_titles(viewer.get(f"/admin/categories/?products={products}").text) == found
