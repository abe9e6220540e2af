"""The newest change sets, those together that a person made one after the other as if they were one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from dashboard.admin.ledger.visibility import sees_all_of, visible_changes, visible_sets
from dashboard.database.keys import Key
from dashboard.extensions import db
from dashboard.history.about import NAMING, named_by
from dashboard.history.models import Change, ChangeKind, ChangeSet, Origin, Seal
from dashboard.registry import registry

LOOKED_AT = 300
"""The change sets that are looked at: an index has the newest."""
PAUSE = timedelta(minutes=30)
"""The longest time between two changes that are told as one."""
CHANGES_NOTHING = (ChangeKind.EXPORT, ChangeKind.LINK)


@dataclass
class Batch:
    """Change sets that are told as one, the newest first.

    ``records`` are those that were changed one by one. ``number`` counts the changes; it is None where the
    user may not see all of them. ``is_whole`` says that no set of it is beyond those that are looked at.
    """

    sets: list[Any] = field(default_factory=list)
    records: set[Key] = field(default_factory=set)
    number: int | None = 0
    is_whole: bool = True

    @property
    def newest(self) -> Any:
        """The newest of the sets."""
        return self.sets[0]

    @property
    def is_of_job(self) -> bool:
        """Whether a job has written the sets, which may be many."""
        return _is_step(self.newest)

    def takes(self, each: Any) -> bool:
        """Whether an older set of the same author, or of the same job, goes on with this batch."""
        mine = self.sets[-1]
        if (mine.kind, mine.record_kind) != (each.kind, each.record_kind):
            return False
        return self.is_of_job or (mine.changes == each.changes == 1 and mine.at - each.at <= PAUSE)

    def add(self, each: Any) -> None:
        """Take one more set."""
        self.sets.append(each)
        if each.changes == 1:
            self.records.add(named_by(each)[1])
        record = registry().get(each.record_kind)
        is_known = self.number is not None and record is not None and sees_all_of(record)
        self.number = (self.number or 0) + each.changes if is_known else None


def newest_batches(most: int) -> list[Batch]:
    """The newest changes that the current user may see, in at most `most` batches, in one statement."""
    rows = db.session.execute(_newest()).all()
    batches: list[Batch] = []
    last: dict[Any, Batch] = {}
    for each in rows:
        # Without an author are those of commands, and of people who registered themselves.
        origin = each.origin if each.author_id is None else None
        whose = each.author_id, origin, each.request_id if _is_step(each) else ""
        if whose not in last or not last[whose].takes(each):
            last[whose] = Batch()
            batches.append(last[whose])
        last[whose].add(each)
    if len(rows) == LOOKED_AT:
        for batch in last.values():
            batch.is_whole = not batch.is_of_job and batch.sets[-1].at - rows[-1].at > PAUSE
    return batches[:most]


def _is_step(each: Any) -> bool:
    """Whether a set is of a job, which may have written others."""
    return each.origin is Origin.JOB and bool(each.request_id)


def _newest() -> Select[Any]:
    first = (Change.change_set_id == ChangeSet.id, visible_changes())
    record = {
        column.key: select(column).where(*first).order_by(Change.id).limit(1).correlate(ChangeSet)
        for column in NAMING
    }
    columns = (ChangeSet.id, ChangeSet.at, ChangeSet.author_id, ChangeSet.kind, ChangeSet.origin)
    newest = select(
        *columns,
        ChangeSet.request_id,
        func.coalesce(Seal.changes, 1).label("changes"),
        *(its.scalar_subquery().label(name) for name, its in record.items()),
    )
    newest = newest.outerjoin(Seal, Seal.change_set_id == ChangeSet.id)
    newest = newest.where(ChangeSet.kind.not_in(CHANGES_NOTHING), *visible_sets())
    return newest.order_by(ChangeSet.at.desc(), ChangeSet.id.desc()).limit(LOOKED_AT)
