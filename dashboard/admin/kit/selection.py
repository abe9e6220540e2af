"""The records of a bulk action: picked one by one, or every record of a list."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from dashboard.admin.kit.parsing import read_id
from dashboard.database.keys import key_of
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.history.since import changed_since
from dashboard.listing.result_set import ResultSet
from dashboard.listing.state import Listing, read_query
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.search.index import among
from dashboard.text.shortening import quoted
from dashboard.words import counted

MATCHING = "matching"
"""The field that selects every record of a list; it holds the query string of the list."""
NUMBER = "number"
"""The field with the number of records that the question named."""
SEEN = "seen"
"""The field with the position of the history when the question was asked."""
NAMED = 5
MAXIMUM_SELECTION = 1000
Fetch = Callable[[Sequence[Any]], Sequence[Any]]
STALE = "This selection no longer matches the list. Nothing was changed. Select again."
LOOK_AGAIN = "Nothing was changed. Review it and try again."
CHANGED = f"The list changed at the same moment. {LOOK_AGAIN}"


@dataclass(frozen=True)
class Source:
    """The list that records are selected from; ``kind`` is their name in the history.

    Selecting everything leaves out the keys in ``left_out``; ``fetch`` reads records by their keys.
    """

    kind: str
    listing: Listing
    singular: str
    left_out: frozenset[Any]
    fetch: Fetch

    def names_of(self, keys: Sequence[Any]) -> list[str]:
        """The names of the records with these keys."""
        return [self.listing.name_of(record) for record in self.fetch(keys)]


@dataclass(frozen=True, kw_only=True)
class Selection(ABC):
    """The records of a bulk action.

    ``seen`` is the position of the history when the user was asked, None where the user was not. A record
    that changed since then stops the action for all.
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
        """The fields with which a form selects the same records."""

    @abstractmethod
    def names(self, most: int) -> Sequence[str]:
        """The names of the first of them."""

    @abstractmethod
    def keys(self, lock: bool) -> Iterator[Sequence[Any]]:
        """All keys in slices; raises Refusal where their number is not the one in the question.

        `lock` locks the records of each slice until the transaction ends.
        """

    def key_slices(self) -> Iterator[Sequence[Any]]:
        """All keys in slices, to be changed; raises Refusal where one has changed since the question.

        They are locked before they are compared: another transaction may be changing them right now.
        """
        for keys in self.keys(lock=True):
            if self.seen is not None and keys:
                self._refuse_changed(keys, self.seen)
            yield keys

    def slices(self) -> Iterator[Sequence[Any]]:
        """All records, in the slices of `key_slices`."""
        for keys in self.key_slices():
            yield self.source.fetch(keys)

    def _refuse_changed(self, keys: Sequence[Any], seen: int) -> None:
        listing = self.source.listing
        stored = [key_of(listing.key.type, key) for key in keys]
        changed: list[Any] = sorted(changed_since(db.session, self.source.kind, stored, seen))
        if changed:
            first = [listing.read_key(str(key)) for key in changed[:NAMED]]
            named = ", ".join(map(quoted, self.source.names_of(first)))
            more = f" and {number_words(len(changed) - NAMED)} more" if len(changed) > NAMED else ""
            verb = "has" if len(changed) == 1 else "have"
            raise Refusal(f"{named}{more} {verb} changed since you opened this page. {LOOK_AGAIN}")


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
        """The key of each, and the number in the question."""
        key_of = self.source.listing.key_of
        return [*(("rowid", str(key_of(record))) for record in self.records), (NUMBER, str(self.number))]

    def names(self, most: int) -> Sequence[str]:
        """The names of the first of them."""
        return [self.source.listing.name_of(record) for record in self.records[:most]]

    def keys(self, lock: bool) -> Iterator[Sequence[Any]]:
        """All keys at once; raises Refusal where a record was deleted after it was read."""
        keys = [getattr(record, self.source.listing.key.key) for record in self.records]
        if lock and len(self._lock(keys)) != len(keys):
            raise Refusal(CHANGED)
        yield keys

    def _lock(self, keys: Sequence[Any]) -> Sequence[Any]:
        key = self.source.listing.key
        there = select(key).where(among(key, keys), *self.source.listing.scope())
        return db.session.scalars(for_writing(there, key)).all()


@dataclass(frozen=True, kw_only=True)
class AllMatching(Selection):
    """Every record of a list, on all its pages."""

    matching: ResultSet

    @property
    def number(self) -> int:
        """How many there are."""
        return self.matching.number

    @property
    def fields(self) -> Sequence[tuple[str, str]]:
        """The query of the list, and the number in the question."""
        return [(MATCHING, self.matching.state.query_string), (NUMBER, str(self.number))]

    def names(self, most: int) -> Sequence[str]:
        """The names of the first of them, in the order of the list."""
        return self.matching.titles(most)

    def keys(self, lock: bool) -> Iterator[Sequence[Any]]:
        """All keys in slices; raises Refusal at the end where their number has changed."""
        done = 0
        for keys in self.matching.slices(lock):
            yield keys
            done += len(keys)
        if done != self.number:  # PostgreSQL lets others write between the count and the last slice
            raise Refusal(CHANGED)


def read_selection(form: MultiDict[str, str], source: Source) -> Selection:
    """The records of a list that a form selects; raises Refusal where the list has changed."""
    seen = read_id(form.get(SEEN, ""))
    if MATCHING not in form:
        if len(form.getlist("rowid")) > MAXIMUM_SELECTION:
            raise Refusal(f"Select at most {number_words(MAXIMUM_SELECTION)} at once. Nothing was changed.")
        keys = dict.fromkeys(map(source.listing.read_key, form.getlist("rowid")))
        records = source.fetch([key for key in keys if key is not None])
        if NUMBER in form:
            _hold_to(form[NUMBER], len(records), source.singular)
        return Picked(source=source, seen=seen, records=records)
    matching = _read_matching(source.listing, form[MATCHING], source.left_out)
    if "confirm" in form:
        _hold_to(form.get(NUMBER, ""), matching.number, source.singular)
    return AllMatching(source=source, seen=seen, matching=matching)


def _read_matching(listing: Listing, query: str, locked: frozenset[Any]) -> ResultSet:
    state = read_query(listing, query)
    # Without a filter that no longer exists, such as a deleted category, more records than before match.
    if state.query_string != query:
        raise Refusal(STALE)
    return ResultSet.of(db.session, listing, state, locked)


def _hold_to(told: str, number: int, singular: str) -> None:
    """Raise Refusal unless `told`, the number in the question, is still right."""
    promised = read_id(told)
    if promised is None:
        raise Refusal(STALE)
    if promised != number:
        raise Refusal(
            f"The list has changed: it now has {counted(number, singular)}, "
            f"not {number_words(promised)}. {LOOK_AGAIN}"
        )
