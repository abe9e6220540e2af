"""Importing products without a file: rows as texts, straight to the importer."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from dashboard.catalogue.importing import ProductImporter
from dashboard.catalogue.models import Product
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.importing.choices import Choices
from dashboard.importing.fields import Does, Given, Outcome

WRITES = (Does.CREATE, Does.CHANGE)
LAMP = {"sku": "LMP-1", "name": "Oak Lamp", "price": "12.50"}
Row = Mapping[str, str]


def choices(**chosen: Any) -> Choices:
    """The choices of a user: rows find products by their SKU unless `chosen` says otherwise."""
    return Choices(**{"columns": (), "key": "sku", **chosen})


def checked(*rows: Row, lock: bool = False, **chosen: Any) -> Sequence[Outcome]:
    """The effects that rows would have; the first has number 2, as below a header."""
    given = [Given(number, row) for number, row in enumerate(rows, 2)]
    return ProductImporter().outcomes(given, choices(**chosen), lock=lock)


def errors(*rows: Row, **chosen: Any) -> list[dict[str, str]]:
    """The sentences about each row."""
    found = checked(*rows, **chosen)
    assert all((each.does is Does.REFUSE) == bool(each.errors) for each in found)
    return [{**each.errors} for each in found]


def imported(*rows: Row, **chosen: Any) -> list[Does]:
    """Import rows in one transaction, without those that are refused."""
    begin_write(db.session)
    found = checked(*rows, lock=True, **chosen)
    ProductImporter().write([each for each in found if each.does in WRITES])
    db.session.commit()
    return [each.does for each in found]


def product(sku: str = "LMP-1") -> Product:
    """The product with a SKU as it is stored."""
    db.session.expire_all()
    return db.session.scalars(select(Product).where(Product.sku == sku)).one()


def number_of_products() -> int:
    """How many products there are."""
    return len(db.session.scalars(select(Product.id)).all())
