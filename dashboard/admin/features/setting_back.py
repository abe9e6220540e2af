"""Setting one field of a record back to what it was before a change, whatever was changed since.

It is an edit of that field by the form of the record, with its rules, its check for other changes and its
undo. A field that the form does not have, such as a list of photos, is put back as a revert does it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from dashboard.admin.features.edit import Edit
from dashboard.admin.kit.forms import STATE_FIELD
from dashboard.admin.kit.parsing import read_number
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.versions import FORM, State, read_signed, sign
from dashboard.admin.ledger.change_display import UNREADABLE, FieldDiff, read_lines
from dashboard.admin.ledger.reverting import LATEST, has_field
from dashboard.admin.ledger.setting_back import value_words
from dashboard.admin.ledger.visibility import visible_changes
from dashboard.extensions import db
from dashboard.history.about import unstored_change
from dashboard.history.models import Action, Change, ChangeKind
from dashboard.history.nets import Part, slices
from dashboard.history.putting_back import PuttingBack, Rows, Work
from dashboard.history.recording import describe
from dashboard.history.values import as_text, is_value, value_of, written_in
from dashboard.refusal import Refusal
from dashboard.registry import Record
from dashboard.web.returning import next_address

CHANGED_AGAIN = "This record was changed after you opened this page. Nothing was set back. Check it again."
ANOTHER_VALUE = "The value that it had doesn't fit the other fields of today. Edit it instead."
UNREADABLE_VALUE = "This field no longer takes the value that it had."


@dataclass(frozen=True)
class SettingBack:
    """The field ``name`` of a record, and the change before which it had the value to be set back."""

    screen: Screen
    edit: Edit
    record: Any
    change: Change
    name: str

    @classmethod
    def asked(cls, screen: Screen) -> SettingBack:
        """Read what the request names; answers 404 where the history has no such change of the record."""
        record, edit = screen.get_or_404(), screen.feature(Edit)
        number, name = read_number(request.values.get("change", "")), request.values.get("field", "")
        its = (Change.of(screen.kind, screen.record.key_of(record)), visible_changes([screen.kind]))
        change = db.session.scalar(select(Change).where(Change.id == number, *its))
        declared = screen.record
        is_known = name in declared.fields and name not in declared.masked
        if edit is None or change is None or not is_known or not has_field(change, name):
            abort(404)
        if not (screen.allows("edit_view") and screen.may_change(record)):
            abort(403)
        return cls(screen, edit, record, change, name)

    @property
    def declared(self) -> Record:
        """The kind of the record."""
        return self.screen.record

    @property
    def label(self) -> str:
        """The label of the field."""
        return self.declared.fields[self.name]

    @property
    def stored(self) -> Any:
        """The value before the change, as the history has it."""
        return self.change.pairs[self.name][0]

    @cached_property
    def now(self) -> Any:
        """The present value."""
        return self.declared.values(self.record)[self.name]

    @property
    def is_same(self) -> bool:
        """Whether the field has that value already."""
        return is_value(self.declared, self.name, self.stored, self.now)

    @property
    def is_changed_since(self) -> bool:
        """Whether the field has another value than the one that the change gave it."""
        return not is_value(self.declared, self.name, self.change.pairs[self.name][1], self.now)

    @cached_property
    def diff(self) -> FieldDiff:
        """The field now and then."""
        now = written_in(self.declared, self.name, self.now)
        step = unstored_change(
            self.screen.kind,
            self.declared.key_of(self.record),
            id=LATEST,
            action=Action.CHANGE,
            fields=as_text({self.name: (now, self.stored)}),
        )
        return read_lines([step])[0].fields[0]

    @cached_property
    def words(self) -> str:
        """The value to be set back, in words; blank where there are none for it."""
        return value_words(self.diff.after)

    def do(self) -> None:
        """Set the field back; raises Refusal where a rule forbids it."""
        describe(db.session, kind=ChangeKind.REVERT, reverts_id=self.change.change_set_id)
        texts = self.edit.values(self.record)
        name = self.name if self.name in texts else self.name.removesuffix("_id")
        if name in texts and name in self.edit.form(formdata=None, meta={"csrf": False}):
            self._by_form(texts, name)
        else:
            self._by_reverting()
        db.session.flush()

    def _by_form(self, texts: Mapping[str, str], name: str) -> None:
        try:
            value = value_of(self.declared, self.name, self.stored)
            then = SimpleNamespace(**{**self.declared.values(self.record), self.name: value})
            text = self.edit.values(then)[name]
        except UNREADABLE as error:
            raise Refusal(UNREADABLE_VALUE) from error
        # As if the whole form had been sent: what else is odd in an old record is not asked about.
        form = self.edit.form(
            formdata=MultiDict({**texts, name: text}), data=dict(texts), meta={"csrf": False}
        )
        form.validate()
        if errors := [*form[name].errors, *form.form_errors]:
            raise Refusal(str(errors[0]))
        self.edit.update(self.record, form)
        db.session.flush()
        after = self.declared.values(self.record)[self.name]
        if not is_value(self.declared, self.name, self.stored, after):  # a price has fewer decimals, say
            raise Refusal(ANOTHER_VALUE)

    def _by_reverting(self) -> None:
        putting_back = PuttingBack(db.session)
        for nets in slices(db.session, Part(self.change.change_set_id, self.change.id, self.name)):
            for net in nets:
                new: Rows = {net.key: net.old({self.name})}
                now: Rows = {net.key: {self.name: self.now}}
                putting_back.put_back([Work(self.declared, new, now, [], {}, {})])
        putting_back.finish()

    @property
    def state(self) -> State:
        """The state of the record as it is stored."""
        return self.edit.merging.state(self.record)

    def page(self, later: Sequence[Any], errors: Sequence[str] = ()) -> str:
        """The page with the preview; `later` are the events that changed the field since."""
        screen, key = self.screen, self.declared.key_of(self.record)
        urls = screen.urls.of_record(key, screen.urls.index)
        name = screen.listing.name_of(self.record)
        return screen.page(
            "admin/history/set_back.html",
            title=f"Set back {self.label} of {self.declared.words(key, name)}?",
            record_name=name,
            setting=self,
            later=later,
            errors=errors,
            state=(STATE_FIELD, sign(FORM, self.record, self.state.dump())),
            fields=(("id", str(key)), ("change", str(self.change.id)), ("field", self.name)),
            back=self.back,
            urls=urls,
        )

    @property
    def back(self) -> str:
        """The page to go to: the history from which it was asked for."""
        urls = self.screen.urls.of_record(self.declared.key_of(self.record), self.screen.urls.index)
        return next_address("history.index_view") if "next" in request.values else urls.history

    def is_outdated(self) -> bool:
        """Whether the record was changed since the page was opened; answers 400 to a forged state."""
        opened = State.load(read_signed(FORM, self.record, request.form.get(STATE_FIELD, "")))
        return opened.differs(self.state)

    def done(self) -> ResponseReturnValue:
        """Commit and say so, with Undo."""
        value = f" to {self.words}" if self.words else ""
        return self.screen.done(
            f"{self.screen.name_of(self.record)}: {self.label} set back{value}.", self.back
        )
