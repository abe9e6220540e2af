"""The changes of each record in a change set, combined into one: what reverting turns around."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from dashboard.database.keys import Key
from dashboard.database.transactions import AnySession
from dashboard.history.models import Action, Change, read_pairs, read_stored, read_unasked, stored_key
from dashboard.history.originals import Original
from dashboard.history.values import value_of
from dashboard.registry import registry
from dashboard.search.index import among

SLICE = 1000
ALL_IN_ALL = {(Action.CREATE, Action.CHANGE): Action.CREATE, (Action.DELETE, Action.CREATE): Action.CHANGE}
"""The action that two changes of a record amount to, where it is not that of the second."""
KNOWN: tuple[Any, ...] = (
    Change.id,
    Change.record_kind,
    Change.record_id,
    Change.record_key,
    Change.action,
    Change.version,
    Change.fields,
)
Fields = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Part:
    """The part of a change set to revert: all of it, one change, or one field of that."""

    change_set_id: int
    change_id: int | None = None
    field: str | None = None

    @property
    def changes(self) -> Select[Any]:
        """The changes, the newest first."""
        found = select(*KNOWN).where(Change.change_set_id == self.change_set_id).order_by(Change.id.desc())
        return found if self.change_id is None else found.where(Change.id == self.change_id)

    @property
    def repeats(self) -> Select[Any]:
        """One of the records that have several changes; hardly any set has one."""
        its = select(Change.record_id).where(Change.change_set_id == self.change_set_id)
        return (
            its.group_by(Change.record_kind, Change.record_id, Change.record_key)
            .having(func.count() > 1)
            .limit(1)
        )


@dataclass(frozen=True)
class Net:
    """The changes of one record in a change set as one change."""

    kind: str
    key: Key
    action: Action
    version: int | None
    fields: Fields
    last: int
    """The number of the last of its changes."""
    changed_first: frozenset[str] = frozenset()
    """The fields that were changed before the last of its changes."""
    is_nothing: bool = False
    """Whether its changes cancel each other."""
    unasked: frozenset[str] = frozenset()
    """The fields that the database wrote without being asked."""
    is_cut: bool = False
    """Whether it is one field of a record that was created or deleted, which cannot be reverted alone."""
    is_erased: bool = False
    """Whether its fields were removed, because they were about a person; a blank record has its own."""
    stored: Mapping[str, Any] = field(default_factory=dict)
    """The values as the database had them, where it writes the ones before otherwise."""

    @property
    def name(self) -> str:
        """The name in the change, or the number of the record."""
        names = self.fields.get(registry()[self.kind].title.key, ())
        return next((str(name) for name in names if name), f"no. {self.key}")

    def values(self, side: int) -> dict[str, Any]:
        """The values before (0) or after (1), as the record holds them."""
        record = registry()[self.kind]
        shown = {name: pair for name, pair in self.fields.items() if name not in record.masked}
        return {name: value_of(record, name, pair[side]) for name, pair in shown.items()}

    @property
    def lost_secrets(self) -> list[str]:
        """The labels of the secrets that were changed, whose values before are not in the ledger."""
        record, is_edit = registry()[self.kind], self.action is Action.CHANGE
        changed = self.fields.keys() if is_edit else self.changed_first
        return [record.fields[name] for name in self.fields if name in changed & record.masked]

    def old(self, names: Container[str]) -> dict[str, Any]:
        """The values before of these fields, to be put back."""
        values = ((name, value) for name, value in self.values(0).items() if name in names)
        return {
            name: Original(value, self.stored[name]) if name in self.stored else value
            for name, value in values
        }


def slices(session: AnySession, part: Part) -> Iterator[list[Net]]:
    """The records of `part` in slices, the last change first; each record is in one slice only."""
    # Past the ORM, which would hold a hundred thousand of them in memory.
    connection, taken = session.connection(), set[int]()
    changes = connection.execute(part.changes.limit(SLICE)).all()
    has_repeats = len(changes) == SLICE and connection.scalar(part.repeats) is not None
    while changes:
        older = part.changes.where(Change.id < changes[-1].id)
        same = connection.execute(_about_same(older, changes)).all() if has_repeats else []
        fresh = (each for each in (*changes, *same) if each.id not in taken)
        yield _net(sorted(fresh, key=attrgetter("id"), reverse=True), part.field)
        taken.update(each.id for each in same)
        changes = connection.execute(older.limit(SLICE)).all()


def _about_same(older: Select[Any], changes: Sequence[Row[Any]]) -> Select[Any]:
    """Those of the `older` changes that are about records of `changes`."""
    keys: dict[tuple[str, bool], list[Key]] = {}
    for change in changes:
        key = _key(change)
        keys.setdefault((change.record_kind, isinstance(key, str)), []).append(key)
    same = (
        (Change.record_kind == kind) & among(Change.record_key if is_text else Change.record_id, its)
        for (kind, is_text), its in keys.items()
    )
    return older.where(or_(*same)).order_by(None)


def _key(change: Row[Any]) -> Key:
    return stored_key(change.record_id, change.record_key)


def _net(changes: Sequence[Row[Any]], only: str | None) -> list[Net]:
    """Combine the changes of each record, unless they cancel each other; `changes` come the newest first."""
    nets: dict[tuple[str, Key], Net] = {}
    for change in changes:
        at = (change.record_kind, _key(change))
        fields = {name: pair for name, pair in read_pairs(change.fields).items() if only in (None, name)}
        later = nets.get(at)
        nets[at] = _before(change, fields, later) if later else _only(change, fields)
    return [net for net in nets.values() if not net.is_nothing]


def _only(change: Row[Any], fields: Fields) -> Net:
    is_cut = change.action is not Action.CHANGE and len(fields) < len(read_pairs(change.fields))
    return Net(
        change.record_kind,
        _key(change),
        change.action,
        change.version,
        fields,
        change.id,
        unasked=read_unasked(change.fields),
        is_cut=is_cut,
        is_erased=change.fields is None,
        stored=read_stored(change.fields),
    )


def _before(change: Row[Any], fields: Fields, later: Net) -> Net:
    """Combine a change with the later ones of its record."""
    masked = registry()[later.kind].masked
    pairs = {name: (old, later.fields.get(name, (None, new))[1]) for name, (old, new) in fields.items()}
    both = {**later.fields, **pairs}
    both = {name: pair for name, pair in both.items() if pair[0] != pair[1] or name in masked}
    action = ALL_IN_ALL.get((change.action, later.action), later.action)
    first = later.changed_first | (pairs.keys() if change.action is Action.CHANGE else set())
    is_nothing = not both and bool(pairs or later.is_nothing)
    asked = (fields.keys() - read_unasked(change.fields)) | (later.fields.keys() - later.unasked)
    return Net(
        later.kind,
        later.key,
        action,
        later.version,
        both,
        later.last,
        changed_first=frozenset(first),
        is_nothing=is_nothing,
        unasked=frozenset(both.keys() - asked),
        is_erased=later.is_erased or change.fields is None,
        stored={
            **{name: raw for name, raw in later.stored.items() if name not in pairs},
            **{name: raw for name, raw in read_stored(change.fields).items() if name in both},
        },
    )
