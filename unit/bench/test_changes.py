"""The edit that is timed is saved by the form as it is now."""

from decimal import Decimal
from pathlib import Path

from bench import changes, ours
from bench.writes import EDIT
from dashboard.catalogue.models import Product
from dashboard.extensions import db


def test_edit_by_the_form_is_saved_and_timed(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'ours.sqlite3'}"
    ours.fill(address, 60)
    app = ours.build(address, 60).application
    assert changes.seconds(app, EDIT, 2, 3) > 0
    with app.app_context():
        prices = [db.session.get_one(Product, number).price for number in (3, 4)]
        db.engine.dispose()
    assert prices == [Decimal(4), Decimal(5)]
