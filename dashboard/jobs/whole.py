"""Jobs of which all is wanted or nothing, though they write in steps: one that cannot end undoes them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.history.models import ChangeSet
from dashboard.jobs.outages import reason_to_wait
from dashboard.jobs.run import Run, Stopping
from dashboard.jobs.taking import Cancelled, Lost
from dashboard.jobs.undoing import Undone, undo_sets
from dashboard.refusal import Refusal

WRITES, UNDOES, ENDED = "rows", "back", "ended"
"""The phases of a job: it writes, undoes what it wrote, or has undone it."""
FAILED = "Something went wrong on our side."
CANCELLED = "Cancelled."

log = logging.getLogger(__name__)


def begun(run: Run, total: int, start: Callable[[], None] = lambda: None, **note: Any) -> dict[str, Any]:
    """The note that a job goes on from; at its first beginning `note`, and `start` is called in its step."""
    if run.checkpoint.get("phase") == WRITES:
        return dict(run.checkpoint)
    since = db.session.scalar(select(func.max(ChangeSet.id))) or 0
    first: dict[str, Any] = {"phase": WRITES, "since": since, **note}
    with run.step(done=0, total=total, **first):
        start()
    return first


def all_or_undone(
    run: Run,
    noun: str,
    write: Callable[[], str],
    *,
    nothing: str,
    why: Callable[[Exception], str | None] = lambda _: None,
) -> str:
    """Call `write`, whose steps have the notes of `begun`; where it fails, undo them and raise the reason.

    Raises Refusal, or Cancelled, with the numbers of what was undone, or the sentence `nothing` where nothing
    is left; `why` gives the sentence about errors of its own. Raises what the worker waits for as it is.
    """
    if run.checkpoint.get("phase") == UNDOES:
        _undo(run, noun, nothing)
    try:
        return write()
    except (Lost, Stopping):
        raise
    except Exception as error:
        if reason_to_wait(error):
            raise
        if (told := why(error)) is None:
            told = _why(run, error)
        _begin_undoing(run, told, was_cancelled=isinstance(error, Cancelled))
        _undo(run, noun, nothing)
        raise  # never reached: undoing ends with an exception of its own


def _why(run: Run, error: Exception) -> str:
    if isinstance(error, Cancelled):
        return CANCELLED
    if isinstance(error, Refusal):
        return str(error)
    log.exception("Job %s failed and undoes what it did.", run.job_id, exc_info=error)
    return FAILED


def _begin_undoing(run: Run, why: str, *, was_cancelled: bool) -> None:
    note = {"since": _newest(), **run.checkpoint}
    note |= {"phase": UNDOES, "why": why, "cancelled": was_cancelled, "back": Undone().as_json()}
    with run.step(done=run.done, despite_cancel=True, **note):
        pass


def _newest() -> int:
    """The newest change set, where a job failed before it noted one: it has written nothing."""
    db.session.rollback()
    return db.session.scalar(select(func.max(ChangeSet.id))) or 0


def _undo(run: Run, noun: str, nothing: str) -> None:
    """Undo what a job did, and raise what it ended with."""
    note = dict(run.checkpoint)
    undone = undo_sets(run, run.job_id, note, despite_cancel=True)
    after = {name: value for name, value in note.items() if name in ("since", "result")}
    with run.step(done=0, despite_cancel=True, **{**after, "phase": ENDED}):
        pass
    after_all = undone.words(noun) if undone.left else nothing
    words = note["why"] if after_all in note["why"] else f"{note['why']} {after_all}"
    raise Cancelled(words) if note["cancelled"] else Refusal(words)
