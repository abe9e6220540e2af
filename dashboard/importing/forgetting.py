"""Forgetting what imports hold of records of a kind, once the personal data of one of them was erased."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import delete, select, update

from dashboard.extensions import db
from dashboard.importing import applying, checking
from dashboard.importing.flows import UNDO
from dashboard.importing.models import RefusedRow
from dashboard.jobs.files import PAST_MEMORY
from dashboard.jobs.models import Job

WORKS = (checking.WORK, applying.WORK, UNDO)
NAMING = ("created", "changed", "related", "warnings")
"""The parts of a result that hold texts of records."""
ERASED = "Names of records were erased from this message."


def forget_rows(record_kind: str) -> None:
    """Forget the refused rows, samples and names that the imports of a kind of record hold.

    Their numbers stay, so that the page about one still says how many records it changed.
    """
    its = (Job.record_kind == record_kind, Job.work.in_(WORKS))
    rows = RefusedRow.job_id.in_(select(Job.id).where(*its))
    db.session.execute(delete(RefusedRow).where(rows), execution_options=PAST_MEMORY)
    for job_id, message, checkpoint in db.session.execute(
        select(Job.id, Job.message, Job.checkpoint).where(*its)
    ).all():
        values = {"checkpoint": json.dumps(_without_names(json.loads(checkpoint)))}
        if "“" in message or "refused:" in message:
            values["message"] = ERASED
        changed = update(Job).where(Job.id == job_id).values(values)
        db.session.execute(changed, execution_options=PAST_MEMORY)


def _without_names(note: dict[str, Any]) -> dict[str, Any]:
    if note.get("result"):
        note["result"] = {name: part for name, part in note["result"].items() if name not in NAMING}
    if note.get("back"):
        note["back"] = {**note["back"], "named": []}
    if note.get("why"):
        note["why"] = ERASED
    return note
