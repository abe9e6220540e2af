"""The history of one record: everything that happened to it, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.admin.features.edit import ConsoleView
from dashboard.admin.kit.detail import RecordAction
from dashboard.admin.kit.parsing import read_id
from dashboard.admin.kit.urls import return_address
from dashboard.admin.ledger.change_display import WORDS, Line, read_lines
from dashboard.admin.ledger.change_summary import ORIGINS, VERBS, field_names, name_in_history, record_words
from dashboard.admin.ledger.paging import read_page, steps, way_back
from dashboard.admin.ledger.reverting import Offers, revert_offers
from dashboard.admin.ledger.visibility import changes_in_sight, person
from dashboard.extensions import db
from dashboard.history.models import Action, Change, ChangeKind, ChangeSet
from dashboard.history.reading import Rows

NEWEST = 3
HISTORY_PAGES = {"history_view"}
NOTHING = Offers()
PLAIN = (ChangeKind.CREATE, ChangeKind.DELETE, ChangeKind.EDIT)


@dataclass(frozen=True)
class Event:
    """A change of a record with who made it, and where; ``line`` is None where only its fields are named."""

    change: Change
    change_set: ChangeSet
    who: str
    what: str
    line: Line | None = None
    offers: Offers = NOTHING

    @property
    def origin(self) -> str:
        """Where it was made."""
        return ORIGINS[self.change_set.origin]

    @property
    def url(self) -> str:
        """The change set it is part of."""
        return url_for("history.details_view", id=self.change_set.id)


def events_of(kind: str, key: int) -> Rows:
    """Read the changes of a record that the person at hand may see, each with its set and who made it."""
    its = (Change.record_kind == kind, Change.record_id == key, changes_in_sight([kind]))
    made = select(Change, ChangeSet, User.email, User.name, User.role).join(
        ChangeSet, ChangeSet.id == Change.change_set_id
    )
    return made.outerjoin(User, User.id == ChangeSet.author_id).where(*its)


def event_of(row: Any, line: Line | None = None, offers: Offers = NOTHING) -> Event:
    """A row of `events_of` as people read it."""
    change, change_set, email, name, role = row
    who = person(change_set.author_id, email, name, role, change_set.origin)
    return Event(change, change_set, who, _words(change, change_set), line, offers)


def _words(change: Change, change_set: ChangeSet) -> str:
    if change_set.kind is ChangeKind.ERASE:
        return "Erased what the history said"
    if change_set.kind in PLAIN:
        return WORDS[change.action]
    return {ChangeKind.UNDO: "Undone", ChangeKind.PURGE: WORDS[Action.PURGE]}.get(
        change_set.kind, VERBS[change_set.kind]
    )


class RecordHistory(ConsoleView):
    """A screen whose records have a history; whoever may see a record may see what happened to it."""

    timeline_template = "admin/history/timeline.html"

    def allows(self, view_function: str) -> bool:
        """Whether the person at hand may use `view_function`; the history goes with the page of a record."""
        return super().allows("details_view" if view_function in HISTORY_PAGES else view_function)

    def page(self, template: str, **context: Any) -> str:
        """Give the page of a record the newest of its history."""
        if template == self.details_template:
            context["events"] = self.newest(context["record"].id)
        return super().page(template, **context)

    def newest(self, key: int) -> list[tuple[Event, list[str]]]:
        """The last changes of a record, each with the names of the fields that it changed."""
        rows = db.session.execute(events_of(self.kind, key).order_by(Change.id.desc()).limit(NEWEST))
        return [(event_of(row), field_names(row[0])) for row in rows]

    @expose("/history/")
    def history_view(self) -> ResponseReturnValue:
        """Everything that happened to a record, also to one that is gone."""
        key = read_id(request.args.get("id", ""))
        name = None if key is None else name_in_history(self.kind, key)
        if key is None or name is None:
            abort(404)
        stretch = read_page(events_of(self.kind, key), newest_first=True)
        lines = read_lines([row[0] for row in stretch.rows])
        back, exists = return_address(self.urls.index), self.get_one(key) is not None
        urls = self.urls.of_record(key, back)
        return self.page(
            self.timeline_template,
            title=f"History of {record_words(self.kind, key, name)}",
            record_name=name or record_words(self.kind, key, None).capitalize(),
            urls=urls,
            exists=exists,
            events=[
                event_of(row, line, revert_offers(line.change))
                for row, line in zip(stretch.rows, lines, strict=True)
            ],
            steps=steps(request.path, (("id", str(key)), *way_back()), stretch),
            actions=self.timeline_actions(key, exists),
            note=self.timeline_note(exists),
        )

    def timeline_note(self, exists: bool) -> str:
        """What there is to know of the history of a record as a whole."""
        return "" if exists else f"This {self.singular} is gone. What happened to it stays."

    def timeline_actions(self, key: int, exists: bool) -> Sequence[RecordAction]:  # noqa: ARG002
        """What can be done about all that is known of a record."""
        return ()
