"""What a bulk action is done to: records picked one by one, or every record that a list shows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from dashboard.admin.kit.parsing import read_id, read_ids
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.history.since import changed_since
from dashboard.listing.result_set import ResultSet
from dashboard.listing.state import Listing, read_query
from dashboard.refusal import Refusal
from dashboard.search.index import among
from dashboard.text.shortening import quoted
from dashboard.words import counted

MATCHING = "matching"
"""The field that selects every record of a list; it holds the list's own query string."""
NUMBER = "number"
"""The field with the number of records that the question named."""
SEEN = "seen"
"""The field that says where the history was when the question was asked."""
NAMED = 5
MAXIMUM_SELECTION = 1000
Fetch = Callable[[Sequence[int]], Sequence[Any]]
STALE = "This selection no longer fits the list. Nothing was changed; please select again."
LOOK_AGAIN = "Nothing was changed. Review it and try again."
CHANGED = f"The list has just changed. {LOOK_AGAIN}"


@dataclass(frozen=True)
class Source:
    """The list that records are chosen from; ``kind`` is what the history calls them.

    The ids ``left_out`` are no part of everything that it shows; ``fetch`` reads records by their ids.
    """

    kind: str
    listing: Listing
    singular: str
    left_out: frozenset[int]
    fetch: Fetch


@dataclass(frozen=True, kw_only=True)
class Selection(ABC):
    """The records that a bulk action is done to.

    ``seen`` is where the history was when somebody was shown what will be done, None where nobody was; a
    record that was changed since is in the way of all.
    """

    source: Source
    seen: int | None = None

    @property
    @abstractmethod
    def number(self) -> int:
        """How many there are."""

    @property
    @abstractmethod
    def fields(self) -> Sequence[tuple[str, str]]:
        """What a form sends to select the same."""

    @abstractmethod
    def names(self, most: int) -> Sequence[str]:
        """The names of the first of them."""

    @abstractmethod
    def keys(self, lock: bool) -> Iterator[Sequence[int]]:
        """All ids, some at a time; raises Refusal where they turn out not to be as many as told.

        Where `lock` is set, nobody changes the records of those that came until the transaction ends.
        """

    def key_slices(self) -> Iterator[Sequence[int]]:
        """All ids, some at a time, to be changed; raises Refusal where anybody changed one since.

        They are locked before they are compared, so that a faster change is waited for and noticed.
        """
        for keys in self.keys(lock=True):
            if self.seen is not None and keys:
                self._refuse_changed(keys, self.seen)
            yield keys

    def slices(self) -> Iterator[Sequence[Any]]:
        """All records, some at a time, as `key_slices` has their ids."""
        for keys in self.key_slices():
            yield self.source.fetch(keys)

    def _refuse_changed(self, keys: Sequence[int], seen: int) -> None:
        changed = sorted(changed_since(db.session, self.source.kind, keys, seen))
        if changed:
            named = ", ".join(map(quoted, self.source.fetch(changed[:NAMED])))
            more = f" and {len(changed) - NAMED:,} more" if len(changed) > NAMED else ""
            verb = "was" if len(changed) == 1 else "were"
            raise Refusal(f"{named}{more} {verb} changed since. {LOOK_AGAIN}")


@dataclass(frozen=True, kw_only=True)
class Picked(Selection):
    """Records that were picked one by one."""

    records: Sequence[Any]

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.records)

    @property
    def fields(self) -> Sequence[tuple[str, str]]:
        """Each of them, and the number that somebody was told."""
        return [*(("rowid", str(record.id)) for record in self.records), (NUMBER, str(self.number))]

    def names(self, most: int) -> Sequence[str]:
        """The names of the first of them."""
        return [str(record) for record in self.records[:most]]

    def keys(self, lock: bool) -> Iterator[Sequence[int]]:
        """All ids at once; raises Refusal where one is gone since it was read."""
        keys = [record.id for record in self.records]
        if lock and self._lock(keys) != sorted(keys):
            raise Refusal(CHANGED)
        yield keys

    def _lock(self, keys: Sequence[int]) -> Sequence[int]:
        key = self.source.listing.key
        there = select(key).where(among(key, keys), *self.source.listing.scope())
        return db.session.scalars(for_writing(there, key)).all()


@dataclass(frozen=True, kw_only=True)
class AllMatching(Selection):
    """Every record that a list shows, on all its pages."""

    matching: ResultSet

    @property
    def number(self) -> int:
        """How many there are."""
        return self.matching.number

    @property
    def fields(self) -> Sequence[tuple[str, str]]:
        """The list's own query, and the number that somebody was told."""
        return [(MATCHING, self.matching.state.query_string), (NUMBER, str(self.number))]

    def names(self, most: int) -> Sequence[str]:
        """The names of the first of them, in the order of the list."""
        return self.matching.titles(most)

    def keys(self, lock: bool) -> Iterator[Sequence[int]]:
        """All ids, some at a time; raises Refusal at the end where others came or went."""
        done = 0
        for keys in self.matching.slices(lock):
            yield keys
            done += len(keys)
        if done != self.number:  # PostgreSQL lets others write between the count and the last slice
            raise Refusal(CHANGED)


def read_selection(form: MultiDict[str, str], source: Source) -> Selection:
    """What a form selects among the records of a list; raises Refusal where that holds no longer."""
    seen = read_id(form.get(SEEN, ""))
    if MATCHING not in form:
        if len(form.getlist("rowid")) > MAXIMUM_SELECTION:
            raise Refusal(f"Select at most {MAXIMUM_SELECTION:,} at once. Nothing was changed.")
        records = source.fetch(read_ids(form.getlist("rowid"), MAXIMUM_SELECTION))
        if NUMBER in form:
            _hold_to(form[NUMBER], len(records), source.singular)
        return Picked(source=source, seen=seen, records=records)
    matching = _read_matching(source.listing, form[MATCHING], source.left_out)
    if "confirm" in form:
        _hold_to(form.get(NUMBER, ""), matching.number, source.singular)
    return AllMatching(source=source, seen=seen, matching=matching)


def _read_matching(listing: Listing, query: str, locked: frozenset[int]) -> ResultSet:
    state = read_query(listing, query)
    # A filter that is gone by now, such as that for a category, would leave more than somebody selected.
    if state.query_string != query:
        raise Refusal(STALE)
    return ResultSet.of(db.session, listing, state, locked)


def _hold_to(told: str, number: int, singular: str) -> None:
    """Raise Refusal unless `told`, the number that the question named, is still right."""
    promised = read_id(told)
    if promised is None:
        raise Refusal(STALE)
    if promised != number:
        raise Refusal(
            f"The list has changed: it now has {counted(number, singular)}, not {promised:,}. {LOOK_AGAIN}"
        )
