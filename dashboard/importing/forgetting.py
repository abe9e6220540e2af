"""Forgetting the rows and samples of imports, once the data of a record of their kind was erased."""

from __future__ import annotations

import json

from sqlalchemy import delete, select, update

from dashboard.extensions import db
from dashboard.importing import applying, checking
from dashboard.importing.models import RefusedRow
from dashboard.jobs.files import PAST_MEMORY
from dashboard.jobs.models import Job

WORKS = (checking.WORK, applying.WORK)
NAMING = ("created", "changed", "related", "warnings")
"""The parts of a result that hold texts of records."""


def forget_rows(record_kind: str) -> None:
    """Forget the refused rows and samples that imports into a kind of record hold; their numbers stay."""
    its = (Job.record_kind == record_kind, Job.work.in_(WORKS))
    rows = RefusedRow.job_id.in_(select(Job.id).where(*its))
    db.session.execute(delete(RefusedRow).where(rows), execution_options=PAST_MEMORY)
    for job_id, checkpoint in db.session.execute(select(Job.id, Job.checkpoint).where(*its)).all():
        note = json.loads(checkpoint)
        if result := note.get("result"):
            note["result"] = {name: part for name, part in result.items() if name not in NAMING}
            changed = update(Job).where(Job.id == job_id).values(checkpoint=json.dumps(note))
            db.session.execute(changed, execution_options=PAST_MEMORY)
