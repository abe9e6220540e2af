"""A list that is exported, changed in a spreadsheet and imported again: exactly the changed cells change."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.admin.kit.screens import screens_of
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.jobs.acting import acting_as
from dashboard.jobs.models import State
from dashboard.listing.export import read_columns
from dashboard.listing.state import read_query
from dashboard.sheets.writing import write_table
from unit.importing.conftest import SCREEN, Importing
from unit.record_view.kinds import Supplier, Terms


@pytest.fixture
def importing(suppliers: Flask) -> Importing:
    """The same with a supplier that has a value in every column."""
    with suppliers.app_context():
        begin_write(db.session)
        db.session.add(
            Supplier(
                name="=Beech, “1”",
                city="",
                terms=[*Terms][-1],
                checked=False,
                rating=0.1,
                limit=Decimal("1234.50"),
                since=date(2026, 3, 31),
                seen_at=datetime(2026, 3, 31, 9, 30),  # noqa: DTZ001 - its column has no time zone
                called_at=datetime(2026, 3, 31, 9, 30, tzinfo=UTC),
                opens=time(9, 30),
                lead=timedelta(hours=36),
                reference=UUID(int=7),
                extra={"size": [1, 2]},
                notes="Two\nlines; with, signs\tand tabs",
                country_code="de",
                parent_id=1,
            )
        )
        moment = datetime(2026, 3, 31, 23, 59, 59, 999_999, tzinfo=UTC)
        db.session.add(Supplier(name=" Rowan ", seen_at=moment.replace(tzinfo=None), called_at=moment))
        db.session.commit()
    return Importing(suppliers)


def exported(importing: Importing, folder: Path, kind: str) -> bytes:
    """The list as a file."""
    listing = next(each for each in screens_of(importing.app) if each.endpoint == SCREEN).listing
    with acting_as(importing.app, importing.owner, "export"):
        state = read_query(listing, "")
        found = read_columns(db.session, listing, state, listing.export)
        rows = [row for batch in found for row in zip(*batch, strict=True)]
        write_table(kind, folder / "file", [each.name for each in listing.export], rows)
    return (folder / "file").read_bytes()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_file_that_was_exported_changes_nothing(importing: Importing, tmp_path: Path, kind: str) -> None:
    number = importing.check(exported(importing, tmp_path, kind))
    assert importing.job(number).state is State.DONE
    assert importing.refused(number) == []
    assert importing.result(number)["changed"] == []
    assert importing.result(number)["counts"] == {"create": 0, "change": 0, "nothing": 6, "refuse": 0}


def test_changed_cell_changes_its_field_alone(importing: Importing, tmp_path: Path) -> None:
    text = exported(importing, tmp_path, "csv").decode("utf-8-sig")
    rows = [*csv.reader(io.StringIO(text))]
    at = rows[0].index("city")
    row = next(each for each in rows if "Elm" in each)
    row[at] = "Trier"
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    job = importing.run(target.getvalue())
    assert job.message == "1 changed, 5 as they were."
    with importing.app.app_context():
        assert db.session.scalar(select(Supplier.city).where(Supplier.name == "Elm")) == "Trier"
