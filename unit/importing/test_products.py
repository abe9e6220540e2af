"""Products that are imported by a job, undone, and refused row by row."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.jobs.models import State
from dashboard.testing.catalogue import a_product
from unit.importing.conftest import Importing

pytestmark = pytest.mark.both_databases
HEADER = "Article number;Title;Unit price;Qty;Status;Category\n"
FILE = f"{HEADER}LMP-1;Oak Lamp;12,50;7;Active;Lamps\nLMP-2;Elm Lamp;1.250,00;;;Lamps\nLMP-3;Yew;3,5;1;;\n"


@pytest.fixture
def importing(app: Flask) -> Importing:
    """A console with one product, and an editor who imports others."""
    with app.app_context():
        a_product("Yew", sku="LMP-3", stock=1)
        db.session.commit()
    return Importing(app, "products")


def stored(importing: Importing) -> Sequence[Any]:
    """The products with their SKUs, prices and the names of their categories."""
    with importing.app.app_context():
        assert verify(db.session).faults == []
        found = db.session.scalars(select(Product).order_by(Product.sku))
        return [(each.sku, str(each.price), each.category and each.category.name) for each in found]


def test_file_in_its_own_words_is_imported_and_undone(importing: Importing) -> None:
    before = stored(importing)
    job = importing.run(FILE, related=("category",))
    assert (job.state, job.message) == (State.DONE, "2 products created, 1 changed.")
    assert stored(importing) == [
        ("LMP-1", "12.5000", "Lamps"),
        ("LMP-2", "1250.0000", "Lamps"),
        ("LMP-3", "3.5000", None),
    ]
    assert importing.undo(job.id).state is State.DONE
    assert stored(importing) == before


def test_good_rows_are_imported_beside_refused_ones(importing: Importing) -> None:
    job = importing.run(FILE, whole=False)
    assert job.message == "1 changed, 2 refused."
    assert [sku for sku, *_ in stored(importing)] == ["LMP-3"]


def test_rows_that_differ_in_case_are_refused_one_by_one(importing: Importing) -> None:
    rows = "".join(f"A-{number};Lamp;1;;;\n" for number in range(300))
    job = importing.run(f"{HEADER}{rows}a-7;Lamp;1;;;\n", whole=False)
    assert job.message == "300 products created, 1 refused."
    assert len(stored(importing)) == 301
