"""The trash: records that were deleted, to be restored or deleted permanently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from flask_admin.actions import action
from sqlalchemy import ColumnElement

from dashboard.accounts.models import User
from dashboard.accounts.names import PERSON, called, names_of
from dashboard.accounts.people import Person
from dashboard.accounts.reauthentication.asking import needs_proof
from dashboard.admin.features.bulk_actions import BulkActions
from dashboard.admin.features.record_files import RecordFiles
from dashboard.admin.features.trash import Trash
from dashboard.admin.kit.asking import about, ask_or_do, only
from dashboard.admin.kit.by_person import by_person
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.detail import Fact, RecordAction
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import Selection
from dashboard.admin.kit.typed_name import TypedNameForm
from dashboard.admin.kit.urls import return_address
from dashboard.extensions import db
from dashboard.history.since import position
from dashboard.listing.columns import Badge, Column, Kind
from dashboard.listing.filters import OneOf, Option
from dashboard.listing.page import ListPage
from dashboard.listing.ranges import Dates
from dashboard.listing.state import Listing
from dashboard.permissions import Access, Permission
from dashboard.registry import Record, kind_of, registry
from dashboard.search.index import ColumnSearch
from dashboard.text.shortening import quoted
from dashboard.trash.flows import last_deleted_first, purge, values_of
from dashboard.trash.kinds import kinds_in_trash
from dashboard.trash.models import Trashed
from dashboard.trash.sweeping import expires, still_there, trash_days
from dashboard.words import counted, plural

RESTORE = "restore"
EXPIRES = "Expires"


def deleter(*account: Any) -> Person | None:
    """The user who deleted a record; None for a deleted user and for a command."""
    return None if account[0] is None else called(*account)


def kind_label(kind: str) -> str:
    """The name of a kind of record in the list."""
    return registry()[kind].singular.capitalize()


def restorable() -> list[Record]:
    """The kinds of records that the current user may restore."""
    return [record for record in kinds_in_trash() if record.allows(Access.WRITE)]


def expiry_words(deleted_at: datetime) -> datetime | str:
    """The day when a deleted record is deleted permanently, or a word where it never is by itself."""
    return expires(deleted_at) or "Never"


def kind_options() -> list[Option]:
    """The kinds of records that the current user may restore, as options of a filter."""
    return [Option(record.kind, kind_label(record.kind), record.kind) for record in restorable()]


def visible() -> list[ColumnElement[bool]]:
    """The conditions for records that the current user can restore."""
    return [*still_there(trash_days()), Trashed.kind.in_([record.kind for record in restorable()])]


class TrashedParts(Feature["TrashView"]):
    """The files of a deleted record on its page, and the words and the address of the list of the trash."""

    def on_record(self, record: Trashed) -> Mapping[str, Any]:
        """The lists of files that the record had."""
        files = self.screen.of(record.kind)[0].feature(RecordFiles)
        return {"file_lists": [*files.lists_in(values_of(record))] if files else []}

    def on_list(self, page: ListPage) -> Mapping[str, Any]:
        """The address of the button in each row, and the noun for the rows."""
        urls = self.screen.urls.from_list(page.url)
        return {"row_url": urls.post_to(RESTORE), "rows_title": f"deleted {plural(self.screen.singular)}"}


class TrashView(Screen):
    """The trash: deleted records of every kind that goes there."""

    features = (BulkActions(), TrashedParts())
    row_button = RESTORE
    usual_features = ()  # nothing refers to the records in it
    empty_title = "Trash is empty"
    search_placeholder = "Search name or code"
    listing = Listing(
        key=Trashed.id,
        title=Trashed.title,
        sort="-deleted",
        search=ColumnSearch(Trashed.search_text),
        joins=(Trashed.deleted_by,),
        scope=visible,
        columns=(
            Column("name", "Name", (Trashed.title,), sorted_by=Trashed.title_key),
            Column("code", "Code", (Trashed.code,), sorted_by=Trashed.code_key),
            Column("kind", "Type", (Trashed.kind,), show=kind_label),
            Column("by", "Deleted by", PERSON, show=deleter, sorted_by=User.name_key),
            Column("deleted", "Deleted", (Trashed.deleted_at,), Kind.DATE),
            Column("expires", EXPIRES, (Trashed.deleted_at,), Kind.DATE, show=expiry_words),
        ),
        facets=(
            OneOf("kind", "Type", kind_options, Trashed.kind),
            Dates("deleted", "Deleted", Trashed.deleted_at),
            by_person("by", "Deleted by", Trashed.deleted_by_id, visible),
        ),
        further={"by": None},
    )

    def __init__(self, *args: Any, screens: Sequence[Screen], **options: Any) -> None:
        super().__init__(*args, **options)
        self.screens = screens

    @property
    def singular(self) -> str:  # type: ignore[override]  # other screens have one kind of record
        """The noun for a record: that of its kind, where only one kind goes to the trash."""
        kinds = kinds_in_trash()
        return kinds[0].singular if len(kinds) == 1 else "record"

    @property
    def kind(self) -> str:
        """The kind of the rows of the trash, which have ids of their own and no history."""
        return kind_of(Trashed)

    def permission(self, access: Access) -> Permission:
        """The permission for any kind in the trash that the current user has, else for the first kind."""
        wanted = Access.WRITE if access is Access.READ else access
        kinds = kinds_in_trash()
        held = (record for record in kinds if record.allows(wanted))
        return next(held, kinds[0]).permission(wanted)

    def of(self, kind: str) -> tuple[Screen, Trash]:
        """The screen of a kind of record, and its trash feature."""
        found = ((s, s.feature(Trash)) for s in self.screens if s.kind == kind)
        return next((screen, trash) for screen, trash in found if trash is not None)

    @property
    def empty_text(self) -> str:  # type: ignore[override]  # other screens say the same always
        """The purpose of the trash, and for how long records stay in it."""
        what, days = plural(self.singular), trash_days()
        if not days:
            return f"Deleted {what} stay here until an owner deletes them permanently."
        until = counted(days, "day")
        return f"Deleted {what} stay here for {until}. Restore them at any time before then."

    def name_of(self, record: Trashed) -> str:
        """A record in messages, with its kind."""
        return f"{kind_label(record.kind)} {quoted(record)}"

    def facts(self, record: Trashed) -> Sequence[Fact]:
        """The facts of the deleted record, when it was deleted and by whom."""
        by, expiry = record.deleted_by_id, expires(record.deleted_at)
        return (
            *self.of(record.kind)[1].facts(values_of(record)),
            Fact("Deleted", record.deleted_at, Kind.DATE),
            Fact(EXPIRES, *((expiry, Kind.DATE) if expiry else ("Never",))),
            Fact("Deleted by", names_of([by]).get(by) if by else None),
        )

    def badge(self, record: Trashed) -> Badge:  # noqa: ARG002
        """The badge that says that the record is in the trash."""
        return Badge("In the trash", "bad")

    def record_actions(self, record: Trashed) -> Sequence[RecordAction]:
        """Restore, and for owners Delete permanently."""
        its = url_for(f"{self.of(record.kind)[0].endpoint}.history_view", id=record.record_key)
        history = RecordAction("History", its)
        back = return_address(self.urls.index)
        url = url_for(".restore_view", id=record.id, next=back if back != self.urls.index else None)
        restore = RecordAction("Restore", url, "primary", posts=True)
        if not registry()[record.kind].allows(Access.PURGE):
            return (history, restore)
        purge = RecordAction("Delete permanently", url_for(".purge_view", id=record.id), "bad")
        return (history, purge, restore)

    @route("/restore/", Access.WRITE, methods=("GET", "POST"))
    def restore_view(self) -> ResponseReturnValue:
        """Restore one record; a link to this address, such as that after a log-in, asks first."""
        return ask_or_do(self, self.ask_to_restore, self.restore)

    def ask_to_restore(self, record: Trashed) -> Confirmation:
        """The question before a record is restored."""
        consequence = "It will be back in its list unchanged, with the same address and its history."
        verb = f"Restore {registry()[record.kind].singular}"
        return Confirmation(f"Restore {record}?", consequence, verb)

    @route("/purge/", Access.PURGE, methods=("GET", "POST"))
    @needs_proof
    def purge_view(self) -> ResponseReturnValue:
        """Delete one record permanently once its name has been typed."""
        seen, record = position(db.session), self.get_or_404()
        if not registry()[record.kind].allows(Access.PURGE):
            abort(403)
        form = TypedNameForm(record.title)
        if form.validate_on_submit():
            return self.attempt(lambda: self.purge(only(self, record)))
        singular = registry()[record.kind].singular
        question = Confirmation(
            title=f"Delete {record} permanently?",
            consequence=f"This permanently deletes the {singular}. Its history is kept.",
            verb="Delete permanently",
            tone="bad",
            form=form,
        )
        return self.confirm(about(self, record, seen, question))

    def restore(self, chosen: Selection) -> str:
        """Restore the selected record and return the message."""
        [(record,)] = chosen.slices()
        name = self.name_of(record)
        self.of(record.kind)[1].restore([record.id])
        return f"{name} restored."

    def purge(self, chosen: Selection) -> str:
        """Delete the selected record permanently and return the message."""
        [(record,)] = chosen.slices()
        name = self.name_of(record)
        purge(Trashed.id == record.id)
        return f"{name} permanently deleted."

    @action("restore", "Restore")
    def action_restore(self, chosen: Selection) -> str:
        """Restore the selected records."""
        ids = [number for numbers in chosen.key_slices() for number in numbers]
        for kind, its in last_deleted_first(ids):
            self.of(kind)[1].restore(its)
        return f"{counted(len(ids), self.singular)} restored."
