"""A search shows what begins with it first, then words that do, then the rest; but for an order asked for."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.catalogue.models import Product
from dashboard.listing.columns import Column
from dashboard.listing.fetching import find, neighbours
from dashboard.listing.page import ListPage
from dashboard.listing.state import Listing
from dashboard.listing.tuning import Tuning
from dashboard.search.text_search import TextSearch
from unit.listing.walking import page as page_of
from unit.listing.walking import pages

pytestmark = pytest.mark.both_databases
NAMES = ("Table lamp", "Blamp", "lamp", "Lámp oil", "Oak lamps", "Clamp", "LAMP SHADE", "Lampoon", "Vase")
RANKED = ["lamp", "Lámp oil", "LAMP SHADE", "Lampoon", "Oak lamps", "Table lamp", "Blamp", "Clamp"]
Ask = Callable[..., ListPage]


@pytest.fixture
def ranked(session: Session, listing: Listing) -> Listing:
    for number, name in enumerate(NAMES):
        category = None
        session.add(Product(sku=f"S{number}", name=name, price=Decimal(number), category=category))
    session.flush()
    return replace(listing, is_ranked=True)


def titles(page: ListPage) -> list[str]:
    return [row.title for row in page.rows]


def test_names_that_begin_with_it_come_first_then_words(session: Session, ranked: Listing) -> None:
    assert titles(page_of(session, ranked, "q=lamp")) == RANKED


def test_every_word_has_to_begin_one(session: Session, ranked: Listing) -> None:
    assert titles(page_of(session, ranked, "q=lam tab")) == ["Table lamp"]
    session.add(Product(sku="X", name="Atable clamp", price=Decimal(1)))
    assert titles(page_of(session, ranked, "q=lam tab")) == ["Table lamp", "Atable clamp"]


@pytest.mark.parametrize("order", ["name", "-name", "price", "category"])
def test_order_that_is_asked_for_is_kept(session: Session, ranked: Listing, order: str) -> None:
    plain = replace(ranked, is_ranked=False)
    assert titles(page_of(session, ranked, f"q=lamp&sort={order}")) == titles(
        page_of(session, plain, f"q=lamp&sort={order}")
    )


def test_code_comes_before_all(session: Session, ranked: Listing) -> None:
    session.add(Product(sku="LAMP", name="Vase of the code", price=Decimal(1)))
    assert titles(page_of(session, ranked, "q=lamp")) == ["Vase of the code", *RANKED]


@pytest.mark.parametrize("sort", ["name", "-price", "-category", "category"])
@pytest.mark.parametrize("link", ["next_url", "prev_url"])
def test_pages_have_each_row_once_in_the_same_order(
    session: Session, ranked: Listing, sort: str, link: str
) -> None:
    small = replace(ranked, sort=sort, sizes=(3, 100))
    whole = titles(page_of(session, small, "q=lamp&size=100"))
    assert sorted(whole) == sorted(RANKED)
    start = "q=lamp&size=3" if link == "next_url" else "q=lamp&size=3&before=end"
    found = [titles(page) for page in pages(session, small, start, link)]
    in_order = found if link == "next_url" else found[::-1]
    assert [title for some in in_order for title in some] == whole


def test_neighbours_are_those_of_the_list(session: Session, ranked: Listing) -> None:
    page = page_of(session, ranked, "q=lamp")
    keys = [row.id for row in page.rows]
    for before, here, behind in zip([None, *keys], keys, [*keys[1:], None], strict=False):
        assert neighbours(session, ranked, page.state, here) == (before, behind)


def test_palette_has_the_best_of_all(session: Session, ranked: Listing) -> None:
    assert [row.title for row in find(session, ranked, "lamp", 3)] == RANKED[:3]


def test_rows_without_a_name_are_found(session: Session, ranked: Listing) -> None:
    described = replace(
        ranked,
        title=Product.description,
        columns=(Column("description", "Description", (Product.description,)), *ranked.columns),
        search=TextSearch((Product.name, Product.description)),
    )
    product = session.query(Product).filter_by(name="Oak lamps").one()
    product.description = "Lamp of oak"
    session.flush()
    found = [row.id for row in page_of(session, described, "q=lamp").rows]
    assert found[0] == product.id
    assert len(found) == len(set(found)) == len(RANKED) - 1  # á is another letter where nothing was folded


@pytest.mark.parametrize("tuning", [Tuning(most_ranked=7), Tuning(exact_count_limit=5, most_ranked=7)])
def test_too_many_rows_stay_in_the_order_of_the_list(
    session: Session, ranked: Listing, tuning: Tuning
) -> None:
    page = page_of(session, replace(ranked, tuning=tuning), "q=lamp")
    assert titles(page) == sorted(RANKED, key=lambda name: name.lower().replace("á", "a"))
    assert "Best match first" not in [order.label for order in page.orders]


def test_order_can_be_chosen_and_given_up(session: Session, ranked: Listing) -> None:
    page = page_of(session, ranked, "q=lamp")
    best, *others = page.orders
    assert (best.value, best.label, best.selected) == ("", "Best match first", True)
    assert not any(order.selected for order in others)
    assert not any(heading.direction for heading in page.columns)
    name = page.columns[0]
    assert name.sort_url == "/x?q=lamp&sort=name"
    by_name = page_of(session, ranked, "q=lamp&sort=name")
    assert titles(by_name) == titles(page_of(session, replace(ranked, is_ranked=False), "q=lamp"))
    assert by_name.columns[0].direction == "ascending"
    assert not by_name.orders[0].selected
    assert ("sort", "name") not in by_name.besides_order
    assert page_of(session, ranked, "sort=name").url == "/x"


def test_list_without_a_search_is_not_ranked(session: Session, ranked: Listing) -> None:
    page = page_of(session, ranked, "")
    assert (page.is_ranked, page.columns[0].direction) == (False, "ascending")


def test_equal_name_comes_before_names_that_begin_with_it(session: Session, ranked: Listing) -> None:
    for name in ("bolt 40", "Bolt 41", "BOLT 4", "Bolt 42"):
        session.add(Product(sku=f"B{name}", name=name, price=Decimal(1)))
    session.flush()
    plain = replace(ranked, columns=(replace(ranked.columns[0], sorted_by=Product.name), *ranked.columns[1:]))
    for each in (ranked, plain):
        first, *others = titles(page_of(session, each, "q=bolt 4"))
        assert (first, {*others}) == ("BOLT 4", {"bolt 40", "Bolt 41", "Bolt 42"})


def few(listing: Listing, most: int) -> Listing:
    return replace(listing, sizes=(2, 100), tuning=replace(listing.tuning, most_ranked=most))


def test_pages_stay_ranked_while_rows_are_added(session: Session, ranked: Listing) -> None:
    short = few(ranked, 8)
    found: list[str] = []
    for page in pages(session, short, "q=lamp&size=2"):
        found += titles(page)
        if len(found) == 4:
            session.add(Product(sku="NEW", name="Aclamp", price=Decimal(1)))
            session.flush()
    assert [name for name in found if name != "Aclamp"] == RANKED


def test_pages_stay_in_their_order_while_rows_are_deleted(session: Session, ranked: Listing) -> None:
    short = few(ranked, 7)
    found: list[str] = []
    for page in pages(session, short, "q=lamp&size=2&sort="):
        assert not page.is_ranked
        found += titles(page)
        if len(found) == 4:
            session.delete(session.scalars(select(Product).where(Product.name == found[0])).one())
            session.flush()
    assert sorted(found) == sorted(RANKED)
