"""After any changes, undos and reverts, the replayed ledger equals the stored records."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.flows import (
    create_category,
    create_product,
    delete_categories,
    rename_category,
    update_product,
)
from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.catalogue.trash import purge_products, restore_products, trash_products
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change, ChangeKind, ChangeSet
from dashboard.history.recording import describe
from dashboard.history.revert import Part, plan, revert
from dashboard.refusal import Refusal
from dashboard.trash.models import Trashed
from unit.history.replaying import replayed, stored

SKUS = ("A", "B", "C", "D", "E")
PRICE = st.decimals(0, 9999, places=2)
NUMBER = st.integers(0, 20)
PENNY = Decimal("0.01")


def pick(rows: Any, number: int) -> Any:
    """One of several, or None."""
    rows = list(rows)
    return rows[number % len(rows)] if rows else None


def product(number: int) -> Product | None:
    return pick(db.session.scalars(select(Product).order_by(Product.id)), number)


def category(number: int) -> Category | None:
    return pick(db.session.scalars(select(Category).order_by(Category.id)), number)


def keys(number: int) -> list[int]:
    """About half of the products, varying."""
    return [key for key in db.session.scalars(select(Product.id)) if (key + number) % 2]


def make(number: int, price: Decimal) -> None:
    shelf = category(number)
    values = {"sku": SKUS[number % len(SKUS)], "name": f"Lamp {number}", "price": price, "stock": number}
    create_product({**values, "description": "é\n“x”" * (number % 3), "category_id": shelf and shelf.id})


def edit(number: int, price: Decimal) -> None:
    if found := product(number):
        update_product(found, {"price": price, "name": f"Chair {number}", "sku": SKUS[number % len(SKUS)]})


def move(number: int, _price: Decimal) -> None:
    if found := product(number):
        shelf = category(number + 1)
        update_product(found, {"category_id": shelf and shelf.id, "description": "Moved"})


def set_status(number: int, _price: Decimal) -> None:
    change_products(keys(number), lambda _: {"status": list(ProductStatus)[number % 3]})


def raise_prices(number: int, _price: Decimal) -> None:
    factor = Decimal(100 + number) / 100
    change_products(
        keys(number), lambda row: {"price": (row["price"] * factor).quantize(PENNY, ROUND_HALF_UP)}
    )


def trash(number: int, _price: Decimal) -> None:
    trash_products(keys(number))


def in_trash() -> list[int]:
    """The ids that the products in the trash had."""
    return sorted(map(int, db.session.scalars(select(Trashed.record_key))))


def restore(number: int, _price: Decimal) -> None:
    found = pick(in_trash(), number)
    restore_products([found] if found else [])


def purge(number: int, _price: Decimal) -> None:
    found = pick(in_trash(), number)
    purge_products([found] if found else [])


def shelve(number: int, _price: Decimal) -> None:
    create_category(f"Shelf {number % 4}")


def rename(number: int, _price: Decimal) -> None:
    if found := category(number):
        rename_category(found, f"Shelf {number % 5}")


def unshelve(number: int, _price: Decimal) -> None:
    if found := category(number):
        delete_categories([found])


def undo(number: int, _price: Decimal) -> None:
    if found := pick(db.session.scalars(select(ChangeSet).order_by(ChangeSet.id.desc()).limit(5)), number):
        describe(db.session, kind=ChangeKind.UNDO, reverts_id=found.id)
        revert(db.session, Part(found.id), untouched=True)


def revert_a_change_set(number: int, _price: Decimal) -> None:
    if found := pick(db.session.scalars(select(ChangeSet).order_by(ChangeSet.id)), number):
        describe(db.session, kind=ChangeKind.REVERT, reverts_id=found.id)
        revert(db.session, Part(found.id))


def revert_a_field(number: int, _price: Decimal) -> None:
    if found := pick(db.session.scalars(select(Change).order_by(Change.id)), number):
        field = pick(sorted(found.pairs), number)
        list(plan(db.session, Part(found.change_set_id, found.id, field)))
        describe(db.session, kind=ChangeKind.REVERT, reverts_id=found.change_set_id)
        revert(db.session, Part(found.change_set_id, found.id, field))


Step = Callable[[int, Decimal], None]
STEPS: tuple[Step, ...] = (
    make,
    edit,
    move,
    set_status,
    raise_prices,
    trash,
    restore,
    purge,
    shelve,
    rename,
    unshelve,
    undo,
    revert_a_change_set,
    revert_a_field,
)


@pytest.fixture
def start_over(app: Flask) -> Callable[[], None]:
    """Delete every row, as between tests, for each example of one test."""

    def start() -> None:
        is_sqlite = db.engine.dialect.name == "sqlite"
        if not is_sqlite:
            db.session.execute(text("SET LOCAL session_replication_role = replica"))
        for table in reversed(db.metadata.sorted_tables):
            if table.name in KEPT_TABLES and is_sqlite:
                for moment in ("delete",):
                    db.session.execute(text(f"DROP TRIGGER IF EXISTS {table.name}_no_{moment}"))
            db.session.execute(table.delete())
        db.session.commit()

    return start


KEPT_TABLES = {"change_sets", "changes", "change_seals", "changed_fields"}


@pytest.mark.both_databases
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    beginning=st.lists(st.tuples(st.just(make), NUMBER, PRICE), min_size=2, max_size=5),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), NUMBER, PRICE), min_size=4, max_size=25),
)
def test_replayed_ledger_equals_stored_records(
    context: Flask,
    start_over: Callable[[], None],
    beginning: list[tuple[Step, int, Decimal]],
    steps: list[tuple[Step, int, Decimal]],
) -> None:
    start_over()
    for step, number, price in (*beginning, *steps):
        try:
            step(number, price)
            db.session.commit()
        except Refusal:
            db.session.rollback()
        assert replayed() == stored(), step.__name__
    assert verify(db.session).faults == []
