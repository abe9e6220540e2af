"""Imports of products on PostgreSQL, where others write at the same moment."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import OperationalError

from dashboard.catalogue.importing import ProductImporter
from dashboard.catalogue.models import Product
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.importing.fields import RowRefused
from dashboard.testing.catalogue import a_product
from unit.catalogue.importing import LAMP, checked, number_of_products
from unit.racing import LONG_AGO


@pytest.fixture
def lamp() -> Iterator[Product]:
    """A product that an import is about to change."""
    lamp = a_product(sku="LMP-1")
    db.session.commit()
    yield lamp
    db.session.rollback()


@pytest.mark.usefixtures("context", "lamp")
def test_products_found_by_an_import_stay_as_they_are(another_user: Connection) -> None:
    begin_write(db.session)
    found = checked({"sku": "LMP-1", "stock": "8"}, lock=True)
    another_user.execute(text("SET lock_timeout = 100"))
    with pytest.raises(OperationalError, match="lock timeout"):
        another_user.execute(text("UPDATE products SET stock = 9"))
    another_user.rollback()
    ProductImporter().write(found)
    db.session.commit()
    assert verify(db.session).faults == []


@pytest.mark.usefixtures("context", "lamp")
def test_checked_products_can_be_changed_by_others(another_user: Connection) -> None:
    checked({"sku": "LMP-1", "stock": "8"}, lock=False)
    another_user.execute(text("SET lock_timeout = 100"))
    another_user.execute(text("UPDATE products SET stock = 9"))
    another_user.rollback()


@pytest.mark.usefixtures("context", "lamp")
def test_sku_that_another_user_takes_during_an_import_is_named(another_user: Connection) -> None:
    begin_write(db.session)
    found = checked({"sku": "LMP-1", "stock": "8"}, {**LAMP, "sku": "LMP-2"}, lock=True)
    theirs = {"sku": "lmp-2", "name": "Theirs", "price": 1, "created_at": LONG_AGO, "updated_at": LONG_AGO}
    another_user.execute(insert(Product).values(theirs))
    another_user.commit()
    with pytest.raises(RowRefused, match="Another product has the SKU lmp-2") as refused:
        ProductImporter().write(found)
    db.session.rollback()
    assert (refused.value.number, number_of_products()) == (3, 2)
