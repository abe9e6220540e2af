"""How SQLite carries out a search, and keeps its index."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import scoped_session

from dashboard.catalogue.models import Product
from dashboard.testing.catalogue import a_product
from unit.search.searching import INDEX

pytestmark = pytest.mark.sqlite
CHECK = "INSERT INTO product_search (product_search, rank) VALUES ('integrity-check', 1)"


@pytest.fixture
def plan(session: scoped_session[Any]) -> Any:
    """`plan(condition)` is how SQLite goes about finding products."""

    def plan(condition: Any) -> str:
        statement = select(Product).where(condition).order_by(Product.name_key, Product.id).limit(25)
        compiled = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
        values = tuple(compiled.params[name] for name in compiled.positiontup or ())
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)
        return "\n".join(row[3] for row in rows)

    return plan


@pytest.mark.parametrize("query", ["oak", "oak lamp", "o"])
def test_the_index_is_used_where_few_rows_fit(query: str, plan: Any) -> None:
    told = plan(Product.id.in_(INDEX.keys(INDEX.words(query), "sqlite")))
    assert "product_search VIRTUAL TABLE INDEX" in told
    assert "SEARCH products USING INTEGER PRIMARY KEY" in told


@pytest.mark.parametrize("query", ["oak", "oak lamp", "o"])
def test_rows_are_judged_in_their_order_where_many_fit(query: str, plan: Any) -> None:
    told = plan(INDEX.containing(INDEX.words(query)))
    assert told == "SCAN products USING INDEX ix_products_name_key_id"


def test_a_code_is_looked_up(plan: Any) -> None:
    assert "SEARCH products USING INDEX ix_products_sku_key" in plan(INDEX.exactly("lmp-1"))


def test_the_index_says_of_itself_that_it_is_whole(session: scoped_session[Any]) -> None:
    products = [a_product(name) for name in ("Oak Lamp", "Éclair", "🛋️", "Pine Box")]
    products[0].name = "Ash Lamp"
    session.delete(products[3])
    session.flush()
    session.execute(text("UPDATE products SET id = id + 100, search_text = search_text || 'pine  '"))
    session.execute(text("UPDATE products SET search_text = '' WHERE name = 'Éclair'"))
    session.execute(text(CHECK))
    session.commit()
    session.execute(text(CHECK))


def test_the_index_notices_when_it_is_not_whole(session: scoped_session[Any]) -> None:
    a_product("Oak Lamp")
    session.execute(text("DROP TRIGGER product_search_update"))
    session.execute(text("UPDATE products SET search_text = '  pine  '"))
    with pytest.raises(Exception, match="malformed"):
        session.execute(text(CHECK))
