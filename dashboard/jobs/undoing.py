"""Undoing what a job did: its change sets are reverted, the newest first, but for what was changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from dashboard.extensions import db
from dashboard.history.models import Change, ChangeKind, ChangeSet
from dashboard.history.nets import slices
from dashboard.history.recording import describe
from dashboard.history.revert import Part, revert_untouched
from dashboard.jobs.flows import ask_for
from dashboard.jobs.models import OPEN, Job
from dashboard.jobs.run import Run, request_id
from dashboard.jobs.works import Work
from dashboard.number_form import number_words
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.text.shortening import quoted, shortened
from dashboard.words import counted

WORK = "undo"
NOT_ALLOWED = "You may no longer change these records."
NAMED = 5
LAST = 2**63 - 1
NAME_LENGTH = 60
NOTHING = "Nothing of this is left to undo."


@dataclass
class Undone:
    """How many records were undone, and how many stay as they are; ``named`` are the first of these."""

    records: int = 0
    left: int = 0
    named: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The values that a job stores."""
        return asdict(self)

    def leave(self, name: str) -> None:
        """Count a record that stays as it is."""
        self.left += 1
        if len(self.named) < NAMED:
            self.named.append(quoted(shortened(name, NAME_LENGTH)))

    def words(self, noun: str) -> str:
        """The numbers in a sentence."""
        return f"{counted(self.records, noun)} undone.{self._left(noun)}"

    def _left(self, noun: str) -> str:
        if not self.left:
            return ""
        more = f" and {number_words(self.left - len(self.named))} more" if self.left > len(self.named) else ""
        verbs = "was changed since and stays" if self.left == 1 else "were changed since and stay"
        return f" {counted(self.left, noun)} {verbs}: {', '.join(self.named)}{more}."


def undo_work() -> Work:
    """The work of undoing what a job did, with the permission to change such records.

    A job of the trash is about no kind of record: each of its change sets says which it changed.
    """

    def do(run: Run) -> str:
        record = registry().get(run.params["record_kind"])
        if record is not None and not record.allows(Access.WRITE):
            raise Refusal(NOT_ALLOWED)
        return undo(run, record.singular if record else "record")

    return Work(WORK, do)


def can_undo(job: Job) -> bool:
    """Whether anything that a job wrote in steps, and that is over, can be undone."""
    since = json.loads(job.checkpoint).get("since")
    return job.state.is_over and since is not None and is_left(job.id, since)


def ask_for_undo(job: Job, owner_id: int) -> Job:
    """Let a worker undo what a job did; the caller has locked that. Raises Refusal where nothing is left."""
    params = json.loads(job.params)
    begun = db.session.get(Job, params["undo"]) if "undo" in params else None
    if begun is not None and begun.state in OPEN:
        return begun
    if not can_undo(job):
        raise Refusal(NOTHING)
    since = json.loads(job.checkpoint)["since"]
    its = {"job": job.id, "since": since, "record_kind": job.record_kind}
    title = f"Undo of: {job.title}"
    made = ask_for(WORK, title, owner_id=owner_id, params=its, record_kind=job.record_kind)
    job.params = json.dumps({**params, "undo": made.id})
    db.session.flush()
    return made


def undo(run: Run, noun: str) -> str:
    """Undo what another job did, or go on with that. Raises Refusal where nothing of it is left."""
    note = dict(run.checkpoint) or {"since": run.params["since"], "back": Undone().as_json()}
    taken = undo_sets(run, run.params["job"], note)
    if not taken.records and not taken.left:
        raise Refusal(NOTHING)
    return taken.words(noun)


def undo_sets(run: Run, job_id: int, note: Mapping[str, Any], *, despite_cancel: bool = False) -> Undone:
    """Revert the change sets of a job, one a step; `note` is the checkpoint that the steps go on from."""
    taken, found = Undone(**note["back"]), _sets(job_id, note["since"])
    # A set whose records all stay is not reverted by another set: it is passed by its number.
    while key := db.session.scalar(found.where(ChangeSet.id < note.get("before", LAST)).limit(1)):
        done = taken.records + taken.left
        with run.step(done=done, despite_cancel=despite_cancel, **note) as further:
            describe(db.session, kind=ChangeKind.UNDO, reverts_id=key)
            after = _revert(key, Undone(**taken.as_json()))
            further |= {"back": after.as_json(), "before": key}
        taken, note = after, {**note, **further}
    return taken


def is_left(job_id: int, since: int) -> bool:
    """Whether anything that a job did can still be undone."""
    return db.session.scalar(_sets(job_id, since).limit(1)) is not None


def _sets(job_id: int, since: int) -> Any:
    """The change sets of a job that were not reverted, the newest first."""
    undone = aliased(ChangeSet)
    is_undone = select(undone.id).where(undone.reverts_id == ChangeSet.id).exists()
    return select(ChangeSet.id).where(*_of_job(job_id, since), ~is_undone).order_by(ChangeSet.id.desc())


def first_sets(job_id: int, since: int, number: int) -> list[int]:
    """The numbers of the first change sets of a job, whether they were reverted or not."""
    found = select(ChangeSet.id).where(*_of_job(job_id, since)).order_by(ChangeSet.id)
    return [*db.session.scalars(found.limit(number))]


def _of_job(job_id: int, since: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions for the change sets of a job, none of which is older than number `since`."""
    # The sets by which a job undid its own steps have its number as well.
    its = (ChangeSet.request_id == request_id(job_id), ChangeSet.kind != ChangeKind.UNDO)
    return (ChangeSet.id > since, *its)


def _revert(key: int, taken: Undone) -> Undone:
    """Revert a change set; where that is refused as a whole, each of its changes by itself."""
    before = taken.as_json()
    _refuse_forbidden(key)
    try:
        with db.session.begin_nested():
            _revert_part(Part(key), taken)
    except Refusal:
        taken = Undone(**before)
        changes = select(Change.id).where(Change.change_set_id == key).order_by(Change.id.desc())
        for change in db.session.scalars(changes).all():
            _revert_alone(Part(key, change), taken)
    return taken


def _refuse_forbidden(key: int) -> None:
    """Raise Refusal where the user may not change all kinds of records of a set, such as related ones."""
    kinds = db.session.scalars(select(Change.record_kind).where(Change.change_set_id == key).distinct())
    for kind in kinds:
        record = registry().get(kind)
        if record is None or not record.allows(Access.WRITE):
            raise Refusal(NOT_ALLOWED)


def _revert_alone(part: Part, taken: Undone) -> None:
    try:
        with db.session.begin_nested():
            _revert_part(part, taken)
    except Refusal:
        [net] = next(slices(db.session, part))
        taken.leave(net.name)


def _revert_part(part: Part, taken: Undone) -> None:
    done, left = revert_untouched(db.session, part)
    taken.records += done
    for step in left:
        taken.leave(step.name)
