"""A file of a list holds the rows of one moment, however long it takes."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import insert, update

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.history.recording import PAST_LEDGER
from dashboard.testing.catalogue import a_category
from unit.conftest import ClientAs

ROWS = 300
"""More than are sent at once."""


@pytest.mark.both_databases
def test_row_that_moves_during_export_is_in_it_once(app: Flask, client_as: ClientAs) -> None:
    with app.app_context():
        shelf = a_category("Light").id
        lamp = {"name": "Lamp", "price": Decimal(1), "category_id": shelf}
        rows = [{"sku": f"S{n:03}", **lamp} for n in range(ROWS)]
        db.session.execute(insert(Product), rows, execution_options=PAST_LEDGER)
        db.session.commit()
    pieces = client_as("editor").get("/admin/products/export/csv/?sort=category").iter_encoded()
    sent = next(pieces)
    with app.app_context():  # those without a category come last, and are read by a statement of their own
        moved = update(Product).where(Product.sku == "S000").values(category_id=None)
        db.session.execute(moved, execution_options=PAST_LEDGER)
        db.session.commit()
    lines = (sent + b"".join(pieces)).decode().splitlines()[1:]
    assert sorted(line.partition(",")[0] for line in lines) == [row["sku"] for row in rows]
