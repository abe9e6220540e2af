"""The number of queries of a page: constant, and small."""

from datetime import timedelta

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_category, a_product
from unit.admin.screens import SCREENS, Screen
from unit.conftest import ClientAs, CountQueries, SetClock

MOST = 6
QUERIES = {
    "products": [
        "",
        "q=a&status=active&category=1&stock=in&price_min=1&created_from=2020-01-01&sort=-category",
    ],
    "categories": ["", "q=a&created_from=2020-01-01&sort=-products"],
    "users": ["", "q=a&role=viewer&state=active&created_from=2020-01-01&sort=seen"],
}


def grow(app: Flask, to: int, screen: str = "") -> None:
    """Fill the tables behind a screen, or all, with rows that refer to each other."""
    with app.app_context():
        for _ in range(to):
            if screen != "users":
                a_product("A", category=a_category())
            if screen in ("users", ""):
                an_account()
        db.session.commit()


@pytest.mark.parametrize("screen", SCREENS, ids=str)
@pytest.mark.parametrize("which", [0, 1], ids=["plain", "filtered"])
def test_a_list_takes_as_many_queries_for_a_hundred_rows_as_for_ten(
    screen: Screen, which: int, app: Flask, client_as: ClientAs, count_queries: CountQueries
) -> None:
    owner = client_as("owner")
    taken = []
    for more in (10, 90):
        grow(app, more, screen.name)
        with count_queries() as statements:
            page = owner.get(f"{screen.path}?{QUERIES[screen.name][which]}&size=100")
        assert page.status_code == 200
        taken.append(len(statements))
    assert taken[0] == taken[1] <= MOST, statements


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_page_of_one_record_takes_few_queries(
    screen: Screen, app: Flask, client_as: ClientAs, count_queries: CountQueries
) -> None:
    owner = client_as("owner")
    grow(app, 3)
    for what in ("details", "edit", "delete"):
        with count_queries() as statements:
            owner.get(f"{screen.path}{what}/?id=2")
        # One asks the history, one whether a user has a second factor, and one what a user changed lately.
        more = (what != "delete") + 2 * (screen.name == "users" and what == "details")
        assert len(statements) <= MOST + more, statements


def test_the_home_takes_as_many_queries_for_many_rows_as_for_few(
    app: Flask, client_as: ClientAs, count_queries: CountQueries
) -> None:
    owner = client_as("owner")
    taken = []
    for more in (3, 40):
        grow(app, more)
        with count_queries() as statements:
            owner.get("/admin/")
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 10, statements


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_an_export_takes_one_query_for_its_rows(
    screen: Screen, app: Flask, client_as: ClientAs, count_queries: CountQueries
) -> None:
    owner = client_as("owner")
    grow(app, 30, screen.name)
    with count_queries() as statements:
        assert len(owner.get(f"{screen.path}export/csv/").text.splitlines()) > 30
    with app.app_context():
        locks = db.engine.dialect.name == "postgresql"  # to seal one change set at a time
    # The export is written into the history, and that of people into the security log as well.
    keeping = (10 if screen.name == "users" else 7) + locks
    assert len(statements) == 2 + keeping, statements  # the session with its account, and the rows


def test_being_seen_is_noted_once_a_minute_and_not_on_every_page(
    client_as: ClientAs, count_queries: CountQueries, set_clock: SetClock
) -> None:
    viewer = client_as("viewer")
    set_clock(timedelta(minutes=2))
    viewer.get("/admin/categories/")
    with count_queries() as statements:
        viewer.get("/admin/categories/")
    assert not [sql for sql in statements if not sql.startswith("SELECT")]
