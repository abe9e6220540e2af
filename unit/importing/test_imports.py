"""Imports by the forms of a kind of record: checked, written and undone."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.models import ChangeKind, ChangeSet
from dashboard.jobs.models import State
from dashboard.refusal import Refusal
from unit.importing.conftest import Importing, Rows
from unit.record_view.kinds import Supplier

FILE = "name,city,rating\nOak & Sons,Bonn,4.5\nElm,Trier,2\nYew,Ulm,1\n"
NAMES = select(Supplier.name, Supplier.city).order_by(Supplier.name)


def test_check_says_what_each_row_would_do_and_changes_nothing(importing: Importing, rows: Rows) -> None:
    before = rows(NAMES)
    number = importing.check(FILE)
    result = importing.result(number)
    assert result["counts"] == {"create": 1, "change": 1, "nothing": 1, "refuse": 0}
    assert [each["name"] for each in result["created"]] == ["Yew"]
    assert [(each["before"], each["after"]) for each in result["changed"]] == [
        ({"city": "", "rating": ""}, {"city": "Trier", "rating": "2.0"})
    ]
    assert rows(NAMES) == before
    assert importing.job(number).message == "Checked: 1 supplier to create, 1 to change, 1 as they were."


def test_import_creates_and_changes_records_in_one_change_set(importing: Importing, rows: Rows) -> None:
    job = importing.run(FILE)
    assert (job.state, job.message) == (State.DONE, "1 supplier created, 1 changed, 1 as they were.")
    assert ("Elm", "Trier") in rows(NAMES)
    assert ("Yew", "Ulm") in rows(NAMES)
    found = rows(
        select(ChangeSet.kind, ChangeSet.note, ChangeSet.request_id).where(
            ChangeSet.kind == ChangeKind.IMPORT
        )
    )
    assert found == [(ChangeKind.IMPORT, "Import of suppliers.csv", f"job-{job.id}")]


def test_same_file_again_changes_nothing(importing: Importing, rows: Rows) -> None:
    importing.run(FILE)
    before = rows(select(func.count()).select_from(ChangeSet))
    number = importing.check(FILE)
    assert importing.result(number)["counts"]["nothing"] == 3
    with pytest.raises(Refusal, match="No row of this file"):
        importing.ask(number)
    assert rows(select(func.count()).select_from(ChangeSet)) == before


def test_import_is_undone(importing: Importing, rows: Rows) -> None:
    before = rows(NAMES)
    job = importing.run(FILE)
    undo = importing.undo(job.id)
    assert (undo.state, undo.message) == (State.DONE, "2 suppliers undone.")
    assert rows(NAMES) == before
    with pytest.raises(Refusal, match="Nothing of this is left to undo"):
        importing.undo(job.id)


def test_undo_leaves_and_names_what_was_changed_since(
    importing: Importing, rows: Rows, suppliers: Flask
) -> None:
    job = importing.run(FILE)
    with suppliers.app_context():
        begin_write(db.session)
        db.session.scalars(select(Supplier).where(Supplier.name == "Elm")).one().city = "Kiel"
        db.session.commit()
    undo = importing.undo(job.id)
    assert undo.message == "1 supplier undone. 1 supplier was changed since and stays: “Elm”."
    assert ("Elm", "Kiel") in rows(NAMES)
    assert "Yew" not in {name for name, _ in rows(NAMES)}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Fir,Ulm,high", "Rating: Enter a number, such as 12.5."),
        ("Yew,Ulm", "This row has 2 cells, the header has 3."),
        (",Ulm,1", "Name: Enter the Name, by which records are found."),
        ("Elm,Ulm,1", "Name: Row 3 has the same Name."),
    ],
)
def test_check_refuses_a_row_with_its_reason(importing: Importing, line: str, reason: str) -> None:
    number = importing.check(f"{FILE}{line}\n")
    assert importing.result(number)["counts"]["refuse"] == 1
    assert importing.refused(number) == [reason]
    with pytest.raises(Refusal, match="Some rows were refused"):
        importing.ask(number)


def test_good_rows_are_imported_and_refused_ones_kept(importing: Importing, rows: Rows) -> None:
    job = importing.run(f"{FILE}Fir,Ulm,high\n", whole=False)
    assert job.message == "1 supplier created, 1 changed, 1 as they were, 1 refused."
    assert "Fir" not in {name for name, _ in rows(NAMES)}
