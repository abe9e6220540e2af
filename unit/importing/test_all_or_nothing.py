"""Imports of which all rows are wanted or no row, written in steps: however they end, one of both is so."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from dashboard.admin.features import form_importer
from dashboard.admin.record_view.view import RecordView
from dashboard.database.transactions import begin_write, queued_write
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import ChangeKind, ChangeSet
from dashboard.history.recording import describe
from dashboard.importing import applying
from dashboard.jobs.models import Job, State
from unit.conftest import SetClock
from unit.importing.conftest import Importing
from unit.jobs.works import outage
from unit.record_view.conftest import With
from unit.record_view.kinds import Supplier

NUMBER = 12
FILE = "name,city\n" + "".join(f"Supplier {number:02},Bonn\n" for number in range(NUMBER))
BAD = "Supplier 09"


class Strict(RecordView):
    """Suppliers with a rule that only a hook knows, and with a fault."""

    refuses, breaks = False, False

    def on_model_change(self, form: Any, model: Supplier, is_created: bool) -> None:
        if model.name == BAD and Strict.refuses:
            raise ValueError("This one is not wanted.")
        if model.name == BAD and Strict.breaks:
            raise ZeroDivisionError


@pytest.fixture
def importing(
    console: With, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Importing]:
    for name in ("refuses", "breaks"):
        monkeypatch.setattr(Strict, name, getattr(request, "param", "") == name)
    monkeypatch.setattr(form_importer.FormImporter, "at_once", 1)
    for name in ("FIRST", "FEWEST", "MOST"):
        monkeypatch.setattr(applying, name, 3)
    yield Importing(console(lambda: Strict(Supplier)))


def number_of(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Supplier)) or 0


def sets(app: Flask, kind: ChangeKind) -> int:
    with app.app_context():
        return len(db.session.scalars(select(ChangeSet.id).where(ChangeSet.kind == kind)).all())


def faults(app: Flask) -> Any:
    with app.app_context():
        return verify(db.session).faults


@pytest.fixture
def before_steps(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], None]], None]:
    """`before_steps(number, act)` calls `act` once after so many steps."""

    def before(number: int, act: Callable[[], None]) -> None:
        steps, usual = [0], applying._next_size

        def counted(*arguments: Any) -> int:
            steps[0] += 1
            if steps[0] == number:
                act()
            return usual(*arguments)

        monkeypatch.setattr(applying, "_next_size", counted)

    return before


def test_large_file_is_written_in_steps(importing: Importing) -> None:
    job = importing.run(FILE)
    assert (job.state, job.message, job.done) == (State.DONE, "12 suppliers created.", NUMBER)
    assert number_of(importing.app) == NUMBER
    assert sets(importing.app, ChangeKind.IMPORT) == NUMBER / 3


@pytest.mark.parametrize("importing", ["refuses"], indirect=True)
def test_row_that_is_refused_late_undoes_the_others(importing: Importing) -> None:
    job = importing.run(FILE)
    told = "Row 11 was refused: This one is not wanted. Nothing was imported."
    assert (job.state, job.message) == (State.FAILED, told)
    assert number_of(importing.app) == 0
    assert sets(importing.app, ChangeKind.UNDO) == 3
    assert faults(importing.app) == []


@pytest.mark.parametrize("importing", ["refuses"], indirect=True)
def test_row_that_is_refused_late_is_kept_where_good_rows_do(importing: Importing) -> None:
    job = importing.run(FILE, whole=False)
    assert (job.state, job.message) == (State.DONE, "11 suppliers created, 1 refused.")
    assert number_of(importing.app) == NUMBER - 1
    assert faults(importing.app) == []


@pytest.mark.parametrize("importing", ["breaks"], indirect=True)
def test_fault_undoes_the_other_rows_and_is_logged(
    importing: Importing, caplog: pytest.LogCaptureFixture
) -> None:
    job = importing.run(FILE)
    assert (job.state, number_of(importing.app)) == (State.FAILED, 0)
    assert job.message == "Something went wrong on our side. Nothing was imported."
    assert "ZeroDivisionError" in caplog.text


def test_cancelled_import_undoes_its_rows(
    importing: Importing, before_steps: Callable[[int, Callable[[], None]], None]
) -> None:
    number = importing.ask(importing.check(FILE))
    before_steps(2, lambda: _cancel(number))
    importing.work()
    job = importing.job(number)
    assert (job.state, job.message) == (State.CANCELLED, "Cancelled. Nothing was imported.")
    assert number_of(importing.app) == 0


def _cancel(number: int) -> None:
    with queued_write(db.engine) as connection:
        connection.execute(update(Job.__table__).where(Job.id == number).values(cancel_asked=True))


def test_record_that_another_user_changed_stays_and_is_named(
    importing: Importing, before_steps: Callable[[int, Callable[[], None]], None]
) -> None:
    number = importing.ask(importing.check(FILE))

    def change_and_cancel() -> None:
        begin_write(db.session)
        describe(db.session, request_id="another")
        db.session.scalars(select(Supplier).where(Supplier.name == "Supplier 01")).one().city = "Kiel"
        db.session.commit()
        _cancel(number)

    before_steps(2, change_and_cancel)
    importing.work()
    told = "Cancelled. 5 suppliers undone. 1 supplier was changed since and stays: “Supplier 01”."
    assert importing.job(number).message == told
    assert number_of(importing.app) == 1


def test_cancelled_import_starts_again_from_its_first_row(
    importing: Importing, before_steps: Callable[[int, Callable[[], None]], None]
) -> None:
    number = importing.ask(importing.check(FILE))
    before_steps(2, lambda: _cancel(number))
    importing.work()
    importing.again(number)
    assert importing.job(number).message == "12 suppliers created."
    assert number_of(importing.app) == NUMBER


def test_outage_within_an_import_lets_it_wait_and_go_on(
    importing: Importing,
    before_steps: Callable[[int, Callable[[], None]], None],
    set_clock: SetClock,
) -> None:
    number = importing.ask(importing.check(FILE))
    with ExitStack() as stack:
        before_steps(2, lambda: stack.enter_context(outage()))
        importing.work()
    assert number_of(importing.app) == 6
    set_clock(timedelta(minutes=1))
    importing.work()
    assert (importing.job(number).message, number_of(importing.app)) == ("12 suppliers created.", NUMBER)


def test_undo_of_a_large_import_goes_a_step_at_a_time(importing: Importing) -> None:
    job = importing.run(FILE)
    assert importing.undo(job.id).message == "12 suppliers undone."
    assert (number_of(importing.app), sets(importing.app, ChangeKind.UNDO)) == (0, 4)
    assert faults(importing.app) == []
