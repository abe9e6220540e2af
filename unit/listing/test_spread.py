"""About how many rows a large table has, and which stand for it, whatever the type of the key."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from dashboard.listing.columns import Column
from dashboard.listing.ranges import Bounds
from dashboard.listing.sample import take_sample
from dashboard.listing.spread import evenly
from dashboard.listing.state import Listing
from dashboard.listing.tuning import Tuning
from unit.listing.engine import state_of
from unit.listing.parts import KEYS, Base, SparsePart, TextPart, UuidPart
from unit.listing.walking import page

pytestmark = pytest.mark.both_databases

MANY = 12_000
MODELS = pytest.mark.parametrize("model", [TextPart, UuidPart, SparsePart])


def listing_of(model: type[Any]) -> Listing:
    """A list whose engine takes 12,000 rows for more than it would count or skip."""
    columns = (Column("row_key", "Key", (model.key,)), Column("small", "Small", (model.small,)))
    facets = (Bounds("price", "Price", model.price),)
    tuning = Tuning(exact_count_limit=500, max_offset=100)
    return Listing(model.key, model.text, columns, "row_key", facets, tuning=tuning)


@pytest.fixture
def large(model: type[Any], shared_session: Session) -> Iterator[Session]:
    """A table of 12,000 rows, of which 4,000 are gone: the last quarter and some in between."""
    Base.metadata.create_all(shared_session.connection(), [model.__table__])
    rows = [{"key": KEYS[model](n), "text": f"Part {n}", "price": Decimal(n % 4)} for n in range(MANY)]
    shared_session.execute(insert(model), rows)
    gone = [KEYS[model](n) for n in range(MANY) if n >= MANY * 3 // 4 or n % 12 == 5]
    for start in range(0, len(gone), 500):
        shared_session.execute(delete(model).where(model.key.in_(gone[start : start + 500])))
    yield shared_session
    shared_session.rollback()


LEFT = sum(n < MANY * 3 // 4 and n % 12 != 5 for n in range(MANY))


@MODELS
def test_sample_tells_about_how_many_rows_meet_each_condition(large: Session, model: type[Any]) -> None:
    listing = listing_of(model)
    found = take_sample(large, listing, state_of(listing, price_min="3"), ())
    assert found.span == pytest.approx(LEFT, rel=0.3)
    assert found.rows == pytest.approx(LEFT / 4, rel=0.4)
    assert found.rows <= found.span


@MODELS
def test_sampled_rows_lie_in_every_part_of_the_table(large: Session, model: type[Any]) -> None:
    listing = listing_of(model)
    spread = evenly(listing, 100, large.get_bind().dialect.name)
    names = large.scalars(spread.read(model, model.text)).all()
    numbers = sorted(int(name.removeprefix("Part ")) for name in names)
    assert len(numbers) == len({*numbers})
    assert len(numbers) >= 50
    gaps = [later - earlier for earlier, later in zip([0, *numbers], [*numbers, MANY * 3 // 4], strict=True)]
    assert max(gaps) < MANY / 10


@MODELS
def test_list_says_about_how_many_there_are(large: Session, model: type[Any]) -> None:
    shown = page(large, listing_of(model), "price_min=3&size=10")
    assert shown.amount.startswith("about ")
    assert shown.total == pytest.approx(LEFT / 4, rel=0.5)


@MODELS
def test_page_by_its_number_lies_about_where_it_should(large: Session, model: type[Any]) -> None:
    listing = listing_of(model)
    shown = page(large, listing, "size=10&page=400")
    keys = large.scalars(select(model.key).order_by(model.key)).all()
    place = keys.index(shown.rows[0].id)
    assert place == pytest.approx(4_000, abs=LEFT * 0.15)


@MODELS
def test_empty_table_has_nothing_to_sample(shared_session: Session, model: type[Any]) -> None:
    Base.metadata.create_all(shared_session.connection(), [model.__table__])
    listing = listing_of(model)
    found = take_sample(shared_session, listing, state_of(listing, price_min="3"), ())
    assert (found.span, found.rows) == (0, 0)
    shared_session.rollback()
