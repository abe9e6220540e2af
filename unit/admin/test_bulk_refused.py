"""Selections of everything that are out of date or forged: nothing is changed."""

from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from dashboard.admin.kit.selection import AllMatching, Source
from dashboard.admin.screens.products import ProductView
from dashboard.catalogue.models import Category, Product
from dashboard.extensions import db
from dashboard.listing.result_set import ResultSet
from dashboard.listing.state import read_state
from dashboard.refusal import Refusal
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_product
from unit.admin.any_query import PAIRS, VALUES
from unit.admin.conftest import Count, Fill, Make, Stored
from unit.admin.everything import ACTION, question, statuses, told
from unit.conftest import ClientAs, CountQueries, SetClock, Submit
from unit.racing import LONG_AGO

STALE = ("error", "This selection no longer matches the list. Nothing was changed. Select again.")


@pytest.mark.both_databases
@pytest.mark.parametrize("more", [1, -1])
def test_different_number_of_matches_stops_the_action(
    more: int, owner: FlaskClient, fill: Fill, make: Make, submit: Submit, app: Flask, count: Count
) -> None:
    fill("products", 12)
    form = question(owner, submit, "draft", "q=lamp")
    if more > 0:
        make("products", "Lampion")
    else:
        submit(owner, "/admin/products/delete/", id="1")
        told(owner)
    owner.post(ACTION, data=form)
    assert told(owner) == [
        (
            "error",
            f"The list has changed: it now has {12 + more} products, not 12. "
            "Nothing was changed. Review it and try again.",
        )
    ]
    assert set(statuses(app).values()) == {"active"}


@pytest.mark.parametrize("number", [None, "", "x", "-12", "²", "\0", "9" * 5000, "12.0", " 12"])
def test_forged_number_changes_nothing(
    number: str | None, owner: FlaskClient, fill: Fill, submit: Submit, app: Flask
) -> None:
    fill("products", 12)
    fields = {} if number is None else {"number": number}
    submit(owner, ACTION, action="delete", matching="q=lamp", confirm="1", **fields)
    assert told(owner) == [STALE]
    assert len(statuses(app)) == 12


@pytest.mark.parametrize(
    "query",
    [
        "role=owner", "status=", "status=sold", "status=active&role=owner", "nothing", "&", "q=", "q=\0",
        "q=%00", "q=lamp%20", "?q=lamp", "sort=-created", "page=2", "size=10", "status=active&q=lamp",
        "q=lamp&q=lamp", "category=1", "a=1&" * 3000, "q=" + "x" * 5000, "%ff", "q=%ff%fe",
        "price_min=1e999999999&", "\ufeff",
    ],
)  # fmt: skip
@pytest.mark.parametrize("confirm", [{}, {"confirm": "1", "number": "12"}])
def test_query_that_no_list_writes_changes_nothing(
    query: str, confirm: dict[str, str], owner: FlaskClient, fill: Fill, submit: Submit, app: Flask
) -> None:
    fill("products", 12)
    answer = submit(owner, ACTION, action="delete", matching=query, **confirm)
    assert answer.location == "/admin/products/"
    assert told(owner) == [STALE]
    assert len(statuses(app)) == 12


def test_deleted_category_in_the_filter_does_not_widen_the_selection(
    owner: FlaskClient, fill: Fill, make: Make, submit: Submit, app: Flask
) -> None:
    category = make("categories")
    fill("products", 3)
    query = urlencode({"category": category})
    fill("products", 12, "Chair", category_id=category)
    assert question(owner, submit, "delete", query)["number"] == "12"
    with app.app_context():
        for product in db.session.scalars(select(Product).where(Product.category_id == category)):
            db.session.delete(product)
        db.session.flush()
        db.session.delete(db.session.get_one(Category, category))
        db.session.commit()
    submit(owner, ACTION, action="delete", matching=query)
    assert told(owner) == [STALE]
    assert len(statuses(app)) == 3


@pytest.mark.parametrize("query", ["q=nothing", "status=draft", "price_min=900"])
@pytest.mark.parametrize("confirm", [{}, {"confirm": "1", "number": "0"}])
def test_query_without_matches_selects_nothing(
    query: str, confirm: dict[str, str], owner: FlaskClient, fill: Fill, submit: Submit
) -> None:
    fill("products", 3)
    submit(owner, ACTION, action="delete", matching=query, **confirm)
    assert told(owner) == [("warning", "Nothing is selected.")]


