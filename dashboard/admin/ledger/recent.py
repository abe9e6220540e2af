"""The records of several kinds that were changed last, read from the history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, literal, select, union_all

from dashboard.admin.kit.urls import ScreenUrls
from dashboard.admin.ledger.names import MOST_KINDS, read_names
from dashboard.database.keys import Key
from dashboard.extensions import db
from dashboard.history.about import Named
from dashboard.history.models import Action, Change, ChangeSet, stored_key
from dashboard.registry import registry

LATEST = 20
"""The changes of a kind that are looked at: an index has them, whatever they are."""


@dataclass(frozen=True)
class RecentRecord:
    """A record that was changed recently: its name, its noun, its page and the moment."""

    name: str
    noun: str
    url: str
    at: datetime


def recent_records(kinds: Sequence[str], most: int) -> list[RecentRecord]:
    """The records of these kinds that were changed last and that the current user may see, at most `most`.

    It takes two statements for up to `MOST_KINDS` kinds, and reads no more than the latest changes of each.
    """
    changed = _changed(kinds)
    return [*islice(_visible(changed), most)]


def _visible(changed: dict[Named, datetime]) -> Iterator[RecentRecord]:
    names = read_names((), changed)  # no last names: those that are gone are not shown
    for named, at in changed.items():
        if names.can_open(named):
            kind, key = named
            record = registry()[kind]
            name = names.of(named) or record.words(key, None)
            yield RecentRecord(name, record.singular, ScreenUrls(record.endpoint).page_of(key), at)


def _changed(kinds: Sequence[str]) -> dict[Named, datetime]:
    """The records of the latest changes of each kind, each with its last moment, the newest first."""
    rows: list[Any] = []
    for start in range(0, len(kinds), MOST_KINDS):
        latest = union_all(*map(_latest, kinds[start : start + MOST_KINDS])).subquery()
        sets = select(latest, ChangeSet.at).join(ChangeSet, ChangeSet.id == latest.c.change_set_id)
        sets = sets.where(latest.c.action != Action.EXPORT)  # which is about no record
        rows += db.session.execute(sets)
    found: dict[Named, datetime] = {}
    for row in sorted(rows, key=lambda row: row.change_set_id, reverse=True):
        key: Key = stored_key(row.record_id, row.record_key)
        found.setdefault((row.record_kind, key), row.at)
    return found


def _latest(kind: str) -> Select[Any]:
    """The latest changes of a kind; whole, because parts of a union on SQLite have no order of their own."""
    columns = Change.record_kind, Change.record_id, Change.record_key, Change.change_set_id, Change.action
    its = select(*columns).where(Change.record_kind == literal(kind))
    return select(its.order_by(Change.change_set_id.desc()).limit(LATEST).subquery())
