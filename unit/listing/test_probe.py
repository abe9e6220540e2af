"""Rows that lie anywhere in the order of a list, which is walked through only as far as is quick."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.listing.counting import read_statistics
from dashboard.listing.fetching import neighbours
from dashboard.listing.planning import Probe, plan
from dashboard.listing.state import Listing, read_state
from unit.listing.engine import DAY, HASTY, IMPATIENT, MANY, row_plans, state_of, statements
from unit.listing.walking import page, pages

# Rows that are alike lie together, as the oldest that are archived do.
BLOCKS = st.lists(
    st.tuples(st.sampled_from(ProductStatus), st.sampled_from([None, 1]), st.integers(1, 60)), max_size=8
)
SORTS = {
    "price": lambda row: row["id"],
    "stock": lambda row: (row["stock"], row["id"]),
    "category": lambda row: row["id"],
    "created": lambda row: (row["created_at"], row["id"]),
}
FILTERS = {
    "status=draft": lambda row: row["status"] == "draft",
    "status=draft&status=archived": lambda row: row["status"] != "active",
    "status=draft&category=1": lambda row: row["status"] == "draft" and row["category_id"] == 1,
    "q=lamp&status=draft": lambda row: row["status"] == "draft" and row["id"] % 2,
}


def fill(session: Session, blocks: list[tuple[ProductStatus, int | None, int]]) -> list[dict[str, Any]]:
    """Add rows in a transaction that is never committed, the cheapest first, and return them."""
    session.rollback()
    moments = {"created_at": DAY, "updated_at": DAY}
    session.execute(insert(Category), [{"id": 1, "name": "Light", **moments}])
    kinds = [(status, category) for status, category, length in blocks for _ in range(length)]
    rows = [
        {
            "id": n,
            "sku": str(n),
            "name": "Lamp" if n % 2 else "Chair",
            "price": Decimal(n),
            "stock": n % 3,
            "status": status,
            "category_id": category,
            **moments,
            "created_at": DAY + timedelta(days=n // 2),
        }
        for n, (status, category) in enumerate(kinds, 1)
    ]
    if rows:
        session.execute(insert(Product), rows)
    return rows


@pytest.mark.both_databases
@HASTY
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("narrowed", FILTERS)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks=BLOCKS)
def test_a_filtered_list_is_whole_wherever_its_rows_lie(
    shared_session: Session,
    tallied: Listing,
    narrowed: str,
    sort: str,
    sign: str,
    blocks: list[tuple[ProductStatus, int | None, int]],
) -> None:
    rows = [row for row in fill(shared_session, blocks) if FILTERS[narrowed](row)]
    rows.sort(key=SORTS[sort], reverse=bool(sign))
    if sort == "category":
        rows.sort(key=lambda row: row["category_id"] is None)
    whole = [row["id"] for row in rows]
    query = f"{narrowed}&sort={sign}{sort}&size=10"
    there = [row.id for found in pages(shared_session, tallied, query) for row in found.rows]
    assert there == whole
    back: list[int] = []
    for found in pages(shared_session, tallied, f"{query}&before=end", "prev_url"):
        back = [row.id for row in found.rows] + back
    assert back == whole
    state = read_state(tallied, MultiDict([pair.split("=") for pair in query.split("&")]))  # type: ignore[misc]
    for place in {0, len(whole) // 2, len(whole) - 1} if whole else ():
        beside = [*whole, None, None][place + 1], ([None, *whole][place])
        assert neighbours(shared_session, tallied, state, whole[place]) == beside[::-1]


@pytest.mark.both_databases
@pytest.mark.parametrize("tuning", [replace(IMPATIENT, exact_count_limit=0, probe_factor=0)], ids=["hastier"])
def test_the_first_row_beyond_those_looked_at_is_not_missed(session: Session, tallied: Listing) -> None:
    fill(session, [(ProductStatus.ACTIVE, 1, 4), (ProductStatus.DRAFT, 1, 1)])
    known = read_statistics(session, tallied, state_of(tallied, status="draft"))
    assert plan(known, 11, tallied.tuning) == Probe(4, "status")
    assert [row.id for row in page(session, tallied, "status=draft&sort=price").rows] == [5]


@pytest.mark.sqlite
@HASTY
@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"status": "archived", "sort": "price"}, True),
        ({"status": "archived", "sort": "-price"}, False),
        ({"status": "active", "sort": "price"}, False),
        (
            {"status": "active", "sort": "-price"},
            False,
        ),  # so many that walking to them is sooner all the same
        ({"status": "archived", "category": "1", "sort": "price"}, True),
    ],
    ids=str,
)
def test_rows_at_the_far_end_are_found_by_their_filter(
    session: Session, tallied: Listing, query: dict[str, str], is_found: bool
) -> None:
    fill(session, [(ProductStatus.ACTIVE, 1, 500), (ProductStatus.ARCHIVED, 1, 60)])
    *_, last = row_plans(session, tallied, **query, size="10").split("USING INDEX ")[1:]
    assert last.startswith("ix_products_status") == is_found, last


@pytest.mark.sqlite
@HASTY
@pytest.mark.parametrize("more", [{}, {"before": "end"}, {"category": "1"}], ids=str)
def test_one_status_has_the_usual_order_by_itself_wherever_its_rows_lie(
    session: Session, tallied: Listing, more: dict[str, str]
) -> None:
    fill(session, [(ProductStatus.ARCHIVED, 1, 60), (ProductStatus.ACTIVE, 1, 500)])
    plans = row_plans(session, tallied, status="archived", sort="-created", size="10", **more)
    assert "USING INDEX ix_products_status_created_at_id (status=?)" in plans
    assert ("CO-ROUTINE seen" in plans) == ("category" in more), plans


@pytest.mark.sqlite
@pytest.mark.parametrize("tuning", [replace(IMPATIENT, max_probe=150)], ids=["short"])
def test_a_page_in_the_middle_is_planned_for_its_own_rows_alone(stock: Session, tallied: Listing) -> None:
    plans = row_plans(stock, tallied, status="draft", sort="-price", size="10", page="4")
    assert "ix_products_price_id" in plans, plans
    assert "ix_products_status" not in plans, plans


@MANY
@pytest.mark.parametrize("sort", ["price", "-price", "status", "-status"])
def test_no_sample_is_taken_where_the_rows_lie_near_or_the_list_ends(
    stock: Session, tallied: Listing, sort: str
) -> None:
    with statements(stock, "WITH RECURSIVE step") as sampled:
        page(stock, tallied, "q=lamp")
    assert sampled  # so that the sample is known by this mark
    with statements(stock, "step") as asked:
        walked = [*pages(stock, tallied, f"status=draft&sort={sort}&size=10")]
    assert sum(len(found.rows) for found in walked) == 60
    assert not asked
