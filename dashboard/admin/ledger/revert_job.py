"""Reverting very many changes as a job, in one transaction: the page can be closed."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from dashboard.extensions import db
from dashboard.history.models import ChangeKind
from dashboard.history.reasons import require_reason
from dashboard.history.revert import Part
from dashboard.jobs.flows import ask_for
from dashboard.jobs.following import follow
from dashboard.jobs.run import Run
from dashboard.jobs.works import Work
from dashboard.number_form import DEFAULT, numbers_in
from dashboard.refusal import Refusal
from dashboard.web.returning import redirect_to
from dashboard.words import counted

WORK = "revert"
NOT_ALLOWED = "You may no longer revert these changes."

Revert = Callable[[Part, ChangeKind], str]
"""Reverts or undoes a part of the history in the present transaction, and returns the message about it."""


def ask(part: Part, kind: ChangeKind, changes: int, record_kind: str) -> ResponseReturnValue:
    """Ask for the job that reverts so many changes, and lead to its page; raises Refusal."""
    require_reason([record_kind], {"kind": kind})
    params = {"set": part.change_set_id, "change": part.change_id, "field": part.field, "kind": kind}
    with numbers_in(DEFAULT):  # it is stored
        title = f"{'Undo' if kind is ChangeKind.UNDO else 'Revert'} {counted(changes, 'change')}"
    job = ask_for(WORK, title, owner_id=current_user.id, params=params, record_kind=record_kind)
    job.total = changes
    db.session.commit()
    follow(job.id)
    return redirect_to(url_for("jobs.details_view", id=job.id))


def revert_work(revert: Revert) -> Work:
    """The work of reverting; `revert` aborts where the current user may not."""

    def do(run: Run) -> str:
        params = run.params
        part = Part(params["set"], params["change"], params["field"])
        with run.step(done=run.taken.total or 0):
            try:
                return revert(part, ChangeKind(params["kind"]))
            except HTTPException as error:
                raise Refusal(NOT_ALLOWED) from error

    return Work(WORK, do)
