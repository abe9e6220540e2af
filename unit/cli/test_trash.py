"""`dashboard trash purge`."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.testing.catalogue import products
from dashboard.trash.models import Trashed
from unit.cli.conftest import Run, the_line
from unit.conftest import SetClock


@pytest.fixture
def filled(console: Flask, set_clock: SetClock) -> None:
    """Three products were deleted 40 days ago and one today."""
    *old, new = [row.id for row in products(4)]
    db.session.commit()
    set_clock(timedelta(days=-40))
    trash_products(old)
    db.session.commit()
    set_clock(timedelta(days=40))
    trash_products([new])
    db.session.commit()


def left() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Trashed.id)).all())


def test_it_deletes_what_expired_and_says_how_much(run: Run, filled: None) -> None:
    assert run("trash", "purge").output == "3 records permanently deleted.\n"
    assert left() == 1
    assert run("trash", "purge").output == "0 records permanently deleted.\n"


def test_it_follows_the_setting(run: Run, filled: None) -> None:
    assert run("trash", "purge", TRASH_DAYS="41").output == "0 records permanently deleted.\n"
    result = run("trash", "purge", TRASH_DAYS="0")
    assert result.exit_code == 0
    assert (
        result.output == "Nothing was deleted: DASHBOARD_TRASH_DAYS is 0, which keeps the trash for ever.\n"
    )
    assert left() == 4


def test_a_database_that_is_locked_is_one_line(run: Run, filled: None, locked: None, impatient: None) -> None:
    assert "cannot be used: database is locked" in the_line(run("trash", "purge"))
