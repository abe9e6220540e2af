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
def today(console: Flask, set_clock: SetClock) -> str:
    """Three products were deleted 40 days ago, and one today, whose key this is."""
    *old, new = [row.id for row in products(4)]
    db.session.commit()
    set_clock(timedelta(days=-40))
    trash_products(old)
    db.session.commit()
    set_clock(timedelta(days=40))
    trash_products([new])
    db.session.commit()
    return str(new)


def left() -> list[str]:
    """The keys of the records in the trash."""
    db.session.rollback()
    return list(db.session.scalars(select(Trashed.record_key)))


def test_purge_deletes_expired_records_and_prints_their_number(run: Run, today: str) -> None:
    assert run("trash", "purge").output == "3 records permanently deleted.\n"
    assert left() == [today]
    assert run("trash", "purge").output == "0 records permanently deleted.\n"


def test_purge_follows_the_retention_setting(run: Run, today: str) -> None:
    assert run("trash", "purge", TRASH_DAYS="41").output == "0 records permanently deleted.\n"
    result = run("trash", "purge", TRASH_DAYS="0")
    assert result.exit_code == 0
    assert (
        result.output == "Nothing was deleted: DASHBOARD_TRASH_DAYS is 0, which keeps the trash for ever.\n"
    )
    assert len(left()) == 4


def test_purge_reports_a_locked_database_in_one_line(
    run: Run, today: str, locked: None, impatient: None
) -> None:
    assert "cannot be used: database is locked" in the_line(run("trash", "purge"))
    assert len(left()) == 4
