"""The jobs of imports as the pages of a screen find them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import abort, request
from flask_login import current_user
from sqlalchemy import select

from dashboard.admin.kit.gate import WRITES
from dashboard.admin.kit.parsing import read_id
from dashboard.admin.kit.screen import Screen
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.importing import applying, checking
from dashboard.importing.flows import UNDO as UNDO
from dashboard.jobs.models import Job
from dashboard.jobs.visible import visible_jobs

CHECK, IMPORT = checking.WORK, applying.WORK


def params_of(job: Job) -> Mapping[str, Any]:
    """The details of what was asked for."""
    found: Mapping[str, Any] = json.loads(job.params)
    return found


def file_name(job: Job) -> str:
    """The name of the file of an import."""
    return str(params_of(job).get("name", ""))


def is_own(job: Job) -> bool:
    """Whether the current user asked for a job."""
    return bool(job.owner_id == current_user.id)


def find_job(screen: Screen, *works: str, others: bool = False) -> Job:
    """The job that the request names, one of the current user into this list; aborts with 404.

    With `others` one of another user that the current one may see. A request that writes locks it.
    """
    key = read_id(request.values.get("id", ""))
    whose = visible_jobs() if others else [Job.owner_id == current_user.id]
    its = (Job.id == key, Job.work.in_(works), Job.record_kind == screen.kind, *whose)
    statement = select(Job).where(*its)
    locked = for_writing(statement, Job.id) if request.method == WRITES else statement
    job: Job | None = None if key is None else db.session.scalar(locked)
    if job is None or params_of(job).get("screen") != screen.endpoint:
        abort(404)
    return job
