"""Asking for an import: upload, what the columns mean, the check, the import and undoing it.

Each is a job that is asked for by the one before. Flows change and flush, and the caller commits; but for
`upload`, which stores a file in several transactions.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select

from dashboard import clock
from dashboard.database.locks import for_writing
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.reasons import require_reason
from dashboard.history.since import position
from dashboard.importing import applying, checking
from dashboard.importing.choices import Choices, read_choices
from dashboard.importing.fields import Does, Importer
from dashboard.importing.files import TABLE, begin_draft, on_disk, opened, store, stored_file
from dashboard.importing.matching import matched
from dashboard.importing.notation import guessed_dates, guessed_numbers
from dashboard.importing.result import Result, read_result
from dashboard.importing.table import Table, import_limits, stored_format
from dashboard.importing.unpacking import ARCHIVE, table_file, unpack
from dashboard.jobs import undoing
from dashboard.jobs.flows import ask_for
from dashboard.jobs.models import OPEN, Job, State
from dashboard.refusal import Refusal
from dashboard.sheets.encodings import EncodingQuestion
from dashboard.sheets.file_format import FileFormat
from dashboard.sheets.reading import header
from dashboard.sheets.recognising import recognise
from dashboard.sheets.spreadsheet import Converted, convert, sheets

SAMPLE = 50
"""Rows that the fields of columns are guessed by."""
SHEETS_TRIED = 5
"""Sheets of a workbook that are looked at for a table; its user may choose any."""
REMEMBERED = 50
"""Earlier imports that are looked through for one with the same header."""
UNDO = "import-undo"
"""The work of the job that undoes an import."""
LONGEST_NAME = 120
IMPORTED = "This file was imported already. Undo that import, or upload the file again."
CHECKING = "The file is being checked. Wait until that has ended, or cancel it."
UNCHECKED = "The check of this file has not ended well. Check it again."
NOTHING_TO_DO = "No row of this file creates or changes anything."
NOT_WHOLE = "Some rows were refused, so not all can be imported. Mend them, or import the others."
PAST_DRAFT = "This import has begun already."


def upload(screen: str, importer: Importer, owner_id: int, name: str, source: BinaryIO) -> Job:
    """Store a file, and the draft of its import; raises Refusal for one that is too large or no table."""
    name = Path(name).name[:LONGEST_NAME] or "Pasted rows"
    job = begin_draft(
        checking.WORK,
        f"Check of {name}",
        owner_id=owner_id,
        record_kind=importer.record.kind,
        name=name,
        source=source,
        limits=import_limits(),
    )
    begin_write(db.session)  # it has read the job, and SQLite refuses to write after another user wrote
    job.params = json.dumps({"screen": screen, "name": name})
    db.session.flush()
    return job


def recognised(
    job: Job, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None
) -> EncodingQuestion | None:
    """Find out how the table in a file is written, and note it; returns the question where nobody can tell.

    Raises Refusal where it is no table, or what the user says of it is not so. Commits where it stores the
    text of a workbook.
    """
    unpack(job)
    given = table_file(job)
    form = recognise(opened(given), import_limits(), encoding=encoding, delimiter=delimiter)
    if isinstance(form, EncodingQuestion):
        return form
    if form.kind == "workbook":
        found = _converted(job, sheet)
    else:
        its = {"sheet": "", "sheets": [], "notes": []}
        found = {"form": stored_format(form), "media_type": given.media_type, **its}
    file = stored_file(job.id, found["media_type"])
    names = header(opened(file), FileFormat(**found["form"]), import_limits())
    begin_write(db.session)
    job = draft_of(job.id)
    job.params = json.dumps({**json.loads(job.params), **found, "header": names, "choices": None})
    db.session.flush()
    return None


def _converted(job: Job, sheet: str | None) -> dict[str, Any]:
    """Make text of a sheet of a workbook, and store it beside the file."""
    job_id, name, limits = job.id, json.loads(job.params)["name"], import_limits()
    with on_disk(table_file(job)) as path, tempfile.TemporaryDirectory() as folder:
        db.session.rollback()  # reading a workbook takes long
        names = sheets(path, limits)
        if sheet is not None and sheet not in names:
            raise Refusal("Choose one of the sheets.", "sheet")
        target = Path(folder, "table.csv")
        made = _first_table(path, target, names) if sheet is None else convert(path, target, limits, sheet)
        with target.open("rb") as text:
            store(job_id, f"{name}.csv", text, limits, TABLE)
    return {
        "form": stored_format(made.form),
        "media_type": TABLE,
        "sheet": made.sheet,
        "sheets": names,
        "notes": made.notes,
    }


def _first_table(path: Path, target: Path, names: Sequence[str]) -> Converted:
    """Make text of the first sheet that has a table, for many workbooks begin with a page of notes.

    Raises the Refusal of the first sheet where none of the first has a table.
    """
    refusals, limits = list[Refusal](), import_limits()
    for name in names[:SHEETS_TRIED]:
        try:
            made = convert(path, target, limits, name)
            with target.open("rb") as text:
                header(text, made.form, limits)
        except Refusal as refusal:
            refusals.append(refusal)
        else:
            return made
    raise refusals[0]


def question_of(job: Job) -> EncodingQuestion | None:
    """The question that `recognised` had about a file; None where it has no question. Changes nothing."""
    form = recognise(opened(table_file(job)), import_limits())
    return form if isinstance(form, EncodingQuestion) else None


def draft_of(job_id: int) -> Job:
    """The draft of an import, locked; raises Refusal where its check has begun, or its import."""
    job = _locked(job_id)
    if job.state in OPEN:
        raise Refusal(CHECKING)
    if is_imported(job):
        raise Refusal(IMPORTED)
    return job


def _locked(job_id: int) -> Job:
    job: Job = db.session.scalars(for_writing(select(Job).where(Job.id == job_id), Job.id)).one()
    return job


def usual_choices(job: Job, importer: Importer) -> Choices:
    """The choices that a page offers first: those of the last import with this header, else guessed ones."""
    params = json.loads(job.params)
    if params.get("choices"):
        return read_choices(params["choices"])
    if remembered := _remembered(job, importer, params):
        return remembered
    sample = Table(job.id, params).sample(SAMPLE)
    columns = matched(importer, params["header"], sample, has_files=ARCHIVE in params)
    keys = [each.name for each in importer.fields if each.is_key and each.name in columns]
    cells = [cell for row in sample for cell in row]
    return Choices(
        columns=columns, key=next(iter(keys), ""), numbers=guessed_numbers(cells), dates=guessed_dates(cells)
    )


def _remembered(job: Job, importer: Importer, params: Mapping[str, Any]) -> Choices | None:
    its = (Job.work == checking.WORK, Job.record_kind == job.record_kind, Job.owner_id == job.owner_id)
    older = select(Job.params).where(*its, Job.id < job.id).order_by(Job.id.desc()).limit(REMEMBERED)
    for text in db.session.scalars(older):
        stored = json.loads(text)
        is_alike = stored.get("header") == params["header"] and (ARCHIVE in stored) == (ARCHIVE in params)
        if stored.get("choices") and is_alike:
            choices = read_choices(stored["choices"])
            try:
                choices.check(importer, params["header"], has_files=ARCHIVE in params)
            except Refusal:
                continue  # the fields are others than then
            return choices
    return None


def ask_for_check(job_id: int, importer: Importer, choices: Choices) -> Job:
    """Let a worker check the file of a draft, or check it again. Raises Refusal, with a field of the form."""
    job = draft_of(job_id)
    params = json.loads(job.params)
    choices.check(importer, params["header"], has_files=ARCHIVE in params)
    stored_file(job_id)  # raises Refusal where it is gone
    job.params = json.dumps({**params, "choices": choices.as_json()})
    job.state, job.message, job.checkpoint, job.done, job.total = State.WAITING, "", "{}", 0, None
    job.asked_at, job.started_at, job.ended_at, job.attempts = clock.now(), None, None, 0
    job.cancel_asked, job.due_at, job.turn = False, None, job.turn + 1
    db.session.flush()
    return job


def result_of(job: Job) -> Result | None:
    """The result of a check, or of an import so far; None before the first."""
    stored = json.loads(job.checkpoint).get("result")
    return None if stored is None else read_result(stored)


def import_of(check: Job) -> Job | None:
    """The import that was asked for after a check; None where there is none."""
    number = json.loads(check.params).get("import")
    return None if number is None else db.session.get(Job, number)


def is_imported(check: Job) -> bool:
    """Whether the import of a file that was checked has begun, and was not undone."""
    job = import_of(check)
    return job is not None and job.state in (*OPEN, State.DONE) and not is_undone(job)


def ask_for_import(check_id: int, importer: Importer, *, whole: bool, owner_id: int) -> tuple[Job, bool]:
    """Let a worker import a file that was checked; returns the job, and whether it is a new one.

    A second click finds the job of the first. Raises Refusal where the check has not ended, refused rows
    though the whole file is wanted, or found nothing to do.
    """
    check = _locked(check_id)
    if (job := import_of(check)) is not None and is_imported(check):
        return job, False
    result = result_of(check)
    if check.state is not State.DONE or result is None:
        raise Refusal(CHECKING if check.state in OPEN else UNCHECKED)
    if not result.writes:
        raise Refusal(NOTHING_TO_DO)
    if whole and result.counts[Does.REFUSE]:
        raise Refusal(NOT_WHOLE)
    require_reason([importer.record.kind], {})
    params = json.loads(check.params)
    # After an import that was undone, its own changes are later than the check.
    seen = json.loads(check.checkpoint)["seen"] if job is None else position(db.session)
    its = {**params, "check": check_id, "whole": whole, "rows": result.number, "seen": seen}
    title = f"Import of {params['name']}"
    job = ask_for(applying.WORK, title, owner_id=owner_id, params=its, record_kind=importer.record.kind)
    check.params = json.dumps({**params, "import": job.id})
    db.session.flush()
    return job, True


def can_undo(job: Job) -> bool:
    """Whether anything that an import wrote can be undone."""
    return job.work == applying.WORK and undoing.can_undo(job)


def is_undone(job: Job) -> bool:
    """Whether an import was undone, as far as that can be."""
    return job.state.is_over and not can_undo(job)


def ask_for_undo(job_id: int, importer: Importer, *, owner_id: int) -> Job:
    """Let a worker undo an import. Raises Refusal where nothing of it is left, or that has begun."""
    job = _locked(job_id)
    params = json.loads(job.params)
    undo = db.session.get(Job, params["undo"]) if "undo" in params else None
    if undo is not None and undo.state in OPEN:
        return undo
    if not can_undo(job):
        raise Refusal(undoing.NOTHING)
    its = {"screen": params["screen"], "job": job.id, "since": json.loads(job.checkpoint)["since"]}
    name = f"Undo of the import of {params['name']}"
    undo = ask_for(UNDO, name, owner_id=owner_id, params=its, record_kind=importer.record.kind)
    job.params = json.dumps({**params, "undo": undo.id})
    db.session.flush()
    return undo