@pytest.mark.parametrize("action", ["", "explode", "deactivate", "delete "])
def test_unknown_action_on_everything_is_400(
    action: str, owner: FlaskClient, fill: Fill, submit: Submit, count: Count
) -> None:
    fill("products", 3)
    answer = submit(owner, ACTION, action=action, matching="", confirm="1", number="3")
    assert answer.status_code == 400
    assert count("products") == 3


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 303)])
def test_only_users_who_may_write_change_everything(
    role: str, status: int, client_as: ClientAs, fill: Fill, submit: Submit, count: Count
) -> None:
    fill("products", 3)
    answer = submit(client_as(role), ACTION, action="delete", matching="", confirm="1", number="3")
    assert answer.status_code == status
    assert count("products") == (3 if status == 403 else 0)


def test_confirmation_sent_twice_deletes_once(
    owner: FlaskClient, fill: Fill, submit: Submit, make: Make, count: Count
) -> None:
    fill("products", 3)
    form = question(owner, submit, "delete", "q=lamp")
    owner.post(ACTION, data=form)
    make("products", "Lampion")
    assert is_redirect(owner.post(ACTION, data=form))
    assert "it now has 1 product, not 3." in told(owner)[-1][1]
    assert count("products") == 1


def test_row_added_after_the_count_is_refused(app: Flask, fill: Fill) -> None:
    fill("products", 3)
    with app.app_context():
        state = read_state(ProductView.listing, MultiDict())
        source = Source("products", ProductView.listing, "product", frozenset(), list)
        everything = AllMatching(source=source, matching=ResultSet.of(db.session, ProductView.listing, state))
        assert everything.number == 3
        a_product("Lampion")
        with pytest.raises(Refusal, match="The list changed at the same moment"):
            list(everything.key_slices())


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.one_of(PAIRS.map(urlencode), VALUES), number=VALUES)
def test_any_query_and_number_get_an_answer(
    owner: FlaskClient, submit: Submit, query: str, number: str
) -> None:
    for confirm in ({}, {"confirm": "1", "number": number}):
        for screen in ("products", "categories", "users"):
            answer = submit(owner, f"/admin/{screen}/action/", action="delete", matching=query, **confirm)
            assert answer.status_code in (200, 303)


def rewritten(app: Flask, pairs: list[tuple[str, str]]) -> tuple[str, str]:
    """The query that a list writes for `pairs`, and the one that it writes for that."""
    with app.app_context():
        once = read_state(ProductView.listing, MultiDict(pairs)).query_string
        return once, read_state(ProductView.listing, MultiDict(read_pairs(once))).query_string


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=PAIRS)
def test_query_written_by_a_list_is_read_as_the_same(app: Flask, pairs: list[tuple[str, str]]) -> None:
    once, again = rewritten(app, pairs)
    assert once == again


@pytest.mark.parametrize("name", ["q", "price_min"])
def test_value_cut_at_a_blank_is_read_as_the_same(app: Flask, name: str) -> None:
    once, again = rewritten(app, [(name, "1" + " " * 2_500 + "x")])
    assert once == again == f"{name}=1"


def read_pairs(query: str) -> list[tuple[str, str]]:
    """The parameters of an address, read by the server."""
    with Flask(__name__).test_request_context(f"/?{query}") as context:
        return list(context.request.args.items(multi=True))


def test_number_of_queries_does_not_grow_with_the_matches(
    owner: FlaskClient, fill: Fill, submit: Submit, count_queries: CountQueries
) -> None:
    taken = []
    for more in (3, 40):
        fill("products", more)
        with count_queries() as statements:
            form = question(owner, submit, "archived", "status=active")
        asked = len(statements)
        with count_queries() as statements:
            owner.post(ACTION, data=form)
        taken.append((asked, len(statements)))
    few, many = taken
    assert few[0] == many[0]
    assert few[1] >= many[1]  # very many changes are sealed without reading them again
    assert max(taken[0]) <= 17, statements  # eight are about the history, one is about the trash


def test_change_of_everything_is_dated_by_the_clock(
    client_as: ClientAs, fill: Fill, submit: Submit, stored: Stored, set_clock: SetClock
) -> None:
    fill("products", 2)
    set_clock(LONG_AGO.replace(year=2027))
    owner = client_as("owner")
    owner.post(ACTION, data=question(owner, submit, "draft", ""))
    assert stored("products", 1)["updated_at"] == LONG_AGO.replace(year=2027)
