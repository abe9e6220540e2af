"""The records of several kinds that were changed last, read from the history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from dashboard.admin.kit.urls import ScreenUrls
from dashboard.admin.ledger.names import MOST_KINDS, read_names
from dashboard.extensions import db
from dashboard.history.about import Named
from dashboard.history.latest import last_changed
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
    changed: dict[Named, datetime] = {}
    for start in range(0, len(kinds), MOST_KINDS):
        changed |= last_changed(db.session, kinds[start : start + MOST_KINDS], LATEST)
    newest = dict(sorted(changed.items(), key=lambda each: each[1], reverse=True))
    return [*islice(_visible(newest), most)]


def _visible(changed: dict[Named, datetime]) -> Iterator[RecentRecord]:
    names = read_names((), changed)  # no last names: those that are gone are not shown
    for named, at in changed.items():
        if names.can_open(named):
            kind, key = named
            record = registry()[kind]
            name = names.of(named) or record.words(key, None)
            yield RecentRecord(name, record.singular, ScreenUrls(record.endpoint).page_of(key), at)
