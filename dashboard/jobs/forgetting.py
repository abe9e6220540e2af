"""Forgetting the names of records that jobs about a kind hold, once the data of one of them was erased."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.jobs.models import Job

ERASED = "Names of records were erased from this message."
NAMING_SIGNS = ("“", "refused:")
"""Parts of messages that name records, or may repeat what one holds."""


def forget_names(record_kind: str) -> None:
    """Forget the names in the messages and notes of jobs about a kind of record; their numbers stay."""
    found = select(Job.id, Job.message, Job.checkpoint).where(Job.record_kind == record_kind)
    for job_id, message, checkpoint in db.session.execute(found).all():
        values = {"checkpoint": json.dumps(_without_names(json.loads(checkpoint)))}
        if any(sign in message for sign in NAMING_SIGNS):
            values["message"] = ERASED
        changed = update(Job).where(Job.id == job_id).values(values)
        db.session.execute(changed, execution_options={"synchronize_session": False})


def _without_names(note: dict[str, Any]) -> dict[str, Any]:
    if note.get("back"):
        note["back"] = {**note["back"], "named": []}
    if note.get("why"):
        note["why"] = ERASED
    return note
