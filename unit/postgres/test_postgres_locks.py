"""How PostgreSQL is asked for rows that are about to be changed, and what comes of it where it refuses."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, select, text

import dashboard
from dashboard.background.runner import TRIED_AGAIN_AFTER, Runner
from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import trash_products
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.testing.catalogue import products
from dashboard.trash.models import Trashed
from unit.admin.everything import statuses
from unit.admin.reading import record_form
from unit.conftest import ClientAs, SetClock, Submit
from unit.postgres.blocking import blocked_by

DAY = timedelta(days=1)
ACTION = "/admin/products/action/"


@pytest.fixture
def keys(app: Flask) -> list[int]:
    """The ids of two products."""
    with app.app_context():
        found = [row.id for row in products(2)]
        db.session.commit()
    return found


def test_rows_are_locked_in_one_way_alone() -> None:
    files = Path(dashboard.__file__).parent.rglob("*.py")
    assert [file.name for file in files if "with_for_update" in file.read_text()] == ["locks.py"]


def test_a_row_is_read_again_after_it_was_waited_for(
    context: Flask, keys: Sequence[int], somebody_else: Connection
) -> None:
    product = db.session.get_one(Product, keys[0])
    somebody_else.execute(text("UPDATE products SET name = 'Theirs', version = version + 1"))
    somebody_else.commit()
    assert product.name != "Theirs"
    locked = db.session.scalars(for_writing(select(Product), Product.id)).all()
    assert [row.id for row in locked] == keys
    assert (locked[0] is product, product.name) == (True, "Theirs")


def test_a_deadlock_ends_as_busy_and_changes_nothing(
    app: Flask, client_as: ClientAs, submit: Submit, somebody_else: Connection, keys: Sequence[int]
) -> None:
    editor = client_as("editor")
    form = record_form(submit(editor, ACTION, action="archived", rowid=list(map(str, keys))).text)
    before = statuses(app)
    lock = text("SELECT id FROM products WHERE id = :key FOR UPDATE")
    somebody_else.execute(text("SET LOCAL deadlock_timeout = '30s'"))  # the other one is to notice
    somebody_else.execute(lock, {"key": keys[1]})

    def cross() -> None:
        somebody_else.execute(lock, {"key": keys[0]})
        somebody_else.rollback()

    assert blocked_by(somebody_else, lambda: editor.post(ACTION, data=form).status_code, cross) == 503
    assert statuses(app) == before


def test_a_sweep_that_waits_too_long_for_a_row_is_tried_again(
    impatient: Flask, set_clock: SetClock, somebody_else: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    runner = Runner(impatient)
    with impatient.app_context():
        trash_products([row.id for row in products(2)])
        db.session.commit()
        set_clock(impatient.extensions["settings"].trash_days * DAY + DAY)
        somebody_else.execute(text("SELECT id FROM trash FOR UPDATE"))
        runner.turn()
        assert "Could not sweep the trash; trying again in a minute." in caplog.text
        assert len(db.session.scalars(select(Trashed.id)).all()) == 2
        somebody_else.rollback()
        set_clock(TRIED_AGAIN_AFTER)
        runner.turn()
        db.session.rollback()
        assert db.session.scalars(select(Trashed.id)).all() == []
