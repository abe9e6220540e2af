"""Products by price: amounts of different currencies cannot be compared, so those of one stand together."""

from decimal import Decimal
from operator import attrgetter
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from dashboard.catalogue.flows import edit_products
from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.search.keys import amount_key, is_sort_key
from dashboard.testing.catalogue import a_product
from unit.admin.reading import read, row_titles
from unit.conftest import ClientAs

LIST = "/admin/products/"
CURRENCIES = ("USD", "EUR", "JPY")
AMOUNTS = st.decimals(-(10**10) + 1, 10**10 - 1, places=4)


@pytest.fixture
def viewer(app: Flask, client_as: ClientAs) -> FlaskClient:
    """A viewer of a console with 45 products of three currencies, some of which cost the same."""
    random, viewer = Random(7), client_as("viewer")
    with app.app_context():
        for number in range(45):
            price, currency = Decimal(random.choice((0, 1, 9, 10, 80, 80, 250))), random.choice(CURRENCIES)
            a_product(f"Lamp {number:02}", sku=f"S-{number}", price=price, currency=currency)
        db.session.commit()
    return viewer


def expected(app: Flask, *, descending: bool) -> list[str]:
    """The names of all products in their order."""
    with app.app_context():
        products = sorted(
            db.session.scalars(select(Product)), key=attrgetter("currency", "price", "id"), reverse=descending
        )
        return [product.name for product in products]


def walked(client: FlaskClient, url: str, way: str) -> list[str]:
    """The names on each page from that at `url` on, by the links that are called `way`."""
    page = client.get(url).text
    found = row_titles(page)
    links = [link.attributes["href"] for link in read(page).all("a", **{"aria-label": way})]
    if not links:
        return found
    rest = walked(client, links[0], way)
    return found + rest if way == "Next page" else rest + found


@pytest.mark.both_databases
@pytest.mark.parametrize("sort", ["price", "-price"])
def test_every_row_comes_once_in_its_place_on_pages_both_ways(
    app: Flask, viewer: FlaskClient, sort: str
) -> None:
    order = expected(app, descending=sort == "-price")
    assert walked(viewer, f"{LIST}?sort={sort}&size=10", "Next page") == order
    last = viewer.get(f"{LIST}?sort={sort}&size=10&page=5").text
    assert row_titles(last) == order[40:]
    assert walked(viewer, f"{LIST}?sort={sort}&size=10&page=5", "Previous page") == order


@pytest.mark.both_databases
def test_filters_keep_the_order(app: Flask, viewer: FlaskClient) -> None:
    with app.app_context():
        dear = {each.name for each in db.session.scalars(select(Product)) if 9 <= each.price <= 80}
    order = [name for name in expected(app, descending=False) if name in dear]
    assert walked(viewer, f"{LIST}?sort=price&size=10&price_min=9&price_max=80", "Next page") == order


def test_head_and_order_say_what_stands_together(viewer: FlaskClient) -> None:
    page = read(viewer.get(f"{LIST}?sort=price").text)
    [head] = [each for each in page.all("th") if each.text == "Price"]
    assert (head.attributes["data-by"], head.attributes["aria-sort"]) == (" by currency", "ascending")
    chosen = [each.text for each in page.all("option") if "selected" in each.attributes]
    assert chosen == ["Price low to high, by currency"]
    heads = read(viewer.get(LIST).text).all("th")
    assert not [each for each in heads if "data-by" in each.attributes]


@pytest.mark.both_databases
def test_place_in_the_order_follows_every_change(app: Flask) -> None:
    with app.app_context():
        product = a_product("Lamp", price=Decimal("12.5"), currency="EUR")
        assert keys() == ["eur p0000000000125000"]
        product.price = Decimal(0)
        db.session.commit()
        assert keys() == ["eur p0000000000000000"]
        edit_products([product.id], lambda _row: {"price": Decimal(3), "currency": "USD"})
        db.session.commit()
        assert keys() == ["usd p0000000000030000"]


def keys() -> list[str]:
    return [*db.session.scalars(select(Product.price_key))]


@given(one=AMOUNTS, other=AMOUNTS)
def test_keys_of_amounts_have_their_order(one: Decimal, other: Decimal) -> None:
    first, second = amount_key("EUR", one), amount_key("EUR", other)
    assert (first < second, first == second) == (one < other, one == other)
    assert first < amount_key("USD", other)
    assert is_sort_key(first)
