"""Change sets in words: who did what to which records, in one query for a page of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, null, select
from sqlalchemy.orm import aliased

from dashboard.accounts.models import User
from dashboard.admin.ledger.visibility import (
    holds_visible,
    person,
    sees_all_of,
    visible_changes,
    visible_kinds,
)
from dashboard.database.keys import Key
from dashboard.extensions import db
from dashboard.history.models import Action, Change, ChangeKind, ChangeSet, Origin, Seal
from dashboard.registry import registry
from dashboard.words import counted, moment_words

VERBS = {
    ChangeKind.CREATE: "Created",
    ChangeKind.DELETE: "Deleted",
    ChangeKind.EDIT: "Edited",
    ChangeKind.ERASE: "Erased the history of",
    ChangeKind.EXPORT: "Exported",
    ChangeKind.PURGE: "Permanently deleted",
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
class ChangeSummary:
    """A change set, as far as the current user may see it.

    ``changes`` is the number of changes that they see; ``fields`` the labels of the changed fields where it
    is one.
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
        """The source of the change set, in words."""
        return ORIGINS[self.change_set.origin]

    @property
    def when(self) -> str:
        """The moment of the change set, in a column whose head says UTC."""
        return moment_words(self.change_set.at).removesuffix(" UTC")


def summaries(keys: Collection[int]) -> dict[int, ChangeSummary]:
    """The change sets with these numbers, as far as the current user may see anything of them."""
    if not keys:
        return {}
    rows = db.session.execute(_statement(keys)).all()
    return {row[0].id: _summary(row) for row in rows}


def record_words(kind: str, key: Key, name: str | None) -> str:
    """A record in a sentence, such as ``product “Oak Lamp”``; its number where its kind no longer exists."""
    record = registry().get(kind)
    return record.words(key, name) if record else f"{kind} no. {key}"


def name_in(kind: str, fields: str | None) -> str | None:
    """The name that a change gives its record or removes from it; None where it has no name."""
    pairs: Mapping[str, Sequence[str | None]] = json.loads(fields or "{}")
    before, after = pairs.get(registry()[kind].title.key, (None, None))
    return after or before


def name_in_history(kind: str, key: Key) -> str | None:
    """The name of a record, also of a deleted one; empty where it is no longer known.

    None where the history has no change of it that the current user may see.
    """
    record = registry().get(kind)
    if record is None:
        return None
    now = select(record.title).where(record.key == key).scalar_subquery()
    its = (Change.of(kind, key), visible_changes([kind]))
    row = db.session.execute(
        select(now, Change.fields).where(*its).order_by(Change.id.desc()).limit(1)
    ).first()
    return (row[0] or name_in(kind, row[1]) or "") if row else None


def _statement(keys: Collection[int]) -> Select[Any]:
    first, author = aliased(Change, name="first"), aliased(User, name="author")
    first_id = select(Change.id).where(Change.change_set_id == ChangeSet.id, visible_changes())
    first_id = first_id.order_by(Change.id).limit(1).correlate(ChangeSet)
    seen = visible_kinds()
    records = {kind: aliased(registry()[kind].model, name=f"first_{kind}") for kind in seen}
    titles = [getattr(records[kind], registry()[kind].title.key) for kind in seen]
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
            *(holds_visible([kind]).label(f"holds_{kind}") for kind in seen),
        )
        .outerjoin(Seal, Seal.change_set_id == ChangeSet.id)
        .outerjoin(author, author.id == ChangeSet.author_id)
        .join(first, first.id == first_id.scalar_subquery())
    )
    for kind, record in records.items():
        key = getattr(record, registry()[kind].key.key)
        statement = statement.outerjoin(record, and_(first.record_kind == kind, first.record_id == key))
    return statement.where(ChangeSet.id.in_(keys))


def _hidden() -> ColumnElement[int]:
    """The number of changes of a set that the current user may not see."""
    partly = [record.kind for record in registry() if not sees_all_of(record)]
    if not partly:
        return literal(0)
    number = select(func.count()).where(Change.change_set_id == ChangeSet.id, Change.record_kind.in_(partly))
    return number.where(~visible_changes(partly)).correlate(ChangeSet).scalar_subquery()


def _last_word(first: Any) -> Any:
    """The last fields that the history has of the record of a change: they name a deleted record."""
    last = aliased(Change, name="last")
    fields = select(last.fields).where(
        last.record_kind == first.record_kind, last.record_id == first.record_id
    )
    return fields.order_by(last.id.desc()).limit(1).correlate(first).scalar_subquery()


def _summary(row: Any) -> ChangeSummary:
    change_set = row[0]
    who = person(change_set.author_id, row.email, row.name, row.role, change_set.origin)
    kinds = [kind for kind in visible_kinds() if getattr(row, f"holds_{kind}")]
    what = f"{VERBS[change_set.kind]} {_records(row, kinds)}"
    fields = field_names(row[1]) if row.changes == 1 else ()
    return ChangeSummary(change_set, who, what, row.changes, fields)


def field_names(change: Change) -> list[str]:
    """The labels of the fields that a change edited."""
    record = registry().get(change.record_kind)
    labels = record.fields if record and change.action is Action.CHANGE else {}
    return [label for name, label in labels.items() if name in change.pairs]


def _records(row: Any, kinds: Sequence[str]) -> str:
    if row.changes == 1:
        kind, key = row[1].record_kind, row[1].record_id
        return record_words(kind, key, row.title or name_in(kind, row.last_word))
    return counted(row.changes, registry()[kinds[0]].singular if len(kinds) == 1 else "record")
