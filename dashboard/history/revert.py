"""Reverting a change set by a new change set: planned first, refused where it would undo the work of others.

Each kind declares how its records are changed, removed and restored: see `dashboard.registry.Reverting`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from dashboard.database.keys import Key
from dashboard.database.transactions import AnySession
from dashboard.history.models import Action, Change, read_pairs, stored_key
from dashboard.history.values import value_of, written
from dashboard.refusal import Refusal
from dashboard.registry import Record, Reverting, Values, registry
from dashboard.search.index import among
from dashboard.text.shortening import quoted

SLICE = 1000
OBSTACLES_NAMED = 5
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
class Step:
    """The reverting of a record: its ``fields`` now and afterwards; ``obstacle`` says why it cannot be."""

    kind: str
    key: Key
    name: str
    action: Action
    fields: Fields = field(default_factory=dict)
    obstacle: str | None = None


@dataclass(frozen=True)
class Net:
    """The changes of one record in a change set as one change."""

    kind: str
    key: Key
    action: Action
    version: int | None
    fields: Fields
    changed_first: frozenset[str] = frozenset()
    """The fields that were changed before the last of its changes."""
    is_nothing: bool = False
    """Whether its changes cancel each other."""
    is_cut: bool = False
    """Whether it is one field of a record that was created or deleted, which cannot be reverted alone."""

    @property
    def name(self) -> str:
        """The name in the change, or the number of the record."""
        names = self.fields.get(registry()[self.kind].title.key, ())
        return next((str(name) for name in names if name), f"no. {self.key}")

    def values(self, side: int) -> dict[str, Any]:
        """The values before (0) or after (1), as the record holds them."""
        record = registry()[self.kind]
        return {name: value_of(record, name, pair[side]) for name, pair in self.fields.items()}

    def before_changes(self) -> dict[str, Any]:
        """The values before, of the fields that were changed first."""
        return {name: value for name, value in self.values(0).items() if name in self.changed_first}


def plan(session: AnySession, part: Part, *, untouched: bool = False) -> Iterator[Step]:
    """Return the steps to revert `part`, one per record; a thousand changes in memory at a time.

    Where `untouched` is set, any later change of a record is an obstacle.
    """
    for nets in _slices(session, part):
        for kind, found in _by_kind(nets).items():
            yield from _plan_kind(registry()[kind], found, untouched, lock=False)


def revert(session: AnySession, part: Part, *, untouched: bool = False) -> int:
    """Revert `part` and return the number of reverted records. Raises as `revert_in_slices` does."""
    return max(revert_in_slices(session, part, untouched=untouched), default=0)


def revert_in_slices(session: AnySession, part: Part, *, untouched: bool = False) -> Iterator[int]:
    """Revert `part` in slices, and yield after each the number of records reverted so far.

    Raises Refusal where there is an obstacle, and errors of the kinds of records; the caller rolls back then.
    """
    done, blocked = 0, list[Step]()
    in_the_way = 0
    for nets in _slices(session, part):
        for kind, found in _by_kind(nets).items():
            steps = list(_plan_kind(registry()[kind], found, untouched, lock=True))
            obstacles = [step for step in steps if step.obstacle]
            in_the_way += len(obstacles)
            blocked += obstacles[: OBSTACLES_NAMED - len(blocked)]
            if not in_the_way:
                done += _apply(registry()[kind].reverting, steps, {net.key: net for net in found})
        yield done
    if in_the_way:
        raise Refusal(_in_the_way(blocked, in_the_way))


def _in_the_way(steps: Sequence[Step], number: int) -> str:
    """The message that nothing was reverted: `number` records have obstacles; `steps` are the first."""
    named = "; ".join(f"{quoted(step.name)} {step.obstacle}" for step in steps)
    more = f"; and {number - len(steps):,} more" if number > len(steps) else ""
    return f"Nothing was reverted: {named}{more}."


def _slices(session: AnySession, part: Part) -> Iterator[list[Net]]:
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
    return Net(change.record_kind, _key(change), change.action, change.version, fields, is_cut=is_cut)


def _before(change: Row[Any], fields: Fields, later: Net) -> Net:
    """Combine a change with the later ones of its record."""
    pairs = {name: (old, later.fields.get(name, (None, new))[1]) for name, (old, new) in fields.items()}
    both = {name: pair for name, pair in {**later.fields, **pairs}.items() if pair[0] != pair[1]}
    action = ALL_IN_ALL.get((change.action, later.action), later.action)
    first = later.changed_first | (pairs.keys() if change.action is Action.CHANGE else set())
    is_nothing = not both and bool(pairs or later.is_nothing)
    return Net(later.kind, later.key, action, later.version, both, frozenset(first), is_nothing)


def _by_kind(nets: Sequence[Net]) -> dict[str, list[Net]]:
    kinds: dict[str, list[Net]] = {}
    for net in nets:
        kinds.setdefault(net.kind, []).append(net)
    return kinds


def _plan_kind(record: Record, nets: Sequence[Net], untouched: bool, *, lock: bool) -> Iterator[Step]:
    # In this order, so that a record restored by another user in between is found.
    lost = record.reverting.lost([net.key for net in nets if net.action is Action.DELETE], lock=lock)
    now = record.reverting.read([net.key for net in nets], lock=lock)
    for net in nets:
        yield _step(record, net, now.get(net.key), lost.get(net.key), untouched)


def _step(record: Record, net: Net, now: Values | None, lost: str | None, untouched: bool) -> Step:
    name = str((now or {}).get(record.title.key) or net.name)
    if net.is_cut:
        return Step(net.kind, net.key, name, net.action, obstacle="was created or deleted as a whole")
    if net.action is Action.DELETE:
        obstacle = "exists again" if now is not None else lost
        return Step(net.kind, net.key, name, Action.CREATE, _turned(net.fields), obstacle)
    if net.action is Action.PURGE or not net.fields:
        return Step(net.kind, net.key, name, net.action, obstacle="was permanently deleted")
    undo = Action.DELETE if net.action is Action.CREATE else Action.CHANGE
    if now is None:
        return Step(net.kind, net.key, name, undo, obstacle="has since been deleted")
    obstacle = _touched(record, net, now, untouched or undo is Action.DELETE)
    return Step(net.kind, net.key, name, undo, _turned(net.fields), obstacle)


def _touched(record: Record, net: Net, now: Values, at_all: bool) -> str | None:
    """The later changes that are an obstacle, in words."""
    other = [record.fields[name] for name, (_, after) in net.fields.items() if written(now[name]) != after]
    if other:
        return f"has since been changed: {', '.join(other)}"
    return "has since been changed" if at_all and now["version"] != net.version else None


def _turned(fields: Fields) -> Fields:
    return {name: (after, before) for name, (before, after) in fields.items()}


def _apply(reverting: Reverting, steps: Sequence[Step], nets: Mapping[Key, Net]) -> int:
    keys = {action: [step.key for step in steps if step.action is action] for action in Action}
    done = 0
    if keys[Action.CHANGE]:
        done += reverting.change({key: nets[key].values(0) for key in keys[Action.CHANGE]})
    if keys[Action.DELETE]:
        done += reverting.remove(keys[Action.DELETE])
    if keys[Action.CREATE]:
        done += reverting.restore({key: nets[key].values(0) for key in keys[Action.CREATE]})
        # The trash has them as they were when they were deleted.
        changed = {key: nets[key].before_changes() for key in keys[Action.CREATE] if nets[key].changed_first}
        if changed:
            reverting.change(changed)
    return done
