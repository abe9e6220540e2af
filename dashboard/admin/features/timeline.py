"""The history of one record: its changes, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from dashboard.accounts.models import User
from dashboard.accounts.names import PERSON
from dashboard.admin.features.setting_back import CHANGED_AGAIN, SettingBack
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.urls import return_address
from dashboard.admin.ledger.change_display import WORDS, FieldDiff, Line, read_lines
from dashboard.admin.ledger.change_summary import ORIGINS, VERBS, record_words
from dashboard.admin.ledger.history_rows import shortly
from dashboard.admin.ledger.names import find_record
from dashboard.admin.ledger.paging import Changes, read_page, return_pairs, steps
from dashboard.admin.ledger.reverting import Offers, revert_offers
from dashboard.admin.ledger.visibility import author_words, visible_changes
from dashboard.database.keys import Key
from dashboard.extensions import db
from dashboard.history.changed_fields import has_changed
from dashboard.history.models import Action, Change, ChangeKind, ChangeSet
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.registry import registry

NEWEST = 3
LATER = 3
"""The later changes of a field that are named before it is set back."""
NOTHING = Offers()
PLAIN = (ChangeKind.CREATE, ChangeKind.DELETE, ChangeKind.EDIT)


@dataclass(frozen=True)
class Event:
    """A change of a record, who made it and where; ``line`` is None where only its fields are named."""

    change: Change
    change_set: ChangeSet
    who: str
    what: str
    line: Line | None = None
    offers: Offers = NOTHING
    shown: Sequence[FieldDiff] = ()
    """The first fields that it changed, as a row has room for them."""
    others: Sequence[str] = ()
    """The labels of the other fields that it changed."""

    @property
    def origin(self) -> str:
        """The source of the change."""
        return ORIGINS[self.change_set.origin]

    @property
    def url(self) -> str:
        """The address of its change set."""
        return url_for("history.details_view", id=self.change_set.id)


def events_of(kind: str, key: Key) -> Changes:
    """The changes of a record that the current user may see, each with its change set and author."""
    kinds = _kinds_of(kind)
    its = (or_(*(Change.of(each, key) for each in kinds)), visible_changes(kinds))
    made = select(Change, ChangeSet, *PERSON).join(ChangeSet, ChangeSet.id == Change.change_set_id)
    return made.outerjoin(User, User.id == ChangeSet.author_id).where(*its)


def _kinds_of(kind: str) -> list[str]:
    """The kinds under which the history has records of a kind: its own, and those that inherit from it."""
    model = registry()[kind].model
    below = (each.kind for each in registry() if each.kind != kind and issubclass(each.model, model))
    return [kind, *below]


def event_of(row: Any, line: Line | None = None, offers: Offers = NOTHING) -> Event:
    """A row of `events_of` for the page."""
    change, change_set, *account = row
    who = author_words(change_set.author_id, account, change_set.origin)
    return Event(change, change_set, who, _words(change, change_set), line, offers)


def _words(change: Change, change_set: ChangeSet) -> str:
    if change_set.kind is ChangeKind.ERASE:
        return "Erased the history"
    if change_set.kind in PLAIN:
        return WORDS[change.action]
    return {ChangeKind.UNDO: "Undone", ChangeKind.PURGE: WORDS[Action.PURGE]}.get(
        change_set.kind, VERBS[change_set.kind]
    )


def _briefly(row: Any, line: Line | None) -> Event:
    """A row of `events_of` with the first fields of an edit."""
    if line is None:
        return event_of(row)
    shown, others = shortly(line.fields)
    return replace(event_of(row, line, revert_offers(line)), shown=shown, others=others)


def only(line: Line, name: str) -> Line:
    """A change with one of its fields."""
    return replace(line, fields=[field for field in line.fields if field.name == name])


class History(Feature[Screen]):
    """Records have a history, for everyone who may see them."""

    def on_record(self, record: Any) -> Mapping[str, Any]:
        """The newest changes of the record."""
        return {"events": self.newest(self.screen.record.key_of(record))}

    def newest(self, key: Key) -> list[Event]:
        """The last changes of a record."""
        newest = events_of(self.screen.kind, key).order_by(Change.id.desc()).limit(NEWEST)
        rows = db.session.execute(newest).all()
        edits = [row[0] for row in rows if row[0].action is Action.CHANGE]
        lines = {line.change.id: line for line in read_lines(edits)} if edits else {}
        return [_briefly(row, lines.get(row[0].id)) for row in rows]

    @route("/history/", Access.READ)
    def history_view(self) -> ResponseReturnValue:
        """All changes of a record, also of a deleted one."""
        screen = self.screen
        found = find_record(screen.kind, request.args.get("id"))
        if found is None:
            abort(404)
        page = read_page(events_of(screen.kind, found.key), newest_first=True)
        lines = read_lines([row[0] for row in page.rows])
        return screen.page(
            "admin/history/timeline.html",
            title=f"History of {found.words}",
            record_name=found.name or record_words(screen.kind, found.key, None).capitalize(),
            urls=screen.urls.of_record(found.key, return_address(screen.urls.index)),
            exists=found.exists,
            events=[
                event_of(row, line, revert_offers(line)) for row, line in zip(page.rows, lines, strict=True)
            ],
            steps=steps(request.path, (("id", str(found.key)), *return_pairs()), page),
            actions=[
                offer for feature in screen.features for offer in feature.on_timeline(found.key, found.exists)
            ],
            note=self.note(found.exists),
        )

    @route("/set-back/", Access.WRITE, methods=("GET", "POST"))
    def set_back_view(self) -> ResponseReturnValue:
        """Preview setting a field back to what it was before a change, and do it when confirmed."""
        setting = SettingBack.asked(self.screen)
        if request.method != "POST":
            return setting.page(self.later(setting))
        if setting.is_outdated():
            return setting.page(self.later(setting), [CHANGED_AGAIN]), 409
        try:
            setting.do()
        except Refusal as refusal:
            db.session.rollback()
            return setting.page(self.later(setting), [str(refusal)])
        return setting.done()

    def later(self, setting: SettingBack) -> list[Event]:
        """The last changes of the same field since."""
        change = setting.change
        its = events_of(change.record_kind, change.key).where(Change.id > change.id)
        its = its.where(has_changed(change.record_kind, setting.name)).order_by(Change.id.desc())
        rows = db.session.execute(its.limit(LATER)).all()
        lines = read_lines([row[0] for row in rows])
        return [event_of(row, only(line, setting.name)) for row, line in zip(rows, lines, strict=True)]

    def note(self, exists: bool) -> str:
        """A note above the history of a record."""
        notes = (feature.timeline_note(exists) for feature in self.screen.features)
        deleted = "" if exists else f"This {self.screen.singular} was deleted. Its history is kept."
        return next(filter(None, notes), deleted)
