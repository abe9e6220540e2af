"""Which changes of the history a user may see: those of the records that they may see.

Changes of a kind as a whole, such as exports, are seen by their authors and those who see all of its records.
Changes of users are seen by those who see the users: only owners see those of owners and of deleted users.
Everyone who sees a change sees its author; the email only if they see that user.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_login import current_user
from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased

from dashboard.accounts.names import called
from dashboard.accounts.people import Person
from dashboard.history.about import about_rows
from dashboard.history.models import Change, ChangeSet, Origin, has_record
from dashboard.permissions import Access
from dashboard.registry import Record, registry


def visible_kinds() -> list[str]:
    """The kinds of records that the current user may see."""
    return [record.kind for record in registry() if record.allows(Access.READ)]


def sees_all_of(record: Record) -> bool:
    """Whether the current user may see every record of a kind, also deleted ones."""
    return record.allows(Access.READ) and record.sees_all()


def sees_everything() -> bool:
    """Whether the current user may see every change."""
    return all(map(sees_all_of, registry()))


def visible_changes(kinds: Sequence[str] | None = None) -> ColumnElement[bool]:
    """The condition for changes that the current user may see, of `kinds` alone where they are given."""
    return or_(false(), *_reasons(kinds))


def holds_visible(kinds: Sequence[str] | None = None) -> ColumnElement[bool]:
    """The condition for change sets with a visible change, of `kinds` where they are given."""
    found = [
        select(Change.id).where(Change.change_set_id == ChangeSet.id, reason).correlate(ChangeSet).exists()
        for reason in _reasons(kinds)  # each by itself, so that an index serves it
    ]
    return or_(false(), *found)


def _reasons(kinds: Sequence[str] | None) -> Iterator[ColumnElement[bool]]:
    """The conditions that make a change visible: its kind is, or its record is."""
    asked = (record for record in registry() if kinds is None or record.kind in kinds)
    seen = [record for record in asked if record.allows(Access.READ)]
    whole = [record.kind for record in seen if sees_all_of(record)]
    if whole:
        yield Change.record_kind == whole[0] if len(whole) == 1 else Change.record_kind.in_(whole)
    for record in seen:
        if record.kind not in whole:
            yield about_rows(record, *record.scope())
            if not record.personal:
                yield _own_of_kind(record)


def _own_of_kind(record: Record) -> ColumnElement[bool]:
    """The condition for changes of a kind as a whole by the current user.

    Another user may see more of its records: how many these are, or what was searched for, stays with those
    who see all of them.
    """
    its = aliased(ChangeSet, name="its")
    author = select(its.author_id).where(its.id == Change.change_set_id).scalar_subquery()
    return and_(Change.record_kind == record.kind, ~has_record(Change), author == current_user.id)


def visible_sets() -> list[ColumnElement[bool]]:
    """The conditions for change sets with a change that the current user may see."""
    return [] if sees_everything() else [holds_visible()]


def author_words(key: int | None, account: Sequence[Any], origin: Origin | None = None) -> Person | str:
    """The author of a change, from the number in the history and the columns `PERSON` of that account.

    The account may be gone: of it all columns are None then.
    """
    if key is None:
        return "Command line" if origin is Origin.COMMAND else "Self-registered"
    return f"Deleted user (no. {key})" if account[0] is None else called(*account)
