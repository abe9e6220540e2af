"""Reverting a change set by a new change set: planned first, refused where it would undo the work of others.

Each kind declares how its records are changed, removed and restored: see `dashboard.registry.Reverting`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, inspect, select

from dashboard.database.keys import Key
from dashboard.database.transactions import AnySession
from dashboard.history.models import WITHOUT_CHANGE, Action, Change, stored_key
from dashboard.history.nets import Fields, Net, slices
from dashboard.history.nets import Part as Part
from dashboard.history.putting_back import PuttingBack, Work
from dashboard.history.values import is_value
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.registry import VERSION_NOW, Record, Values, registry
from dashboard.search.index import among
from dashboard.text.shortening import quoted

OBSTACLES_NAMED = 5


@dataclass(frozen=True)
class Step:
    """The reverting of a record: its ``fields`` now and afterwards; ``obstacle`` says why it cannot be."""

    kind: str
    key: Key
    name: str
    action: Action
    fields: Fields = field(default_factory=dict)
    obstacle: str | None = None


def plan(session: AnySession, part: Part, *, untouched: bool = False) -> Iterator[Step]:
    """Return the steps to revert `part`, one per record; a thousand changes in memory at a time.

    Where `untouched` is set, any later change of a record is an obstacle.
    """
    for nets in slices(session, part):
        for kind, found in _by_kind(nets).items():
            yield from _plan_kind(session, registry()[kind], found, untouched, lock=False)


def revert(session: AnySession, part: Part, *, untouched: bool = False) -> int:
    """Revert `part` and return the number of reverted records. Raises as `revert_in_slices` does."""
    return max(revert_in_slices(session, part, untouched=untouched), default=0)


def revert_in_slices(session: AnySession, part: Part, *, untouched: bool = False) -> Iterator[int]:
    """Revert `part` in slices, and yield after each the number of records reverted so far.

    Raises Refusal where there is an obstacle, and errors of the kinds of records; the caller rolls back then.
    """
    done, blocked = 0, list[Step]()
    in_the_way, putting_back = 0, PuttingBack(session)
    for nets in slices(session, part):
        works = list[Work]()
        for kind, found in _by_kind(nets).items():
            steps = list(_plan_kind(session, registry()[kind], found, untouched, lock=True))
            obstacles = [step for step in steps if step.obstacle]
            in_the_way += len(obstacles)
            blocked += obstacles[: OBSTACLES_NAMED - len(blocked)]
            if not in_the_way:
                works.append(_work(registry()[kind], steps, {net.key: net for net in found}))
        if not in_the_way:
            done += putting_back.put_back(works)
        yield done
    if in_the_way:
        raise Refusal(_in_the_way(blocked, in_the_way))
    putting_back.finish()


def revert_untouched(session: AnySession, part: Part) -> tuple[int, Sequence[Step]]:
    """Revert those records of `part` that nothing changed since; returns how many, and the other steps.

    Raises errors of the kinds of records, such as Refusal; the caller rolls back then.
    """
    done, left, putting_back = 0, list[Step](), PuttingBack(session)
    for nets in slices(session, part):
        works = list[Work]()
        for kind, found in _by_kind(nets).items():
            steps = [*_plan_kind(session, registry()[kind], found, untouched=True, lock=True)]
            left += [step for step in steps if step.obstacle]
            free = [step for step in steps if not step.obstacle]
            works.append(_work(registry()[kind], free, {net.key: net for net in found}))
        done += putting_back.put_back(works)
    putting_back.finish()
    return done, left


def _in_the_way(steps: Sequence[Step], number: int) -> str:
    """The message that nothing was reverted: `number` records have obstacles; `steps` are the first."""
    named = "; ".join(f"{quoted(step.name)} {step.obstacle}" for step in steps)
    more = f"; and {number_words(number - len(steps))} more" if number > len(steps) else ""
    return f"Nothing was reverted: {named}{more}."


def _by_kind(nets: Sequence[Net]) -> dict[str, list[Net]]:
    kinds: dict[str, list[Net]] = {}
    for net in nets:
        kinds.setdefault(net.kind, []).append(net)
    return kinds


def _plan_kind(
    session: AnySession, record: Record, nets: Sequence[Net], untouched: bool, *, lock: bool
) -> Iterator[Step]:
    # In this order, so that a record restored by another user in between is found.
    lost = record.reverting.lost([net.key for net in nets if net.action is Action.DELETE], lock=lock)
    now = record.reverting.read([net.key for net in nets], lock=lock)
    if inspect(record.model).version_id_col is None:
        later = _changed_later(session, record, nets)
    else:
        later = {net.key for net in nets if _version_of(now.get(net.key, {})) != net.version}
    for net in nets:
        found = Found(now.get(net.key), lost.get(net.key), net.key in later)
        yield _step(record, net, found, untouched)


def _version_of(now: Values) -> object:
    return now.get(VERSION_NOW, now.get("version"))


def _changed_later(session: AnySession, record: Record, nets: Sequence[Net]) -> set[Key]:
    """The keys of those records that have later changes: for kinds whose records have no version."""
    last = {net.key: net.last for net in nets}
    column = Change.record_id if record.has_plain_key else Change.record_key
    its = (Change.record_kind == record.kind, Change.action.not_in(WITHOUT_CHANGE), among(column, [*last]))
    found = select(Change.record_id, Change.record_key, func.max(Change.id)).where(*its)
    rows = session.execute(found.group_by(Change.record_id, Change.record_key))
    newest = {stored_key(number, text): change for number, text, change in rows}
    return {key for key, change in newest.items() if change > last[key]}


@dataclass(frozen=True)
class Found:
    """A record now: its values, why it cannot be restored, and whether it has later changes."""

    values: Values | None
    lost: str | None
    has_later: bool


def _step(record: Record, net: Net, found: Found, untouched: bool) -> Step:
    now = found.values
    name = str((now or {}).get(record.title.key) or net.name)
    if net.is_cut:
        return Step(net.kind, net.key, name, net.action, obstacle="was created or deleted as a whole")
    if net.action is Action.DELETE:
        obstacle = "exists again" if now is not None else found.lost or _lost_secrets(net)
        return Step(net.kind, net.key, name, Action.CREATE, _turned(net.fields), obstacle)
    if net.action is Action.PURGE or net.is_erased:
        return Step(net.kind, net.key, name, net.action, obstacle="was permanently deleted")
    undo = Action.DELETE if net.action is Action.CREATE else Action.CHANGE
    if now is None:
        return Step(net.kind, net.key, name, undo, obstacle="has since been deleted")
    other = _changed_since(record, net, now)
    # A column that the database wrote by itself and wrote again, such as the day of a change, is no obstacle.
    left = {name: pair for name, pair in net.fields.items() if name not in other or name not in net.unasked}
    touching = [name for name in other if name in left or not left]
    touched = _touched(record, touching, found, untouched or undo is Action.DELETE)
    return Step(net.kind, net.key, name, undo, _turned(left), touched or _lost_secrets(net))


def _changed_since(record: Record, net: Net, now: Values) -> list[str]:
    """The fields that have another value now than after the change."""
    after = {name: pair[1] for name, pair in net.fields.items()}
    return [name for name, value in after.items() if not is_value(record, name, value, now[name])]


def _touched(record: Record, other: Sequence[str], found: Found, at_all: bool) -> str | None:
    """The later changes that are an obstacle, in words; `other` are the fields that they changed."""
    if other:
        return f"has since been changed: {', '.join(record.fields[name] for name in other)}"
    return "has since been changed" if at_all and found.has_later else None


def _lost_secrets(net: Net) -> str | None:
    """The secrets that cannot be put back, in words."""
    if not net.lost_secrets:
        return None
    return f"had another {' and '.join(net.lost_secrets)}, which the history does not have"


def _turned(fields: Fields) -> Fields:
    return {name: (after, before) for name, (before, after) in fields.items()}


def _work(record: Record, steps: Sequence[Step], nets: Mapping[Key, Net]) -> Work:
    its = {action: [step for step in steps if step.action is action] for action in Action}
    restored = [nets[step.key] for step in its[Action.CREATE]]
    return Work(
        record,
        change={step.key: nets[step.key].old(step.fields) for step in its[Action.CHANGE]},
        now={step.key: nets[step.key].values(1) for step in its[Action.CHANGE]},
        remove=[step.key for step in its[Action.DELETE]],
        restore={net.key: net.values(0) for net in restored},
        # The trash has them as they were when they were deleted.
        then={net.key: net.old(net.changed_first) for net in restored if net.changed_first},
    )
