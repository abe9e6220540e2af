"""How PostgreSQL carries out the statements of a long list."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from dashboard.listing.state import Listing
from unit.listing.engine import MANY, page, statements

pytestmark = pytest.mark.postgresql


def plan_of(marker: str, session: Session, listing: Listing, **query: str) -> str:
    """How PostgreSQL carries out the one statement with `marker` in it that a page takes."""
    with statements(session, marker) as asked:
        page(session, listing, **query)
    [(statement, parameters)] = asked
    plan = session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF) {statement}", parameters)
    return "\n".join(step for (step,) in plan)


@MANY
@pytest.mark.parametrize("query", [{}, {"status": "active"}, {"q": "lamp"}, {"price_min": "100"}])
def test_a_page_by_category_reads_a_page_of_each_and_sorts_no_more(
    stock: Session, tallied: Listing, query: dict[str, str]
) -> None:
    stock.execute(text("ANALYZE products"))
    # Those are quicker for 600 rows, not for a million.
    for other in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
        stock.execute(text(f"SET LOCAL enable_{other} = off"))
    plan = plan_of("sorted_by", stock, tallied, **query, sort="category", size="10")
    read = [float(rows) for rows in re.findall(r"actual rows=([\d.]+)", plan)]
    assert max(read) <= 11, plan


@pytest.mark.sqlite
@MANY
@pytest.mark.parametrize(("query", "is_spared"), [("lamp", True), ("0001", False)])
def test_the_index_is_not_asked_for_a_word_that_plenty_of_rows_have(
    stock: Session, tallied: Listing, query: str, is_spared: bool
) -> None:
    steps = plan_of("glance", stock, tallied, q=query)
    reading = steps.partition("CTE first")[2].partition("~~")[0].rpartition("->")[2]
    assert ("never executed" in reading) == is_spared, steps
