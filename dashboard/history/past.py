"""A record at an earlier version, and who has changed it since, as far as the ledger has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, func, select

from dashboard.database.transactions import AnySession
from dashboard.history.models import Action, Change, ChangeSet
from dashboard.history.values import value_of, written_in
from dashboard.registry import Record, registry

MOST_LATER = 100
"""Changes that are read of a record without a version: enough to name who changed its fields."""


@dataclass(frozen=True)
class Touch:
    """The author and the moment of a change; ``author_id`` is None for a command."""

    author_id: int | None
    at: datetime


@dataclass(frozen=True)
class Past:
    """A record and its changes in the ledger, the newest first.

    ``is_whole`` says that none of them is missing, ``by_number`` that they are counted by their own numbers,
    because the record has no version.
    """

    declared: Record
    record: Any
    changes: Sequence[tuple[Change, ChangeSet]]
    is_whole: bool
    by_number: bool = False

    def values(self, version: int) -> dict[str, Any]:
        """The fields at `version`, without those that the ledger does not have."""
        if not self.is_whole or version > self.record.version:
            return {}
        fields = self._now()
        for change, _ in self._since(version):
            if change.is_erased:
                return {}
            if change.action is not Action.CHANGE:  # it was deleted and restored unchanged
                continue
            for name, (before, after) in change.pairs.items():
                if name in fields and fields.pop(name) == after:  # else a change was not recorded
                    fields[name] = before
        return {name: value_of(self.declared, name, value) for name, value in fields.items()}

    def has_every_change_since(self, version: int) -> bool:
        """Whether the ledger has a change for each version since: else another program made some of them.

        A record that was deleted and restored has more than changes.
        """
        changes = [change for change, _ in self._since(version)]
        if self.by_number or any(change.action is not Action.CHANGE for change in changes):
            return False
        return len({change.version for change in changes}) == int(self.record.version) - version

    def _now(self) -> dict[str, Any]:
        values = self.declared.values(self.record)
        return {name: written_in(self.declared, name, value) for name, value in values.items()}

    def touches(self, version: int) -> Mapping[str, Touch]:
        """The last change of each field since `version`, for the fields that were changed."""
        found: dict[str, Touch] = {}
        for change, change_set in self._since(version):
            for name in change.pairs if change.action is Action.CHANGE else ():
                found.setdefault(name, Touch(change_set.author_id, change_set.at))
        return found

    def _since(self, version: int) -> list[tuple[Change, ChangeSet]]:
        number = attrgetter("id" if self.by_number else "version")
        return [(each, its_set) for each, its_set in self.changes if (number(each) or 0) > version]


def last_change(session: AnySession, record: Any) -> int:
    """The number of the last change of a record in the ledger; 0 without one."""
    declared = _declared(record)
    its = Change.of(declared.kind, declared.key_of(record))
    return session.scalar(select(func.max(Change.id)).where(its)) or 0


def read_past(session: AnySession, record: Any, since: int) -> Past:
    """Read the changes of `record` after its version `since`; raises TypeError if its kind is not recorded.

    Of a record without a version `since` is the number of a change. A version may have no change: a field
    that is not recorded, such as a password, was changed, or the version is older than the ledger.
    """
    declared = _declared(record)
    its = (Change.of(declared.kind, declared.key_of(record)),)
    if declared.version_of(record) is None:
        later = select(Change, ChangeSet).join(ChangeSet).where(*its, Change.id > since)
        rows = session.execute(later.order_by(Change.id.desc()).limit(MOST_LATER))
        return Past(declared, record, [(change, its_set) for change, its_set in rows], False, by_number=True)
    statement = (
        select(Change, ChangeSet)
        .join(ChangeSet)
        .where(*its, Change.version > since, Change.version <= record.version)
        .order_by(Change.version.desc(), Change.id.desc())
    )
    changes = [(change, change_set) for change, change_set in session.execute(statement)]
    found = {change.version for change, _ in changes}
    is_whole = len(found) == record.version - since or _reaches_back(session, its, since)
    return Past(declared, record, changes, is_whole)


def _declared(record: Any) -> Record:
    declared = registry().find(type(record))
    if declared is None:
        raise TypeError(f"The changes of {type(record).__name__} are not recorded.")
    return declared


def _reaches_back(session: AnySession, its: Sequence[ColumnElement[bool]], version: int) -> bool:
    earlier = select(Change.id).where(*its, Change.version <= version).limit(1)
    return session.scalar(earlier) is not None
