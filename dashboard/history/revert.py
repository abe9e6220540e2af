"""Taking back what a change set did, as a new change set: planned first, refused where it would undo others.

What can be put back in the place of a record is for its kind to say: see `dashboard.registry.Reverting`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from dashboard.database.transactions import AnySession
from dashboard.history.models import Action, Change, read_pairs
from dashboard.history.values import value_of, written
from dashboard.refusal import Refusal
from dashboard.registry import Record, Reverting, Values, registry
from dashboard.search.index import among
from dashboard.text.shortening import quoted

SLICE = 1000
OBSTACLES_NAMED = 5
ALL_IN_ALL = {(Action.CREATE, Action.CHANGE): Action.CREATE, (Action.DELETE, Action.CREATE): Action.CHANGE}
"""What two changes of a record come to, where that is not what the second was."""
KNOWN: tuple[Any, ...] = (
    Change.id,
    Change.record_kind,
    Change.record_id,
    Change.action,
    Change.version,
    Change.fields,
)
Fields = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Part:
    """What of a change set is to be taken back: all of it, one change, or one field of that."""

    change_set_id: int
    change_id: int | None = None
    field: str | None = None

    @property
    def changes(self) -> Select[Any]:
        """What there is to know of the changes, the newest first."""
        found = select(*KNOWN).where(Change.change_set_id == self.change_set_id).order_by(Change.id.desc())
        return found if self.change_id is None else found.where(Change.id == self.change_id)

    @property
    def repeats(self) -> Select[Any]:
        """Read one of the records that have several changes; hardly any set has one."""
        its = select(Change.record_id).where(Change.change_set_id == self.change_set_id)
        return its.group_by(Change.record_kind, Change.record_id).having(func.count() > 1).limit(1)


@dataclass(frozen=True)
class Step:
    """One record that is put back: ``fields`` with what each is now and will be, or why it cannot be."""

    kind: str
    key: int
    name: str
    action: Action
    fields: Fields = field(default_factory=dict)
    obstacle: str | None = None


@dataclass(frozen=True)
class Net:
    """What a change set did to one record, all in all."""

    kind: str
    key: int
    action: Action
    version: int | None
    fields: Fields
    changed_first: frozenset[str] = frozenset()
    """The fields that were changed before the last of its changes."""
    is_nothing: bool = False
    """Whether its changes left it as it was."""
    is_cut: bool = False
    """Whether it is one field of a record that was made or deleted, which happens to all of its fields."""

    @property
    def name(self) -> str:
        """The name that the change tells, or its number."""
        told = self.fields.get(registry()[self.kind].title.key, ())
        return next((str(value) for value in told if value), f"no. {self.key}")

    def values(self, side: int) -> dict[str, Any]:
        """The values before (0) or after (1), as the record holds them."""
        record = registry()[self.kind]
        return {name: value_of(record, name, pair[side]) for name, pair in self.fields.items()}

    def before_changes(self) -> dict[str, Any]:
        """The values before, of the fields that were changed first."""
        return {name: value for name, value in self.values(0).items() if name in self.changed_first}


def plan(session: AnySession, part: Part, *, untouched: bool = False) -> Iterator[Step]:
    """What taking back `part` would do, record by record; a thousand changes in memory.

    Where `untouched` is set, a record that anybody changed since in any way is an obstacle.
    """
    for nets in _slices(session, part):
        for kind, found in _by_kind(nets).items():
            yield from _plan_kind(registry()[kind], found, untouched, lock=False)


def revert(session: AnySession, part: Part, *, untouched: bool = False) -> int:
    """Take back `part`; returns how many records were put back. Raises as `revert_in_slices` does."""
    return max(revert_in_slices(session, part, untouched=untouched), default=0)


def revert_in_slices(session: AnySession, part: Part, *, untouched: bool = False) -> Iterator[int]:
    """Take back `part`, some records at a time; tells after each how many were put back so far.

    Raises Refusal where anything is in the way, and what the features raise; the caller rolls back then.
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
    """Why nothing was taken back: `number` records are in the way, the first of them in `steps`."""
    named = "; ".join(f"{quoted(step.name)} {step.obstacle}" for step in steps)
    more = f"; and {number - len(steps):,} more" if number > len(steps) else ""
    return f"Nothing was reverted: {named}{more}."


