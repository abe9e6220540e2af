"""The results of checks and imports, for their pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from dashboard.admin.features.import_jobs import is_own, params_of
from dashboard.admin.kit.job_progress import Follow
from dashboard.extensions import db
from dashboard.history.models import ChangeKind
from dashboard.importing.fields import Does, Importer, Kind
from dashboard.importing.flows import can_undo, import_of, is_imported, result_of
from dashboard.importing.models import first_refused
from dashboard.importing.result import Result
from dashboard.jobs.models import OPEN, Job, State
from dashboard.jobs.undoing import first_sets
from dashboard.web.addresses import asked_address

REFUSED_SHOWN = 10
COUNTS = {
    Does.CREATE: "New",
    Does.CHANGE: "Changed",
    Does.NOTHING: "Unchanged",
    Does.REFUSE: "Refused",
}
AT_ONCE = "All rows are saved at once, or no row: one that can't be saved stops the whole import."
IN_STEPS = (
    "This file is too large to be saved at once: other users see its first rows before the last ones. If one "
    "can't be saved, or the import fails or is cancelled, all that it saved is undone. Only records that "
    "other users have changed by then stay as they are."
)
GOOD_ROWS = (
    "All or nothing is not possible with refused rows. Download them, correct the file and upload it again, "
    "or import the other rows now."
)


def check_context(importer: Importer, job: Job) -> dict[str, Any]:
    """The variables of the page about a check."""
    fields = importer.fields
    labels = {each.name: each.label for each in fields}
    numbers = {each.name for each in fields if each.kind is Kind.NUMBER}
    found = result_of(job) if job.state is State.DONE else None
    result = found and found.samples_in_words(numbers)
    shown = {} if result is None else _outcome(job, result)
    return {
        **shown,
        "follow": Follow(job, asked_address()),
        "labels": labels,
        "sample_fields": [name for name in labels if result and _is_in(result, name)],
        "related": [] if result is None else _related(result, labels),
        "imported": import_of(job) if is_imported(job) else None,
        "promise": "" if result is None else _promise(importer, result),
    }


def _outcome(job: Job, result: Result) -> dict[str, Any]:
    refused = first_refused(job.id, REFUSED_SHOWN) if is_own(job) else ()
    return {
        "result": result,
        "counts": _counts(result),
        "refused": refused,
        "refused_number": result.counts[Does.REFUSE],
        "refused_url": url_for(".import_refused_view", id=job.id) if refused else "",
    }


def _counts(result: Result) -> Sequence[tuple[str, int, bool]]:
    """How many rows did what: the label, the number, and whether it is bad."""
    return [
        (label, result.counts[does], does is Does.REFUSE and bool(result.counts[does]))
        for does, label in COUNTS.items()
    ]


def _is_in(result: Result, name: str) -> bool:
    return any(name in sample.after for sample in result.created)


def _related(result: Result, labels: Mapping[str, str]) -> Sequence[tuple[str, Sequence[str]]]:
    return [(labels.get(name, name), names) for name, names in result.related.items()]


def _promise(importer: Importer, result: Result) -> str:
    """The meaning of all or nothing for this file, or why it is not offered; blank where it does nothing."""
    if not result.writes:
        return ""
    if result.counts[Does.REFUSE]:
        return GOOD_ROWS
    return AT_ONCE if result.number <= importer.at_once else IN_STEPS


def result_context(job: Job) -> dict[str, Any]:
    """The variables of the page about an import."""
    undo = _undo_of(job)
    result = result_of(job) if job.state.is_over else None
    return {
        **({} if result is None else _outcome(job, result)),
        "follow": Follow(job, asked_address()),
        "undo": undo,
        "undo_follow": Follow(undo, asked_address()) if undo else None,
        "can_undo": can_undo(job) and not (undo and undo.state in OPEN),
        "history": _history(job),
    }


def _undo_of(job: Job) -> Job | None:
    number = params_of(job).get("undo")
    return None if number is None else db.session.get(Job, number)


def _history(job: Job) -> str:
    """The address of what the history holds of an import: its change set, or a list of those like it."""
    since = json.loads(job.checkpoint).get("since")
    found = [] if since is None else first_sets(job.id, since, 2)
    if not found:
        return ""
    if len(found) == 1:
        return url_for("history.details_view", id=found[0])
    return url_for(
        "history.index_view", kind=ChangeKind.IMPORT.value, of=job.record_kind, person=job.owner_id
    )
