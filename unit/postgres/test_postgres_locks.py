"""Rows are locked before they change; a deadlock or a timeout changes nothing."""

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


def test_only_the_locks_module_locks_rows() -> None:
    files = Path(dashboard.__file__).parent.rglob("*.py")
    assert [file.name for file in files if "with_for_update" in file.read_text()] == ["locks.py"]


def test_locked_row_is_read_again_after_the_wait(
    context: Flask, keys: Sequence[int], another_user: Connection
) -> None:
    product = db.session.get_one(Product, keys[0])
    another_user.execute(text("UPDATE products SET name = 'Theirs', version = version + 1"))
    another_user.commit()
    assert product.name != "Theirs"
    locked = db.session.scalars(for_writing(select(Product), Product.id)).all()
    assert [row.id for row in locked] == keys
    assert (locked[0] is product, product.name) == (True, "Theirs")


def test_deadlock_answers_busy_and_changes_nothing(
    app: Flask, client_as: ClientAs, submit: Submit, another_user: Connection, keys: Sequence[int]
) -> None:
    editor = client_as("editor")
    form = record_form(submit(editor, ACTION, action="archived", rowid=list(map(str, keys))).text)
    before = statuses(app)
    lock = text("SELECT id FROM products WHERE id = :key FOR UPDATE")
    another_user.execute(
        text("SET LOCAL deadlock_timeout = '30s'")
    )  # the request is to notice the deadlock, not this connection
    another_user.execute(lock, {"key": keys[1]})

    def cross() -> None:
        another_user.execute(lock, {"key": keys[0]})
        another_user.rollback()

    assert blocked_by(another_user, lambda: editor.post(ACTION, data=form).status_code, cross) == 503
    assert statuses(app) == before


def test_sweep_that_waits_too_long_for_a_row_is_retried(
    impatient: Flask, set_clock: SetClock, another_user: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    runner = Runner(impatient)
    with impatient.app_context():
        trash_products([row.id for row in products(2)])
        db.session.commit()
        set_clock(impatient.extensions["settings"].trash_days * DAY + DAY)
        another_user.execute(text("SELECT id FROM trash FOR UPDATE"))
        runner.turn()
        assert "Could not sweep the trash; trying again in a minute." in caplog.text
        assert len(db.session.scalars(select(Trashed.id)).all()) == 2
        another_user.rollback()
        set_clock(TRIED_AGAIN_AFTER)
        runner.turn()
        db.session.rollback()
        assert db.session.scalars(select(Trashed.id)).all() == []
