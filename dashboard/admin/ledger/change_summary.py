"""Change sets at a glance: who did what to which records, in words, in one query for a page of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, null, select
from sqlalchemy.orm import aliased

from dashboard.accounts.models import User
from dashboard.admin.ledger.visibility import (
    PEOPLE,
    SUBJECTS,
    changes_in_sight,
    holds_in_sight,
    is_whole,
    kinds_in_sight,
    person,
)
from dashboard.extensions import db
from dashboard.history.models import Action, Change, ChangeKind, ChangeSet, Origin, Seal
from dashboard.history.recorded import RECORDED
from dashboard.words import counted

VERBS = {
    ChangeKind.CREATE: "Created",
    ChangeKind.DELETE: "Deleted",
    ChangeKind.EDIT: "Edited",
    ChangeKind.ERASE: "Erased the history of",
    ChangeKind.EXPORT: "Exported",
    ChangeKind.PURGE: "Purged",
    ChangeKind.RESTORE: "Restored",
    ChangeKind.REVERT: "Reverted",
    ChangeKind.UNDO: "Undid changes of",
}
ORIGINS = {
    Origin.BULK: "Bulk action",
    Origin.COMMAND: "Command line",
    Origin.FORM: "Form",
    Origin.LIST: "List",
}


@dataclass(frozen=True)
class Glance:
    """A change set, as far as the person at hand may see it.

    ``changes`` is how many they see, ``fields`` what the only one of them changed in its record.
    """

    change_set: ChangeSet
    who: str
    what: str
    changes: int
    fields: Sequence[str] = ()

    @property
    def id(self) -> int:
        """The number of the change set."""
        return self.change_set.id

    @property
    def origin(self) -> str:
        """Where it was done, in words."""
        return ORIGINS[self.change_set.origin]


def glance_at(keys: Collection[int]) -> dict[int, Glance]:
    """The change sets with these numbers, as far as the person at hand may see anything of them."""
    if not keys:
        return {}
    rows = db.session.execute(_statement(keys)).all()
    return {row[0].id: _glance(row) for row in rows}


def record_words(kind: str, key: int, name: str | None) -> str:
    """A record in a sentence, such as ``product “Oak Lamp”``."""
    singular = SUBJECTS[kind].singular if kind in SUBJECTS else kind
    if not name:
        return f"{singular} no. {key}"
    return f"{singular} {name}" if kind == PEOPLE else f"{singular} “{name}”"


def name_in(kind: str, fields: str | None) -> str | None:
    """The name that a change gives its record or takes from it; None where it says none."""
    kept: Mapping[str, Sequence[str | None]] = json.loads(fields or "{}")
    before, after = kept.get(SUBJECTS[kind].title.key, (None, None))
    return after or before


def name_in_history(kind: str, key: int) -> str | None:
    """The name of a record, also of one that is gone; empty where it is not known any more.

    None where the history says nothing of it that the person at hand may see.
    """
    if kind not in SUBJECTS:
        return None
    title = SUBJECTS[kind].title
    now = select(title).where(title.class_.id == key).scalar_subquery()
    its = (Change.record_kind == kind, Change.record_id == key, changes_in_sight([kind]))
    row = db.session.execute(
        select(now, Change.fields).where(*its).order_by(Change.id.desc()).limit(1)
    ).first()
    return (row[0] or name_in(kind, row[1]) or "") if row else None


def _statement(keys: Collection[int]) -> Select[Any]:
    first, author = aliased(Change, name="first"), aliased(User, name="author")
    first_id = select(Change.id).where(Change.change_set_id == ChangeSet.id, changes_in_sight())
    first_id = first_id.order_by(Change.id).limit(1).correlate(ChangeSet)
    seen = kinds_in_sight()
    records = {kind: aliased(SUBJECTS[kind].model, name=f"first_{kind}") for kind in seen}
    titles = [getattr(records[kind], SUBJECTS[kind].title.key) for kind in seen]
    title = func.coalesce(*titles, null(), null()).label("title")
    statement = (
        select(
            ChangeSet,
            first,
            (func.coalesce(Seal.changes, 0) - _hidden()).label("changes"),
            author.email.label("email"),
            author.name.label("name"),
            author.role.label("role"),
            title,
            case((title.is_(None), _last_word(first))).label("last_word"),
            *(holds_in_sight([kind]).label(f"holds_{kind}") for kind in seen),
        )
        .outerjoin(Seal, Seal.change_set_id == ChangeSet.id)
        .outerjoin(author, author.id == ChangeSet.author_id)
        .join(first, first.id == first_id.scalar_subquery())
    )
    for kind, record in records.items():
        statement = statement.outerjoin(record, and_(first.record_kind == kind, first.record_id == record.id))
    return statement.where(ChangeSet.id.in_(keys))


def _hidden() -> ColumnElement[int]:
    """How many changes of a set the person at hand may not see."""
    partly = [kind for kind in SUBJECTS if not is_whole(kind)]
    if not partly:
        return literal(0)
    number = select(func.count()).where(Change.change_set_id == ChangeSet.id, Change.record_kind.in_(partly))
    return number.where(~changes_in_sight(partly)).correlate(ChangeSet).scalar_subquery()


def _last_word(first: Any) -> Any:
    """What the history says last of the record of a change: its name, where it is gone."""
    last = aliased(Change, name="last")
    fields = select(last.fields).where(
        last.record_kind == first.record_kind, last.record_id == first.record_id
    )
    return fields.order_by(last.id.desc()).limit(1).correlate(first).scalar_subquery()


def _glance(row: Any) -> Glance:
    change_set = row[0]
    who = person(change_set.author_id, row.email, row.name, row.role, change_set.origin)
    kinds = [kind for kind in kinds_in_sight() if getattr(row, f"holds_{kind}")]
    what = f"{VERBS[change_set.kind]} {_records(row, kinds)}"
    fields = field_names(row[1]) if row.changes == 1 else ()
    return Glance(change_set, who, what, row.changes, fields)


def field_names(change: Change) -> list[str]:
    """The names of the fields that a change of a record touched."""
    declared = RECORDED.get(change.record_kind)
    labels = declared.fields if declared and change.action is Action.CHANGE else {}
    return [label for name, label in labels.items() if name in change.pairs]


def _records(row: Any, kinds: Sequence[str]) -> str:
    if row.changes == 1:
        kind, key = row[1].record_kind, row[1].record_id
        return record_words(kind, key, row.title or name_in(kind, row.last_word))
    return counted(row.changes, SUBJECTS[kinds[0]].singular if len(kinds) == 1 else "record")