def _slices(session: AnySession, part: Part) -> Iterator[list[Net]]:
    """What was done to each record, some at a time, the last first; each record is in one slice only."""
    # Past the ORM, which would keep a hundred thousand of them in memory.
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
    """Read those of the `older` changes that are about records of `changes`."""
    keys: dict[str, list[int]] = {}
    for change in changes:
        keys.setdefault(change.record_kind, []).append(change.record_id)
    same = ((Change.record_kind == kind) & among(Change.record_id, its) for kind, its in keys.items())
    return older.where(or_(*same)).order_by(None)


def _net(changes: Sequence[Row[Any]], only: str | None) -> list[Net]:
    """Several changes of one record as one, if they did anything; `changes` come the newest first."""
    nets: dict[tuple[str, int], Net] = {}
    for change in changes:
        at = (change.record_kind, change.record_id)
        fields = {name: pair for name, pair in read_pairs(change.fields).items() if only in (None, name)}
        later = nets.get(at)
        nets[at] = _before(change, fields, later) if later else _only(change, fields)
    return [net for net in nets.values() if not net.is_nothing]


def _only(change: Row[Any], fields: Fields) -> Net:
    is_cut = change.action is not Action.CHANGE and len(fields) < len(read_pairs(change.fields))
    return Net(change.record_kind, change.record_id, change.action, change.version, fields, is_cut=is_cut)


def _before(change: Row[Any], fields: Fields, later: Net) -> Net:
    """What a change and what came after it did, all in all."""
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
        return Step(net.kind, net.key, name, net.action, obstacle="was made or deleted with all its fields")
    if net.action is Action.DELETE:
        obstacle = "is there again" if now is not None else lost
        return Step(net.kind, net.key, name, Action.CREATE, _turned(net.fields), obstacle)
    if net.action is Action.PURGE or not net.fields:
        return Step(net.kind, net.key, name, net.action, obstacle="is gone for good")
    undo = Action.DELETE if net.action is Action.CREATE else Action.CHANGE
    if now is None:
        return Step(net.kind, net.key, name, undo, obstacle="was deleted since")
    obstacle = _touched(record, net, now, untouched or undo is Action.DELETE)
    return Step(net.kind, net.key, name, undo, _turned(net.fields), obstacle)


def _touched(record: Record, net: Net, now: Values, at_all: bool) -> str | None:
    """What somebody changed since, in words, if that is in the way."""
    other = [record.fields[name] for name, (_, after) in net.fields.items() if written(now[name]) != after]
    if other:
        return f"was changed since: {', '.join(other)}"
    return "was changed since" if at_all and now["version"] != net.version else None


def _turned(fields: Fields) -> Fields:
    return {name: (after, before) for name, (before, after) in fields.items()}


def _apply(reverting: Reverting, steps: Sequence[Step], nets: Mapping[int, Net]) -> int:
    keys = {action: [step.key for step in steps if step.action is action] for action in Action}
    done = 0
    if keys[Action.CHANGE]:
        done += reverting.change({key: nets[key].values(0) for key in keys[Action.CHANGE]})
    if keys[Action.DELETE]:
        done += reverting.remove(keys[Action.DELETE])
    if keys[Action.CREATE]:
        done += reverting.restore({key: nets[key].values(0) for key in keys[Action.CREATE]})
        # They come back as they were when they were deleted.
        changed = {key: nets[key].before_changes() for key in keys[Action.CREATE] if nets[key].changed_first}
        if changed:
            reverting.change(changed)
    return done
