"""The search follows the rows, whoever changes them and however."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import scoped_session

from dashboard.catalogue.models import Product
from dashboard.history.recording import PAST_LEDGER
from dashboard.search.text import searchable
from dashboard.testing.catalogue import a_product
from unit.conftest import CountQueries
from unit.search.searching import Find, add

pytestmark = pytest.mark.both_databases


def test_a_change_of_the_words_is_found_at_once(session: scoped_session[Any], find: Find) -> None:
    product = a_product("Oak Lamp", sku="LMP-1")
    product.name = "Ash Chair"
    session.flush()
    assert (find("oak"), find("ash"), find("lmp-1")) == ([], ["Ash Chair"], ["Ash Chair"])
    product.sku = "CHR-2"
    session.flush()
    assert (find("lmp"), find("chr-2 ash")) == ([], ["Ash Chair"])


def test_a_change_of_something_else_leaves_the_words_alone(session: scoped_session[Any], find: Find) -> None:
    product = a_product("Oak Lamp")
    session.expire(product)
    product.stock = 3
    session.flush()
    assert find("oak") == ["Oak Lamp"]
    assert "search_text" not in vars(product)


def test_products_added_all_at_once_are_found(session: scoped_session[Any], find: Find) -> None:
    add(session, [(f"S-{number}", f"Lamp {number}") for number in range(30)])
    assert find("lamp s-17") == ["Lamp 17"]
    texts = session.execute(select(Product.sku, Product.name, Product.search_text))
    assert all(found == searchable(sku, name) for sku, name, found in texts)


def test_objects_added_together_are_written_in_one_statement(
    session: scoped_session[Any], find: Find, count_queries: CountQueries
) -> None:
    products = [Product(sku=f"S-{9 - n}", name=f"Lamp {n}", price=Decimal(1)) for n in range(9)]
    session.add_all(products)
    with count_queries() as statements:
        session.flush()
    written = [each.split()[2] for each in statements if each.startswith("INSERT")]
    assert written == ["products", "change_sets", "changes"]
    assert len(statements) == 4  # the history reads back what the rows hold, once
    assert [session.get(Product, product.id) for product in products] == products
    assert find("s-1") == ["Lamp 8"]


def test_a_deleted_product_is_not_found(session: scoped_session[Any], find: Find) -> None:
    for name in ("Oak Lamp", "Oak Chair", "Oak Table"):
        a_product(name)
    session.delete(session.scalars(select(Product).where(Product.name == "Oak Lamp")).one())
    session.flush()
    chairs = delete(Product).where(Product.name == "Oak Chair")
    session.execute(chairs, execution_options=PAST_LEDGER)
    assert find("oak") == ["Oak Table"]


def test_what_is_rolled_back_was_never_there(session: scoped_session[Any], find: Find) -> None:
    product = a_product("Oak Lamp")
    session.commit()
    with session.begin_nested() as savepoint:
        product.name = "Ash Lamp"
        a_product("Ash Chair")
        session.flush()
        assert find("ash") == ["Ash Lamp", "Ash Chair"]
        savepoint.rollback()
    assert (find("ash"), find("oak")) == ([], ["Oak Lamp"])
    session.delete(product)
    session.flush()
    session.rollback()
    assert find("oak") == ["Oak Lamp"]


def test_words_written_by_hand_are_found(session: scoped_session[Any], find: Find) -> None:
    for name in ("One", "Two", "Three"):
        a_product(name)
    session.execute(text("UPDATE products SET search_text = '  pine  ' WHERE name <> 'Two'"))
    assert (find("pine"), find("one"), find("two")) == (["One", "Three"], [], ["Two"])
