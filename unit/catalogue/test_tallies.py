"""The kept counts of products are those that counting would give, whatever was written and however."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from dashboard.catalogue.models import Category, Product, ProductStatus, ProductTally
from dashboard.catalogue.tallies import NO_CATEGORY_ID

CATEGORIES = (None, 1, 2)
KINDS = st.tuples(st.sampled_from(ProductStatus), st.sampled_from(CATEGORIES))
WRITES = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(KINDS, min_size=1, max_size=4)),
        st.tuples(st.just("move"), KINDS, KINDS),
        st.tuples(st.just("take"), KINDS),
        st.tuples(st.just("rename")),
    ),
    max_size=8,
)


def kept(session: Session) -> Counter[tuple[Any, Any]]:
    """Return the stored counts, with the counters of a kind added up."""
    counts: Counter[tuple[Any, Any]] = Counter()
    for tally in session.execute(
        select(ProductTally.status, ProductTally.category_id, ProductTally.products)
    ):
        counts[tally.status, tally.category_id] += tally.products
    return +counts


def counted(session: Session) -> Counter[tuple[Any, Any]]:
    kind = (Product.status, func.coalesce(Product.category_id, NO_CATEGORY_ID))
    rows = session.execute(select(*kind, func.count()).group_by(*kind))
    return Counter({(status, category): number for status, category, number in rows})


def is_kind(status: ProductStatus, category: int | None) -> Any:
    in_it = Product.category_id.is_(None) if category is None else Product.category_id == category
    return (Product.status == status) & in_it


def write(session: Session, number: int, what: str, *kinds: Any) -> None:
    """One statement that adds, moves, takes or renames products."""
    if what == "add":
        rows = [
            {
                "sku": f"{number}-{n}",
                "name": "A",
                "price": Decimal(1),
                "status": status,
                "category_id": category,
            }
            for n, (status, category) in enumerate(kinds[0])
        ]
        session.execute(insert(Product), rows)
    elif what == "move":
        (status, category), (to_status, to_category) = kinds
        values = {"status": to_status, "category_id": to_category}
        session.execute(update(Product).where(is_kind(status, category)).values(values))
    elif what == "take":
        session.execute(delete(Product).where(is_kind(*kinds[0])))
    else:
        session.execute(update(Product).values(name="B"))


@pytest.mark.both_databases
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=WRITES)
def test_kept_counts_are_those_that_counting_gives(shared_session: Session, writes: list[Any]) -> None:
    shared_session.rollback()
    shared_session.execute(insert(Category), [{"id": 1, "name": "One"}, {"id": 2, "name": "Two"}])
    for number, (what, *kinds) in enumerate(writes):
        write(shared_session, number, what, *kinds)
        assert kept(shared_session) == counted(shared_session)


@pytest.mark.both_databases
def test_what_is_rolled_back_was_never_counted(shared_session: Session) -> None:
    shared_session.rollback()
    before = kept(shared_session)
    write(shared_session, 0, "add", [(ProductStatus.DRAFT, None)] * 3)
    assert kept(shared_session) - before == {(ProductStatus.DRAFT, NO_CATEGORY_ID): 3}
    shared_session.rollback()
    assert kept(shared_session) == before


@pytest.mark.both_databases
@pytest.mark.parametrize("number", [0, 1, 50])
def test_one_statement_counts_all_its_rows(shared_session: Session, number: int) -> None:
    shared_session.rollback()
    if number:
        write(shared_session, 0, "add", [(ProductStatus.ACTIVE, None)] * number)
    assert sum(kept(shared_session).values()) == number
