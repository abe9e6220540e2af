"""The search of the history: a bounded look at the newest changes that the filters leave.

No index holds the texts of changes: it would be as large as the history, and all that is erased would have to
be erased from it. So the newest changes are read, and the page says so where there are more.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from dashboard.accounts.models import User
from dashboard.accounts.names import NOBODY, PERSON
from dashboard.accounts.people import Person
from dashboard.admin.ledger.visibility import author_words, visible_changes
from dashboard.database.binary_keys import as_text
from dashboard.database.keys import Key, key_of
from dashboard.extensions import db
from dashboard.history.about import NAMING, Named, named_by
from dashboard.history.models import Action, Change, ChangeSet, Origin, read_pairs
from dashboard.history.values import MASK
from dashboard.listing.counting import planning_statistics
from dashboard.listing.paging import Rows
from dashboard.listing.state import Listing, ListState
from dashboard.listing.statements import Window
from dashboard.registry import Record, registry
from dashboard.search.index import SearchIndex, among
from dashboard.search.text import fold, words

MOST_LOOKED_AT = 10_000
"""Change sets and changes that a search looks at."""
MOST_FOUND = 5_000
READ = (
    Change.change_set_id,
    *NAMING,
    Change.action,
    Change.fields,
)
LIMITED = "Searched the newest {} changes. Choose days or other filters to search older ones."


@dataclass(frozen=True)
class FoundSets(SearchIndex):
    """The change sets that a search has found, as the lists ask for them."""

    sets: tuple[int, ...]
    is_whole: bool
    """Whether all changes that the filters leave were looked at."""

    def words(self, query: str) -> tuple[str, ...]:
        """The folded words of `query`."""
        return words(fold(query))

    def containing(self, words: Sequence[str]) -> ColumnElement[bool]:  # noqa: ARG002 - already looked for
        """Fits the change sets that were found."""
        return among(ChangeSet.id, self.sets)

    def keys(self, words: Sequence[str], dialect: str) -> Select[Any]:  # noqa: ARG002
        """Read their numbers."""
        return select(ChangeSet.id).where(among(ChangeSet.id, self.sets))

    def is_rare(self, words: Sequence[str]) -> bool:  # noqa: ARG002
        """Whether they are few: always."""
        return True


@dataclass(frozen=True)
class Look:
    """The change sets that a search looks at, with what it may find in each beside the changes."""

    beside: Mapping[int, str]
    """The author and the note of each, folded."""
    changes: Sequence[Any]
    names: Mapping[Named, str]
    """The names of the records, now and in these changes, folded."""


def search(listing: Listing, state: ListState) -> Listing:
    """The list with the search of `state` in it, which looks at the newest changes."""
    asked = words(fold(state.query))
    if not asked:
        return listing
    newest = _newest(listing, state)
    changes = _changes_of(newest[:MOST_LOOKED_AT])
    look = Look(
        _beside(newest[:MOST_LOOKED_AT]), changes[:MOST_LOOKED_AT], _names_in(changes[:MOST_LOOKED_AT])
    )
    found = [*dict.fromkeys(_matching(look, asked))]
    is_whole = max(len(newest), len(changes)) <= MOST_LOOKED_AT and len(found) <= MOST_FOUND
    return replace(listing, search=FoundSets(tuple(found[:MOST_FOUND]), is_whole))


def is_limited(listing: Listing) -> bool:
    """Whether a search has not looked at all changes."""
    return isinstance(listing.search, FoundSets) and not listing.search.is_whole


def _newest(listing: Listing, state: ListState) -> list[int]:
    """The numbers of the newest change sets that the filters leave, one more than are looked at."""
    whole = state.at_start(query="", sort=listing.sort)
    wanted = MOST_LOOKED_AT + 1
    known = planning_statistics(db.session, listing, whole)
    rows = Rows.planned(db.session, listing, whole, (), known, wanted)
    return [row.key for row in rows.read(Window(wanted))]


def _changes_of(keys: Sequence[int]) -> Sequence[Any]:
    """Their changes that the current user may see, the newest first."""
    its = select(*READ).where(among(Change.change_set_id, keys), visible_changes())
    its = its.order_by(Change.change_set_id.desc(), Change.id).limit(MOST_LOOKED_AT + 1)
    return db.session.connection().execute(its).all()


def _beside(keys: Sequence[int]) -> dict[int, str]:
    columns = (ChangeSet.id, ChangeSet.author_id, ChangeSet.origin, ChangeSet.note, ChangeSet.reason)
    sets = db.session.connection().execute(select(*columns).where(among(ChangeSet.id, keys))).all()
    authors = {each.author_id for each in sets if each.author_id is not None}
    people = select(*PERSON).where(User.id.in_(authors))
    accounts = {each.id: each for each in db.session.execute(people)} if authors else {}

    @cache
    def who(author: int | None, origin: Origin) -> str:
        account = accounts.get(author) if author is not None else None
        words = author_words(author, account or NOBODY, origin)
        return fold(words.searched if isinstance(words, Person) else words)

    return {
        each.id: f"{who(each.author_id, each.origin)} {fold(each.note)} {fold(each.reason or '')}"
        for each in sets
    }


def _names_in(changes: Sequence[Any]) -> dict[Named, str]:
    found = defaultdict[Named, str](str)
    for change in changes:
        record = registry().get(change.record_kind)
        if record and change.fields and f'"{record.title.key}":' in change.fields:
            names = read_pairs(change.fields).get(record.title.key, ())
            found[named_by(change)] += fold(" ".join(str(name) for name in names if name)) + " "
    kinds = defaultdict[str, list[Key]](list)
    for kind, key in dict.fromkeys(map(named_by, changes)):
        kinds[kind].append(key)
    for kind, keys in kinds.items():
        for key, name in _titles(registry().get(kind), keys):
            found[kind, key] += fold(name)
    return found


def _titles(record: Record | None, keys: Sequence[Key]) -> Iterator[tuple[Key, str]]:
    """The names of those records of a kind that exist and that the current user may see."""
    if record is None:
        return
    values = [value for key in keys if (value := record.read_key(str(key))) is not None]
    title = as_text(record.title)
    there = select(record.key, title).where(among(record.key, values), *record.scope())
    for key, name in db.session.execute(there):
        yield key_of(record.key.type, key), str(name or "")


def _matching(look: Look, asked: Sequence[str]) -> Iterator[int]:
    """The numbers of the change sets with a change that has all words, some several times."""
    # Quotes are written otherwise in JSON.
    written = {word: json.dumps(word, ensure_ascii=False)[1:-1] for word in asked}
    labelled = {record.kind: [*_in_labels(record, asked)] for record in registry()}
    for change in look.changes:
        rest = f"{look.beside[change.change_set_id]} {look.names.get(named_by(change), '')}"
        open_words = [word for word in asked if word not in rest]
        raw = fold(change.fields or "") if open_words else ""
        named = labelled.get(change.record_kind, ())
        if all(written[word] in raw or word in named for word in open_words):
            text = _text_of(change) if open_words else ""
            if all(word in text for word in open_words):
                yield change.change_set_id


def _in_labels(record: Record, asked: Sequence[str]) -> Iterator[str]:
    labels = fold(" ".join(record.fields.values()))
    return (word for word in asked if word in labels)


def _text_of(change: Any) -> str:
    """The values of a change, and the labels of the fields that were edited, folded."""
    record, pairs = registry().get(change.record_kind), read_pairs(change.fields)
    labels = record.fields if record and change.action is Action.CHANGE else {}
    values = (str(value) for pair in pairs.values() for value in pair if value not in (None, MASK))
    return fold(" ".join([*values, *(labels.get(name, "") for name in pairs)]))
