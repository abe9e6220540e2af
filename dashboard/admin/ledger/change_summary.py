"""Change sets in words: who did what to which records, in one query for a page of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from dashboard.accounts.models import User
from dashboard.accounts.names import PERSON, person_of
from dashboard.accounts.people import Person
from dashboard.admin.ledger.exported_files import file_words
from dashboard.admin.ledger.names import name_in, title_of
from dashboard.admin.ledger.visibility import (
    author_words,
    holds_visible,
    sees_all_of,
    visible_changes,
    visible_kinds,
)
from dashboard.database.binary_keys import as_text
from dashboard.database.keys import Key
from dashboard.database.text_lists import text_list
from dashboard.extensions import db
from dashboard.history.about import last_fields, record_of
from dashboard.history.models import Change, ChangeKind, ChangeSet, Origin, Seal
from dashboard.registry import registry
from dashboard.words import counted, moment_words

VERBS = {
    ChangeKind.CREATE: "Created",
    ChangeKind.DELETE: "Deleted",
    ChangeKind.EDIT: "Edited",
    ChangeKind.ERASE: "Erased the history of",
    ChangeKind.EXPORT: "Exported",
    ChangeKind.IMPORT: "Imported",
    ChangeKind.LINK: "Created a link for",
    ChangeKind.PURGE: "Permanently deleted",
    ChangeKind.RESTORE: "Restored",
    ChangeKind.REVERT: "Reverted",
    ChangeKind.UNDO: "Undid changes of",
}
ORIGINS = {
    Origin.BULK: "Bulk action",
    Origin.COMMAND: "Command line",
    Origin.FORM: "Form",
    Origin.JOB: "Job",
    Origin.LIST: "List",
}


@dataclass(frozen=True)
class ChangeSummary:
    """A change set, as far as the current user may see it.

    ``records`` are the changed ones in words, ``changes`` is the number of changes that they see, ``first``
    the first of these.
    """

    change_set: ChangeSet
    who: Person | str
    records: str
    changes: int
    first: Change

    @property
    def id(self) -> int:
        """The number of the change set."""
        return self.change_set.id

    @property
    def what(self) -> str:
        """The action and the records, in words."""
        return f"{VERBS[self.change_set.kind]} {self.records}"

    @property
    def origin(self) -> str:
        """The source of the change set, in words."""
        return ORIGINS[self.change_set.origin]

    @property
    def when(self) -> str:
        """The moment of the change set, in a column whose head says UTC where it is."""
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


def _statement(keys: Collection[int]) -> Select[Any]:
    first, author = aliased(Change, name="first"), aliased(User, name="author")
    first_id = select(Change.id).where(Change.change_set_id == ChangeSet.id, visible_changes())
    first_id = first_id.order_by(Change.id).limit(1).correlate(ChangeSet)
    title = _title(first)
    return (
        select(
            ChangeSet,
            first,
            (func.coalesce(Seal.changes, 0) - _hidden()).label("changes"),
            title.label("title"),
            case((title.is_(None), last_fields(first))).label("last_fields"),
            case((Seal.changes > 1, _is_mixed(first)), else_=false()).label("is_mixed"),
            *person_of(author),
        )
        .outerjoin(Seal, Seal.change_set_id == ChangeSet.id)
        .outerjoin(author, author.id == ChangeSet.author_id)
        .join(first, first.id == first_id.scalar_subquery())
        .where(ChangeSet.id.in_(keys))
    )


def _title(first: Any) -> ColumnElement[str | None]:
    """The name of the record of a change, where it exists."""
    # No joins, of which SQLite takes 64. Titles may be of different types.
    records = [registry()[kind] for kind in visible_kinds()]
    titles = ((each, record_of(first, each, as_text(each.title)).scalar_subquery()) for each in records)
    names = [(first.record_kind == record.kind, title) for record, title in titles]
    return case(*names, else_=null()) if names else type_coerce(null(), Text)


def _is_mixed(first: Any) -> ColumnElement[bool]:
    """Whether a set has a visible change of a record of another kind than that of its first."""
    whole = text_list([kind for kind in visible_kinds() if sees_all_of(registry()[kind])], "whole")
    # No EXISTS, which PostgreSQL would turn into a join that reads the whole set.
    its = select(Change.id).where(Change.record_kind == whole.c.value, Change.change_set_id == ChangeSet.id)
    is_held = its.limit(1).correlate(whole, ChangeSet).scalar_subquery().is_not(None)
    other = select(whole.c.value).where(whole.c.value != first.record_kind, is_held)
    partly = [kind for kind in visible_kinds() if not sees_all_of(registry()[kind])]
    others = ((first.record_kind != kind) & holds_visible([kind]) for kind in partly)
    return or_(other.correlate(first, ChangeSet).exists(), *others)


def _hidden() -> ColumnElement[int]:
    """The number of changes of a set that the current user may not see."""
    partly = [record.kind for record in registry() if not sees_all_of(record)]
    if not partly:
        return literal(0)
    number = select(func.count()).where(Change.change_set_id == ChangeSet.id, Change.record_kind.in_(partly))
    return number.where(~visible_changes(partly)).correlate(ChangeSet).scalar_subquery()


def _summary(row: Any) -> ChangeSummary:
    change_set = row[0]
    who = author_words(change_set.author_id, row[-len(PERSON) :], change_set.origin)
    return ChangeSummary(change_set, who, _records(row), row.changes, row[1])


def _records(row: Any) -> str:
    kind, key = row[1].record_kind, row[1].key
    if row[1].is_of_kind:
        return file_words(row[1])
    if row.changes == 1:
        name = title_of(registry()[kind], key, row.title)
        return record_words(kind, key, name or name_in(kind, row.last_fields))
    return counted(row.changes, "record" if row.is_mixed else registry()[kind].singular)
