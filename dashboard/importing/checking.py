"""Checking an import: what each row would do, by a job that changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any

from dashboard.extensions import db
from dashboard.history.since import position
from dashboard.importing.choices import Choices
from dashboard.importing.fields import Does, Importer, Outcome
from dashboard.importing.models import forget_refused, keep_refused
from dashboard.importing.named_files import FilePurpose
from dashboard.importing.result import Tally
from dashboard.importing.seen import Seen
from dashboard.importing.table import Filled, Read, Table, batches, choices_of
from dashboard.jobs.run import Run

WORK = "import-check"
AT_ONCE, WITH_FILES = 500, 20
"""Rows that are checked together: fewer where each may name pictures, which take a while."""
TOLD_EVERY = 0.5
"""Seconds between two notes of how far a check is; each is a write, which others wait for."""


def check(run: Run, importer: Importer) -> str:
    """Find out what the file of a job would do; the job's checkpoint is the result.

    Raises Refusal where the file or the choices make no import.
    """
    table, choices = Table(run.job_id, run.params), choices_of(run.params)
    choices.check(importer, table.header, has_files=bool(table.archive))
    files = table.files(FilePurpose(importer.record.kind, run.taken.owner_id, only_checks=True), Telling(run))
    at_once = AT_ONCE if files is None else WITH_FILES
    with run.step_beside(done=0) as connection:
        forget_refused(connection, run.job_id)
    total, seen_at = table.number, position(db.session)
    tally, done, told_at = Tally(importer.fields), 0, 0.0
    refused = list[dict[str, Any]]()
    with Seen() as seen:
        filled = Filled(importer, choices, seen, files)
        for batch in batches(iter(table.rows()), at_once):
            reads = filled.read(batch)
            outcomes = outcomes_of(importer, reads, choices, lock=False)
            db.session.rollback()  # no snapshot is held for long
            tally.add(outcomes)
            refused += refused_rows(importer, reads, outcomes)
            done += len(batch)
            if refused or monotonic() - told_at > TOLD_EVERY:
                with run.step_beside(done=done, total=total) as connection:
                    keep_refused(connection, run.job_id, refused)
                refused, told_at = [], monotonic()
    result = tally.ended()
    with run.step(done=done, total=done, result=result.as_json(), seen=seen_at):
        pass
    return f"Checked: {would(result.words(importer.record.singular))}"


class Telling:
    """Lets the worker keep a job that looks at many files within one batch, and notices its cancelling."""

    def __init__(self, run: Run) -> None:
        self.run, self.told_at = run, monotonic()

    def __call__(self) -> None:
        """Note that the job goes on, unless that was noted just before."""
        if monotonic() - self.told_at > TOLD_EVERY:
            with self.run.step_beside(done=self.run.done):
                self.told_at = monotonic()


def would(words: str) -> str:
    """The words about what was done, for what would be."""
    return words.replace(" created", " to create").replace(" changed", " to change")


def outcomes_of(
    importer: Importer, reads: Sequence[Read], choices: Choices, *, lock: bool
) -> Sequence[Outcome]:
    """The outcomes of rows, in their order; `lock` as `Importer.outcomes` has it."""
    asked = [read.given for read in reads if read.refused is None]
    found = iter(importer.outcomes(asked, choices, lock=lock) if asked else ())
    return [read.refused or next(found) for read in reads]


def refused_rows(
    importer: Importer, reads: Sequence[Read], outcomes: Sequence[Outcome]
) -> list[dict[str, Any]]:
    """The refused ones of these rows, as `keep_refused` takes them."""
    return [
        {"number": read.row.number, "cells": read.row.cells, "reason": reason_of(importer, outcome)}
        for read, outcome in zip(reads, outcomes, strict=True)
        if outcome.does is Does.REFUSE
    ]


def reason_of(importer: Importer, outcome: Outcome) -> str:
    """Why a row is refused, with the labels of the fields at fault."""
    labels = {each.name: each.label for each in importer.fields}
    return " ".join(
        f"{labels[name]}: {sentence}" if name in labels else sentence
        for name, sentence in outcome.errors.items()
    )
