"""How PostgreSQL carries out a search."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import scoped_session

from dashboard.catalogue.models import Product
from unit.search.searching import INDEX

pytestmark = pytest.mark.postgresql


@pytest.fixture
def plan(session: scoped_session[Any]) -> Any:
    """`plan(condition)` is how PostgreSQL finds products where it has to avoid reading all of them."""

    def plan(condition: Any) -> str:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_indexscan = off"))
        cursor = session.connection().connection.cursor()
        compiled = select(Product.id).where(condition).compile(session.get_bind())
        rows = cursor.execute(f"EXPLAIN {compiled}", compiled.params).fetchall()
        return "\n".join(row[0] for row in rows)

    return plan


@pytest.mark.parametrize("query", ["oak", "oak lamp", "la", "o", "лампа"])
def test_the_index_is_used_where_few_rows_fit(query: str, plan: Any) -> None:
    assert "ix_products_search_text" in plan(Product.id.in_(INDEX.keys(INDEX.words(query), "postgresql")))


@pytest.mark.parametrize("query", ["oak", "oak lamp", "la", "o"])
def test_rows_are_judged_one_by_one_where_many_fit(query: str, plan: Any) -> None:
    assert "ix_products_search_text" not in plan(INDEX.containing(INDEX.words(query)))


def test_the_parts_of_a_code_are_looked_up_each_by_itself(plan: Any) -> None:
    """As one pattern they are one key of the scan, and take three times as long at ten million rows."""
    lines = plan(INDEX.found(INDEX.words("tex-00571428"))).splitlines()
    looked_up = [line for line in lines if "Index Cond" in line]
    assert len(looked_up) == 1
    assert "'%571%'" in looked_up[0]
    assert "'%428%'" in looked_up[0]
