"""Who may see what of the history: what they may see of the records that it is about.

Changes of accounts go with the accounts: only owners see those of owners, and of accounts that are gone. Who
did something is shown to every user who sees what was done, the address only to those who see the account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select

from dashboard.accounts.names import called
from dashboard.history.models import Change, ChangeSet, Origin
from dashboard.permissions import Access, Role
from dashboard.registry import Record, registry


def visible_kinds() -> list[str]:
    """The kinds of records of which the current user may see any."""
    return [record.kind for record in registry() if record.allows(Access.READ)]


def sees_all_of(record: Record) -> bool:
    """Whether the current user may see every record of a kind, also those that are gone."""
    return record.allows(Access.READ) and record.sees_all()


def sees_everything() -> bool:
    """Whether there is no change that the current user may not see."""
    return all(map(sees_all_of, registry()))


def visible_changes(kinds: Sequence[str] | None = None) -> ColumnElement[bool]:
    """Fits the changes that the current user may see, of `kinds` alone where they are named."""
    return or_(false(), *_reasons(kinds))


def holds_visible(kinds: Sequence[str] | None = None) -> ColumnElement[bool]:
    """Fits change sets with a change that the current user may see, of `kinds` where they are named."""
    found = [
        select(Change.id).where(Change.change_set_id == ChangeSet.id, reason).correlate(ChangeSet).exists()
        for reason in _reasons(kinds)  # each by itself, so that an index serves it
    ]
    return or_(false(), *found)


def _reasons(kinds: Sequence[str] | None) -> Iterator[ColumnElement[bool]]:
    """What lets a change be seen: its kind, or that its record may be seen."""
    seen = [registry()[kind] for kind in visible_kinds() if kinds is None or kind in kinds]
    whole = [record.kind for record in seen if sees_all_of(record)]
    if whole:
        yield Change.record_kind == whole[0] if len(whole) == 1 else Change.record_kind.in_(whole)
    for record in seen:
        if record.kind not in whole:
            visible = select(record.key).where(*record.scope())
            yield and_(Change.record_kind == record.kind, Change.record_id.in_(visible))


def visible_sets() -> list[ColumnElement[bool]]:
    """The conditions that leave the change sets of which the current user may see something."""
    return [] if sees_everything() else [holds_visible()]


def person(
    key: int | None, email: str | None, name: str | None, role: Role | None, origin: Origin | None = None
) -> str:
    """Who did something, in words, from the number in the history and the account that has it, if one has."""
    if key is None:
        return "Command line" if origin is Origin.COMMAND else "Somebody not signed in"
    if email is None or role is None:
        return f"A deleted account (no. {key})"
    return called(key, email, name or "", role)
