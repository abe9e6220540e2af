"""The order in which records are put back, so that each finds the records to which it refers.

Values are changed first, because a restored record may need one that was taken, and references to records
that are still missing last. Records that others refer to instead of a missing one go at the very end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ForeignKey, select
from sqlalchemy.exc import NoReferenceError

from dashboard.database.keys import Key, key_of
from dashboard.database.transactions import AnySession
from dashboard.registry import Record, Values
from dashboard.search.index import among

Rows = dict[Key, Values]


@dataclass(frozen=True)
class Work:
    """The work to put records of a kind back: new values by their keys, keys to remove, values to restore.

    ``then`` are the values of restored records that had others when they were deleted, and ``now`` those that
    the records with new values have.
    """

    record: Record
    change: Rows
    now: Rows
    remove: Sequence[Key]
    restore: Rows
    then: Rows


class PuttingBack:
    """Puts records back, some thousand at a time; `finish` writes what had to wait for others."""

    def __init__(self, session: AnySession) -> None:
        self.session = session
        self._waiting = defaultdict[str, Rows](dict)
        """References to records that are missing, by kind and key."""
        self._hoped = defaultdict[str, Rows](dict)
        """Those of restored records, which refer to nothing where the other one does not come back."""
        self._held = set[tuple[str, Key]]()
        """The records that waiting references still have."""
        self._last = defaultdict[str, list[Key]](list)
        self._kinds = dict[str, Record]()

    def put_back(self, works: Sequence[Work]) -> int:
        """Put records back and return their number. Raises what the kinds of records raise."""
        self._kinds |= {work.record.kind: work.record for work in works}
        for work in works:
            self._change(work.record, work.change, work.now)
        for work in works:
            self._remove(work)
        for work in works:
            self._restore(work)
        self._settle()
        return sum(len(work.change) + len(work.remove) + len(work.restore) for work in works)

    def finish(self) -> None:
        """Write all that waits. Raises what the kinds of records raise where a record is still missing."""
        for kind, rows in self._waiting.items():
            if rows:
                self._kinds[kind].reverting.change(rows)
        for kind, keys in self._last.items():
            self._kinds[kind].reverting.remove(keys)

    def _change(self, record: Record, new: Rows, now: Rows) -> None:
        ready, missing = self._parted(record, new)
        self._waiting[record.kind] |= missing
        for key, values in missing.items():
            self._held |= {
                (record.references[name], key_of(_foreign(record, name).column.type, value))
                for name in values
                if (value := now.get(key, {}).get(name)) is not None
            }
        if ready:
            record.reverting.change(ready)

    def _remove(self, work: Work) -> None:
        kind = work.record.kind
        keys = [key for key in work.remove if (kind, key) not in self._held]
        self._last[kind] += [key for key in work.remove if (kind, key) in self._held]
        if keys:
            work.record.reverting.remove(keys)

    def _restore(self, work: Work) -> None:
        if not work.restore:
            return
        work.record.reverting.restore(work.restore)
        if work.then:
            self._change(work.record, work.then, {})
        _, missing = self._parted(work.record, work.restore)
        self._hoped[work.record.kind] |= {key: its for key, its in missing.items() if key not in work.then}

    def _settle(self) -> None:
        """Write the references to records that have come back."""
        for waiting in (self._waiting, self._hoped):
            for kind, rows in waiting.items():
                ready, waiting[kind] = self._parted(self._kinds[kind], rows)
                if ready:
                    self._kinds[kind].reverting.change(ready)

    def _parted(self, record: Record, new: Rows) -> tuple[Rows, Rows]:
        """The values that can be written now, and the references to records that are missing."""
        missing = {
            name: self._missing(foreign.column, [row[name] for row in new.values() if name in row])
            for name, foreign in _all_foreign(record)
        }
        if not any(missing.values()):
            return new, {}
        later = {
            key: {name: row[name] for name, gone in missing.items() if row.get(name) in gone}
            for key, row in new.items()
        }
        ready = {key: {name: row[name] for name in row if name not in later[key]} for key, row in new.items()}
        return _not_empty(ready), _not_empty(later)

    def _missing(self, target: Column[Any], values: Sequence[Any]) -> set[Any]:
        wanted = {value for value in values if value is not None}
        if not wanted:
            return set()
        return wanted - {*self.session.scalars(select(target).where(among(target, [*wanted])))}


def _not_empty(rows: Mapping[Key, Values]) -> Rows:
    return {key: values for key, values in rows.items() if values}


def _all_foreign(record: Record) -> Iterator[tuple[str, ForeignKey]]:
    """The recorded references to tables that are described."""
    for name in record.references:
        foreign = _foreign(record, name)
        try:
            foreign.column  # noqa: B018
        except NoReferenceError:
            continue
        yield name, foreign


def _foreign(record: Record, name: str) -> ForeignKey:
    found: ForeignKey = next(iter(getattr(record.model, name).property.columns[0].foreign_keys))
    return found
