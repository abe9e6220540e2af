"""The conditions, keys and codes of a search, and of one without an index."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import not_, or_
from sqlalchemy.orm import scoped_session

from dashboard.catalogue.models import Product
from dashboard.search.index import ColumnSearch, TrigramIndex
from dashboard.testing.catalogue import a_product
from unit.search.searching import COLUMNS, INDEX, Find, matching_by, names

pytestmark = pytest.mark.both_databases


def test_the_conditions_can_be_combined(session: scoped_session[Any]) -> None:
    for name in ("Oak Lamp", "Oak Chair", "Pine Box"):
        a_product(name)
    for condition in (partial(matching_by, INDEX, session), INDEX.containing):
        oak_lamp, box = condition(INDEX.words("oak lamp")), condition(INDEX.words("box"))
        assert names(session, not_(oak_lamp)) == ["Oak Chair", "Pine Box"]
        assert names(session, or_(oak_lamp, box)) == ["Oak Lamp", "Pine Box"]
        assert names(session, not_(or_(oak_lamp, box))) == ["Oak Chair"]


def test_the_keys_are_those_of_the_rows(session: scoped_session[Any]) -> None:
    products = [a_product(name) for name in ("Oak Lamp", "Oak Chair", "Pine Box")]
    dialect = session.get_bind().dialect.name
    found = session.scalars(INDEX.keys(INDEX.words("oak"), dialect)).all()
    assert sorted(found) == [product.id for product in products[:2]]
    assert len(session.scalars(INDEX.keys((), dialect)).all()) == 3
    assert COLUMNS.keys(("oak",), dialect) is None


@pytest.mark.parametrize("query", ["LMP-1", "lmp-1", " Lmp-1\t", "lmp-1\0"])
def test_a_code_is_found_in_any_letters(query: str, session: scoped_session[Any]) -> None:
    a_product("Lamp", sku="LMP-1")
    a_product("Lamp 10", sku="LMP-10")
    a_product("LMP-1", sku="OTHER")
    condition = INDEX.exactly(query)
    assert condition is not None
    assert names(session, condition) == ["Lamp"]


@pytest.mark.parametrize("query", ["", " \0\n"], ids=repr)
def test_nothing_asked_is_no_code(query: str) -> None:
    assert INDEX.exactly(query) is None


def test_what_has_no_codes_finds_none() -> None:
    assert TrigramIndex(Product.id, Product.search_text, "product_search").exactly("LMP-1") is None
    assert COLUMNS.exactly("LMP-1") is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("OAK", ["Oak Lamp 50%"]),
        ("oak lmp", ["Oak Lamp 50%"]),
        ("lmp\0 0%", ["Oak Lamp 50%"]),
        ("éCLAIR", ["Éclair"]),
        ("a", ["Oak Lamp 50%", "Éclair"]),
        ("_", []),
        ("", ["Oak Lamp 50%", "Éclair"]),
    ],
)
def test_columns_are_searched_word_by_word(query: str, found: list[str], find: Find) -> None:
    a_product("Oak Lamp 50%", sku="LMP-1")
    a_product("Éclair", sku="CLR-2")
    assert find(query, COLUMNS) == found


def test_where_there_is_no_column_to_search_nothing_is_found(find: Find) -> None:
    a_product("Oak Lamp")
    assert find("oak", ColumnSearch()) == []
    assert find("", ColumnSearch()) == ["Oak Lamp"]
