"""Values as the database writes them, of fields that are changed: a revert brings them back to the letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import JSON, Dialect, select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from dashboard.database.composite_keys import identity_of
from dashboard.database.keys import key_of
from dashboard.extensions import db
from dashboard.history.around import Before
from dashboard.history.as_stored import IsOther, as_written, is_of_json, is_other
from dashboard.registry import Record, registry
from dashboard.search.index import among


class Original(NamedTuple):
    """A value, and how the database had it where that is written otherwise."""

    value: Any
    stored: Any


def with_originals(session: Session, befores: Mapping[Any, Before]) -> dict[Any, Before]:
    """The same with what is stored otherwise than its value would be; one statement for each kind."""
    found, kinds = {**befores}, defaultdict[str, list[Any]](list)
    for state, before in befores.items():
        if _names(registry().of(state.class_), before):
            kinds[registry().of(state.class_).kind].append(state)
    for kind, states in kinds.items():
        for state, stored in zip(states, _read(session, registry()[kind], states, befores), strict=True):
            found[state] = befores[state]._replace(stored=stored)
    return found


def _names(declared: Record, before: Before) -> list[str]:
    """The changed fields whose values may be stored otherwise."""
    return [
        name
        for name in before.changed
        if before.values.get(name) not in (None, JSON.NULL)
        and not (name in declared.links or name in declared.masked or name in declared.references)
        and _check(_type_of(declared, name), db.engine.dialect) is not None
    ]


def _read(
    session: Session, declared: Record, states: Sequence[Any], befores: Mapping[Any, Before]
) -> list[Mapping[str, Any]]:
    names = sorted({name for state in states for name in _names(declared, befores[state])})
    raw = [as_written(getattr(declared.model, name)).label(f"raw_{at}") for at, name in enumerate(names)]
    keys = [identity_of(state.obj()) for state in states]
    rows = session.execute(select(declared.key, *raw).where(among(declared.key, keys)))
    by_key = {key_of(declared.key.type, key): dict(zip(names, its, strict=True)) for key, *its in rows}
    return [
        _kept(declared, befores[state], by_key.get(key_of(declared.key.type, key), {}))
        for state, key in zip(states, keys, strict=True)
    ]


def _kept(declared: Record, before: Before, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has to be kept besides the values."""
    checks = {name: _check(_type_of(declared, name), db.engine.dialect) for name in _names(declared, before)}
    return {
        name: raw[name]
        for name, is_written_otherwise in checks.items()
        if is_written_otherwise is not None
        and is_of_json(raw.get(name))
        and is_written_otherwise(before.values[name], raw[name])
    }


def _type_of(declared: Record, name: str) -> TypeEngine[Any]:
    found: TypeEngine[Any] = getattr(declared.model, name).type
    return found


@cache
def _check(kind: TypeEngine[Any], dialect: Dialect) -> IsOther | None:
    return is_other(kind, dialect)
