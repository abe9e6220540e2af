"""The list of change sets: its columns and its filters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func, select
from werkzeug.datastructures import MultiDict

from dashboard.accounts.models import User
from dashboard.accounts.names import PERSON
from dashboard.admin.kit.parsing import read_ids
from dashboard.admin.ledger.change_summary import ORIGINS
from dashboard.admin.ledger.field_filter import FIELD, ChangedFields
from dashboard.admin.ledger.names import find_record
from dashboard.admin.ledger.visibility import (
    author_words,
    holds_visible,
    sees_everything,
    visible_changes,
    visible_kinds,
    visible_sets,
)
from dashboard.extensions import db
from dashboard.history.models import Change, ChangeKind, ChangeSet, Origin
from dashboard.listing.columns import Column, Kind
from dashboard.listing.filters import UNKNOWN_OPTION, Choices, FilterValue, OneOf, Option
from dashboard.listing.ranges import Dates
from dashboard.listing.state import Listing
from dashboard.registry import registry
from dashboard.search.keys import sort_key

MOST_PEOPLE = 40
MOST_ASKED = 20
MOST_LOOKED_UP = 50_000
SYSTEM = Option("nobody", "System", None)
KINDS = {
    ChangeKind.CREATE: "Created",
    ChangeKind.EDIT: "Edited",
    ChangeKind.DELETE: "Deleted",
    ChangeKind.RESTORE: "Restored",
    ChangeKind.IMPORT: "Imported",
    ChangeKind.EXPORT: "Exported",
    ChangeKind.LINK: "Link created",
    ChangeKind.PURGE: "Permanently deleted",
    ChangeKind.REVERT: "Reverted",
    ChangeKind.UNDO: "Undone",
    ChangeKind.ERASE: "Erased",
}
KIND_OPTIONS = [Option(kind.value, label, kind) for kind, label in KINDS.items()]
ORIGIN_OPTIONS = [Option(origin.value, ORIGINS[origin], origin) for origin in Origin]


@dataclass(frozen=True)
class Person(OneOf):
    """The filter by author: the users who changed anything that the current user may see."""

    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Read the users that exist, also those beyond the first, which alone are offered."""
        asked = [value for value in args.getlist(self.name) if value.strip()]
        if not asked:
            return FilterValue()
        offered = self.options()
        known = {option.value for option in offered}
        others = [key for key in read_ids(asked, MOST_ASKED) if key not in known]
        options = [*offered, *(people(others) if others else ())]
        return Choices.read(replace(self, options=lambda: options), args)


@dataclass(frozen=True)
class Records(Choices):
    """The filter by the kind of the changed records."""

    def condition(self, values: Sequence[str]) -> ColumnElement[bool]:
        """Change sets that hold such a record: looked up where they are few, else tested one by one."""
        seen = visible_changes(values)
        found = select(Change.change_set_id).where(seen).distinct()
        first = found.limit(MOST_LOOKED_UP + 1).subquery()
        number = db.session.scalar(select(func.count()).select_from(first)) or 0
        return holds_visible(values) if number > MOST_LOOKED_UP else ChangeSet.id.in_(found)


@dataclass(frozen=True)
class OneRecord(Choices):
    """The filter by one record, ``products:12`` in the address; offered only where the address has it."""

    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Read the record if it is in the history and the current user may see it."""
        value = args.get(self.name, "").strip()
        if not value:
            return FilterValue()
        kind, _, key = value.partition(":")
        found = find_record(kind, key)
        if found is None:
            return FilterValue(errors={self.name: UNKNOWN_OPTION})
        its = (Change.of(kind, found.key), visible_changes([kind]))
        return FilterValue(
            pairs=((self.name, value),),
            chips=[(found.words, ())],
            where=ChangeSet.id.in_(select(Change.change_set_id).where(*its)),
            options=[Option(value, found.words, None)],
        )


def record_options() -> list[Option]:
    """The kinds of records that the current user may see any of, as options of a filter."""
    return [Option(kind, registry()[kind].name, kind) for kind in visible_kinds()]


def people(keys: Collection[int] = ()) -> list[Option]:
    """The first users who changed anything that the current user may see, or those of `keys`, by name."""
    if keys:
        authors = (
            select(ChangeSet.author_id.label("id")).where(ChangeSet.author_id.in_(keys)).distinct().cte()
        )
    else:
        authors = _every_author()
    rows = select(authors.c.id, *PERSON).outerjoin(User, User.id == authors.c.id)
    rows = rows.where(authors.c.id.is_not(None)).limit(MOST_PEOPLE)
    if not sees_everything():
        rows = rows.where(
            select(ChangeSet.id).where(ChangeSet.author_id == authors.c.id, holds_visible()).exists()
        )
    found = db.session.execute(rows)
    options = [Option(str(key), author_words(key, account), key) for key, *account in found]
    return sorted(options, key=lambda option: sort_key(option.label))


def _every_author() -> Any:
    """Each author once, found by steps through the index instead of a scan of the change sets."""
    step = select(func.min(ChangeSet.author_id).label("id")).cte("step", recursive=True)
    later = select(func.min(ChangeSet.author_id)).where(ChangeSet.author_id > step.c.id).scalar_subquery()
    return step.union_all(select(later).where(step.c.id.is_not(None)))


def people_options() -> list[Option]:
    """The users to choose from, and the system."""
    return [*people(), SYSTEM]


LISTING = Listing(
    key=ChangeSet.id,
    title=ChangeSet.kind,
    sort="-when",
    scope=visible_sets,
    columns=(
        Column("what", "What", (ChangeSet.kind,), sortable=False),
        Column("when", "When", (ChangeSet.at,), Kind.DATE),
        Column("who", "Who", (ChangeSet.author_id,), sortable=False),
        Column("origin", "Source", (ChangeSet.origin,), sortable=False),
        Column("changes", "Changes", (ChangeSet.id,), Kind.NUMBER, sortable=False),
    ),
    facets=(
        OneRecord("record", "Record", list),
        ChangedFields(FIELD, "Changed field", list),
        OneOf("kind", "Action", lambda: KIND_OPTIONS, ChangeSet.kind),
        Dates("when", "When", ChangeSet.at),
        Records("of", "Type", record_options),
        Person("person", "User", people_options, ChangeSet.author_id),
        OneOf("origin", "Source", lambda: ORIGIN_OPTIONS, ChangeSet.origin),
    ),
)
