"""Applying an import: its rows are written in steps, each with the history and the note how far it is.

Where all or nothing was chosen, a small file is written in one transaction. A larger one, whose check refused
no row, is written in steps; where a row is refused after all, or the job is cancelled or fails, it undoes
what it did. So when the job has ended, all rows are there or no row is, but for those that another user
changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from dashboard.extensions import db
from dashboard.history.models import ChangeKind
from dashboard.history.recording import describe
from dashboard.history.since import changed_since, position
from dashboard.importing.checking import Telling, outcomes_of, reason_of, refused_rows
from dashboard.importing.choices import Choices
from dashboard.importing.fields import Does, Importer, ImportField, Outcome, RowRefused
from dashboard.importing.models import forget_refused, keep_refused
from dashboard.importing.named_files import FilePurpose
from dashboard.importing.result import Result, Tally, read_result
from dashboard.importing.seen import Seen
from dashboard.importing.table import Filled, Read, Table, batches, choices_of
from dashboard.jobs.run import Run
from dashboard.jobs.whole import ENDED, all_or_undone, begun
from dashboard.number_form import number_words
from dashboard.sheets.reading import SheetRow

WORK = "import"
FIRST, FEWEST, MOST = 200, 100, 2000
"""Rows of the first step, and of the smallest and largest."""
STEP_SECONDS = 0.05
"""How long a step should hold the lock of SQLite: others who save wait for it."""
NOTE = "Import of {}"
NOTHING = "Nothing was imported."
CHANGED_SINCE = "Another user changed this record since the check. Check the file again."


@dataclass(frozen=True)
class Plan:
    """The file and the choices of an import."""

    importer: Importer
    table: Table
    choices: Choices
    is_whole: bool
    number: int
    name: str
    fields: Sequence[ImportField]
    seen: int
    """The position of the history when the file was checked."""

    @property
    def is_at_once(self) -> bool:
        """Whether all rows are written in one transaction."""
        return self.is_whole and self.number <= self.importer.at_once


def apply(run: Run, importer: Importer) -> str:
    """Import the file of a job, or go on with it. Raises Refusal, and Cancelled, with what was undone."""
    params = run.params
    table, choices = Table(params["check"], params), choices_of(params)
    plan = Plan(
        importer, table, choices, params["whole"], params["rows"], params["name"], importer.fields, _seen(run)
    )
    noun = importer.record.singular

    def write() -> str:
        choices.check(importer, table.header, has_files=bool(table.archive))
        return _write_rows(run, plan).words(noun)

    return all_or_undone(run, noun, write, nothing=NOTHING, why=_why) if plan.is_whole else write()


def _seen(run: Run) -> int:
    """The position of the check; of this moment where the job undid what it wrote, and begins again."""
    begins_again = run.checkpoint.get("phase") == ENDED
    return position(db.session) if begins_again else int(run.checkpoint.get("seen", run.params["seen"]))


def _why(error: Exception) -> str | None:
    return f"Row {number_words(error.number)} was refused: {error}" if isinstance(error, RowRefused) else None


def _write_rows(run: Run, plan: Plan) -> Result:
    note = begun(
        run,
        plan.number,
        lambda: forget_refused(db.session, run.job_id),
        row=0,
        seen=plan.seen,
        result=Result().as_json(),
    )
    purpose = FilePurpose(plan.importer.record.kind, run.taken.owner_id, only_checks=False)
    files = plan.table.files(purpose, Telling(run))
    with Seen() as seen:
        filled = Filled(plan.importer, plan.choices, seen, files)
        found = _after(iter(plan.table.rows()), filled, note["row"])
        if plan.is_at_once:
            return _write_at_once(run, plan, filled, found, note)
        return _write_in_steps(run, plan, filled, found, note)


def _after(found: Iterator[SheetRow], filled: Filled, last: int) -> Iterator[SheetRow]:
    """The rows after number `last`; the keys of those before it are noted as seen."""
    passed = list[SheetRow]()
    for row in found:
        if row.number > last:
            filled.read(passed)
            yield row
            break
        passed.append(row)
        if len(passed) == MOST:
            filled.read(passed)
            passed.clear()
    yield from found


def _read(plan: Plan, filled: Filled, batch: Sequence[SheetRow]) -> Sequence[Read]:
    """Read rows, and store the files that they give to records: those of no record are deleted in time."""
    reads = filled.read(batch)
    if filled.files is not None and filled.file_columns:
        for outcome in outcomes_of(plan.importer, reads, plan.choices, lock=False):
            for file in outcome.needs:
                filled.files.store(file)
        db.session.rollback()
    return reads


def _write_at_once(
    run: Run, plan: Plan, filled: Filled, found: Iterator[SheetRow], note: Mapping[str, Any]
) -> Result:
    """Write all rows in one transaction: others see none of them or all."""
    reads = [_read(plan, filled, batch) for batch in batches(found, MOST)]  # before anything is locked
    tally = Tally(plan.fields)
    with run.step(done=plan.number, total=plan.number, **note) as further:
        _describe(plan)
        for batch in reads:
            outcomes = _outcomes(plan, batch)
            _write(plan, outcomes)
            tally.add(outcomes)
        further |= {"result": tally.result.as_json()}
    plan.importer.after()
    return tally.result


def _write_in_steps(
    run: Run, plan: Plan, filled: Filled, found: Iterator[SheetRow], note: Mapping[str, Any]
) -> Result:
    size, done = FIRST, run.done
    tally = Tally(plan.fields, read_result(note["result"]))
    while batch := next(batches(found, size), None):
        reads = _read(plan, filled, batch)
        done += len(batch)
        try:
            tally, seconds = _step(run, plan, reads, done, note, tally.result)
        except RowRefused:
            if plan.is_whole:
                raise
            tally, seconds = _step(run, plan, reads, done, note, tally.result, each_alone=True)
        size = _next_size(size, len(batch), seconds)
    return tally.result


def _next_size(size: int, number: int, seconds: float) -> int:
    """How many rows the next step has, so that it takes as long as it should."""
    wanted = round(number * STEP_SECONDS / max(seconds, 0.001))
    return max(FEWEST, min(MOST, size * 2, wanted))


def _step(
    run: Run,
    plan: Plan,
    reads: Sequence[Read],
    done: int,
    note: Mapping[str, Any],
    result: Result,
    *,
    each_alone: bool = False,
) -> tuple[Tally, float]:
    """Write some rows, with the note of the counts after them; returns how long others waited for it too."""
    tally = Tally(plan.fields, read_result(result.as_json()))
    with run.step(done=done, total=plan.number, **note) as further:
        begun_at = monotonic()  # waiting for the lock does not count
        _describe(plan)
        outcomes = _outcomes(plan, reads)
        if each_alone:
            _write_each(plan, outcomes)
        else:
            _write(plan, outcomes)
        tally.add(outcomes)
        keep_refused(db.session, run.job_id, refused_rows(plan.importer, reads, outcomes))
        further |= {"row": reads[-1].row.number, "result": tally.result.as_json()}
        seconds = monotonic() - begun_at
    plan.importer.after()
    return tally, seconds


def _outcomes(plan: Plan, reads: Sequence[Read]) -> Sequence[Outcome]:
    """The outcomes of rows now, with their records locked; a change since the check refuses a row."""
    outcomes = outcomes_of(plan.importer, reads, plan.choices, lock=True)
    changing = [each for each in outcomes if each.does is Does.CHANGE]
    kind = plan.importer.record.kind
    later = changed_since(db.session, kind, [each.key for each in changing], plan.seen) if changing else set()
    for each in changing:
        if each.key in later:
            each.does, each.errors = Does.REFUSE, {"": CHANGED_SINCE}
    return outcomes


def _describe(plan: Plan) -> None:
    describe(db.session, kind=ChangeKind.IMPORT, note=NOTE.format(plan.name))


def _write(plan: Plan, outcomes: Sequence[Outcome]) -> None:
    """Write rows; where all or nothing was chosen, a row that is refused raises RowRefused."""
    if plan.is_whole:
        for outcome in outcomes:
            if outcome.does is Does.REFUSE:
                raise RowRefused(outcome.number, reason_of(plan.importer, outcome))
    writing = [each for each in outcomes if each.does in (Does.CREATE, Does.CHANGE)]
    if writing:
        plan.importer.write(writing)


def _write_each(plan: Plan, outcomes: Sequence[Outcome]) -> None:
    """Write rows one by one: those that are refused after all become refused ones."""
    for outcome in outcomes:
        if outcome.does not in (Does.CREATE, Does.CHANGE):
            continue
        try:
            with db.session.begin_nested():
                plan.importer.write([outcome])
        except RowRefused as refused:
            outcome.does, outcome.errors = Does.REFUSE, {"": str(refused)}
