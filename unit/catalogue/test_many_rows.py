"""Products that are created together are what creating each of them gives."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dashboard.catalogue.bulk import products
from dashboard.catalogue.flows import create_product
from dashboard.catalogue.models import Product, ProductStatus, ProductTally
from dashboard.catalogue.tallies import NO_CATEGORY_ID
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change
from dashboard.history.writing import create_rows
from dashboard.search.index import TrigramIndex
from dashboard.testing.catalogue import a_category
from unit.history.reading import lines

NUMBERS = [1, 21, 600]
SEARCH = TrigramIndex(Product.id, Product.search_text, "product_search", exact=Product.sku_key)


def values(number: int, category: int | None) -> dict[str, Any]:
    """The values of a new product."""
    return {
        "sku": f"LMP-{number:04}",
        "name": f"Lämpchen „{number}“ \\ 灯\t",
        "description": "One\n\\N\ttwo" if number % 2 else "",
        "price": Decimal("12.5") + number,
        "currency": "EUR",
        "stock": number,
        "status": ProductStatus.ACTIVE if number % 3 else ProductStatus.DRAFT,
        "category_id": category if number % 5 else None,
    }


def stored() -> list[tuple[Any, ...]]:
    """The products without their numbers and moments."""
    left_out = {"id", "created_at", "updated_at"}
    columns = [column for column in Product.__table__.columns if column.name not in left_out]
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Product.stock))]


@pytest.mark.both_databases
@pytest.mark.parametrize("number", NUMBERS)
def test_products_created_together_are_like_those_created_singly(context: Flask, number: int) -> None:
    category = a_category("Lamps").id
    db.session.commit()
    new = [values(each, category) for each in range(number)]
    for each in new[:30]:
        create_product(each)
    expected, recorded = stored(), lines()[-len(new[:30]) :]
    db.session.rollback()
    keys = create_rows(db.session, products(), new)
    db.session.commit()
    found = {row.sku: row.id for row in db.session.execute(select(Product.sku, Product.id))}
    assert [found[each["sku"]] for each in new] == [*keys]
    assert stored()[:30] == expected
    told = [fields for kind, _, _, _, fields in lines() if kind == "products"]
    for (_, _, action, version, before), after in zip(recorded, told, strict=False):
        assert (action, version) == ("create", 1)
        assert {**before, "created_at": None} == {**after, "created_at": None}
    assert [key for kind, key, *_ in lines() if kind == "products"] == [*keys]
    assert verify(db.session).faults == []


@pytest.mark.both_databases
def test_products_created_together_are_found_and_counted(context: Flask) -> None:
    create_rows(db.session, products(), [values(each, None) for each in range(40)])
    db.session.commit()
    words = SEARCH.words("lmp-0017")
    assert db.session.scalars(select(Product.stock).where(SEARCH.found(words))).all() == [17]
    tallies = db.session.scalars(select(ProductTally).where(ProductTally.products > 0)).all()
    assert sum(each.products for each in tallies) == 40
    assert {each.category_id for each in tallies} == {NO_CATEGORY_ID}


@pytest.mark.both_databases
def test_products_created_together_have_one_moment_and_salts_of_their_own(context: Flask) -> None:
    create_rows(db.session, products(), [values(each, None) for each in range(40)])
    db.session.commit()
    assert len({*db.session.scalars(select(Product.created_at))}) == 1
    assert len({*db.session.scalars(select(Change.salt))}) == 40


@pytest.mark.both_databases
@pytest.mark.parametrize("number", NUMBERS)
def test_taken_sku_is_refused_with_all_that_came_with_it(context: Flask, number: int) -> None:
    create_rows(db.session, products(), [values(0, None)])
    db.session.commit()
    with pytest.raises(IntegrityError):
        create_rows(db.session, products(), [values(each, None) for each in range(number)])
    db.session.rollback()
    assert len(stored()) == 1
    assert verify(db.session).faults == []
