"""Editing many records at once: a form, a preview of the changes, and making them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin.actions import action
from werkzeug.datastructures import MultiDict

from dashboard.admin.features.bulk_job import ask, is_for_a_job
from dashboard.admin.features.edit import refuse
from dashboard.admin.kit.bulk import Doing
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.forms import CONTROL, ConsoleForm
from dashboard.admin.kit.parsing import read_number
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import MAXIMUM_SELECTION, NUMBER, SEEN, Selection, read_selection
from dashboard.admin.kit.urls import return_address
from dashboard.bounds import NUMBERS
from dashboard.extensions import db
from dashboard.history.models import Origin
from dashboard.history.reasons import NO_REASON, demands_reason
from dashboard.history.recording import describe
from dashboard.history.since import position
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.registry import Record, Values
from dashboard.web.forms import TOKEN, TypedNumber, sent_fields
from dashboard.words import counted

EDIT, PREVIEW = "edit", "preview"
SAMPLE, FAILURES = 25, 20
"""Changes on a page of the preview, and refused records that it names."""
CHANGES = f"{CONTROL}changes"
"""The field with the number of changes before the page of a preview."""
ChangeRow = Callable[[Values], Values]


class BulkForm(ConsoleForm):
    """A form with the changes to make to many records; fields that are not filled in stay as they are.

    Its field ``note`` is the reason, for the history.
    """

    groups: Sequence[tuple[str, Sequence[Any]]]
    """The fields in groups, each group with its label, or an empty one."""

    def apply(self, row: Values) -> Values:  # noqa: ARG002
        """The fields of a record that change, with their new values; raises Refusal by the rules."""
        raise LookupError(f"{type(self).__name__} changes nothing.")

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Every field as it was sent, with the form of its numbers: the form is shown again with them."""
        texts = [(each.name, self.sent_text(each)) for each in self if each.name != TOKEN]
        return [*texts, (NUMBERS, self.number_mark)] if self.number_mark else texts

    def sent_text(self, field: Any) -> str:
        """The text of a field as it was sent."""
        return field.sent_text if isinstance(field, TypedNumber) else field.data or ""


class ReadRows(Protocol):
    """A function that reads records by their ids: ``id``, ``version`` and every field in the history."""

    def __call__(self, keys: Sequence[int], *, lock: bool) -> Sequence[Values]:
        """Read them in their order; `lock` locks them until the transaction ends."""


class RecordRefusal(Refusal):
    """A refusal of one of the records while they are edited: nothing is changed, and the form says why."""


@dataclass(frozen=True)
class Before:
    """A record of the sample, with the label, the present and the new text of each field that changes."""

    name: str
    fields: Sequence[tuple[str, str, str]]


@dataclass
class Preview:
    """The outcome of an edit before it is made: the records that change, stay or are skipped."""

    record: Record
    words_of: Callable[[Values, str], str]
    start: int = 0
    """The changes before those that are shown."""
    changing: int = 0
    same: int = 0
    failing: int = 0
    sample: list[Before] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def add(self, row: Values, change: ChangeRow) -> None:
        """Count one record, and add it to the examples while they are few."""
        name = row[self.record.title.key]
        try:
            new = change(row)
        except Refusal as refusal:
            self.failing += 1
            if len(self.failures) < FAILURES:
                self.failures.append((name, str(refusal)))
            return
        self.changing += bool(new)
        self.same += not new
        if new and self.start < self.changing <= self.start + SAMPLE:
            self.sample.append(Before(name, self._fields(row, {**row, **new}, new)))

    @property
    def steps(self) -> Sequence[tuple[str, int]]:
        """The pages before and after this one: the label of a button, and the changes before its page."""
        before = [("Previous changes", max(0, self.start - SAMPLE))] if self.start else []
        after = self.start + SAMPLE
        return [*before, *([("Next changes", after)] if after < self.changing else [])]

    def _fields(self, row: Values, after: Values, names: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
        labels, words = self.record.fields, self.words_of
        return [(labels[name], words(row, name), words(after, name)) for name in names]


@dataclass
class EditCount:
    """The outcome of an edit: how many records changed, had the values already, and were skipped."""

    singular: str
    changed: int = 0
    same: int = 0
    failed: int = 0

    @property
    def words(self) -> str:
        """The message about it."""
        same = f", {number_words(self.same)} already had these values" if self.same else ""
        skipped = f", {number_words(self.failed)} skipped" if self.failed else ""
        return f"{counted(self.changed, self.singular)} changed{same}{skipped}."


class BulkEdit(Feature[Screen]):
    """Records of the list can be edited together, in three steps: a form, a preview, and the edit.

    ``form`` is the form and ``read`` reads records. ``change`` takes ids and a function that returns the
    changes of a record, makes them and returns how many records it read. ``words`` returns a function that
    writes a field of a record for people.
    """

    def __init__(
        self,
        form: type[BulkForm],
        *,
        read: ReadRows,
        change: Callable[[Sequence[int], ChangeRow], int],
        words: Callable[[], Callable[[Values, str], str]],
    ) -> None:
        self.form, self.read, self.change, self.words = form, read, change, words

    def instead_of_list(self) -> ResponseReturnValue | None:
        """The form, where the request for the list carries a draft of it."""
        sent = sent_fields()
        is_edit = sent.get("action") == EDIT and self.screen.allows("action_view")
        return self.edit_again(sent) if is_edit else None

    def edit_again(self, sent: MultiDict[str, str]) -> ResponseReturnValue:
        """Show the form again with the draft and its selection."""
        # Without the number in the question: the form counts the records again.
        selected = MultiDict(pair for pair in sent.items(multi=True) if pair[0] != NUMBER)
        try:
            return self.form_page(self.form(), read_selection(selected, self.screen.source))
        except Refusal as refusal:
            return self.screen.go_back(str(refusal), "error")

    def answer_action(self, name: str, chosen: Selection, seen: int) -> ResponseReturnValue | None:
        """Show the form or the preview, or make the edit."""
        if name != EDIT:
            return None
        stage, is_confirmed = request.form.get("stage", ""), "confirm" in request.form
        start = read_number(request.form.get(CHANGES, ""))
        is_sent = bool(stage) or is_confirmed or start is not None
        form = self.form(**({} if is_sent else {"formdata": None}))
        if not (is_confirmed or stage == PREVIEW or start is not None) or not self.is_valid(form):
            return self.form_page(form, chosen)
        if not is_confirmed:
            # Another page of it keeps the moment of the first: what has changed since is asked about.
            asked = None if start is None else read_number(request.form.get(SEEN, ""))
            return self.preview_page(form, chosen, seen if asked is None else min(asked, seen), start or 0)
        return self.edit(form, chosen)

    def is_valid(self, form: BulkForm) -> bool:
        """Whether a form is valid, and has the reason that these records may demand."""
        valid = form.validate()
        if demands_reason(self.screen.kind) and not (form.note.data or "").strip():
            form.add_error(NO_REASON, form.note.name)
            return False
        return bool(valid)

    def edit(self, form: BulkForm, chosen: Selection) -> ResponseReturnValue:
        """Edit the records; where they are many, ask for the job that does it."""
        try:
            if is_for_a_job(chosen):
                return ask(self.screen, EDIT, "Edit {}", chosen)
            return self.screen.done(self.edit_all(form, chosen))
        except Refusal as refusal:
            return self.refused(form, chosen, refusal)

    def edit_all(self, form: BulkForm, chosen: Selection) -> str:
        """Edit the records, and return the message about it."""
        outcome = EditCount(self.screen.singular)
        for _ in self.edit_in_slices(form, chosen, outcome):
            pass
        return outcome.words

    def doing(self, name: str) -> Doing | None:
        """How a job edits the records: each by itself."""
        may = name == EDIT and self.screen.allows("action_view")
        return Doing(in_steps=True, act=self.edit_as_sent, after_step=self.after_step) if may else None

    def edit_as_sent(self, chosen: Selection, fields: MultiDict[str, str]) -> str:
        """Edit the records as the form with these fields says; raises Refusal where it is no longer valid."""
        form = self.form(formdata=fields, meta={"csrf": False})
        if not form.validate():
            raise Refusal("The form of this edit is no longer valid.")
        return self.edit_all(form, chosen)

    def after_step(self) -> None:
        """Do what waits for the commit of a part of the records."""

    def refused(self, form: BulkForm, chosen: Selection, refusal: Refusal) -> ResponseReturnValue:
        """The form again where one of the records refuses the edit, else the list."""
        refuse(form, refusal)
        if isinstance(refusal, RecordRefusal):
            return self.form_page(form, chosen)
        return self.screen.go_back(str(refusal), "error")

    @action(EDIT, "Edit…")
    def action_edit(self, chosen: Selection) -> ResponseReturnValue | None:
        """Edit records together."""
        return self.answer_action(EDIT, chosen, position(db.session))

    def form_page(self, form: BulkForm, chosen: Selection) -> str:
        """Ask what to change."""
        screen = self.screen
        if demands_reason(screen.kind):
            form.note.description = "The history shows it."
            form.note.render_kw = {**(form.note.render_kw or {}), "required": True}
        return screen.page(
            "admin/model/bulk_edit.html",
            title=f"Edit {counted(chosen.number, screen.singular)}",
            form=form,
            chosen=chosen,
            action_url=f"{screen.urls.index}action/?{request.query_string.decode()}".rstrip("?"),
            cancel_url=return_address(screen.urls.index),
        )

    def preview_page(self, form: BulkForm, chosen: Selection, seen: int, start: int) -> str:
        """Show the changes before they are made; a long preview must not block others who write."""
        if chosen.number > MAXIMUM_SELECTION:
            # Only for all that match: the records that were picked would be read again after the rollback.
            db.session.rollback()
        screen = self.screen
        preview = Preview(screen.record, self.words(), start)
        for keys in chosen.keys(lock=False):
            for row in self.read(keys, lock=False):
                preview.add(row, form.apply)
        return screen.page(
            "admin/model/bulk_preview.html",
            title=f"Edit {counted(chosen.number, screen.singular)}: preview",
            preview=preview,
            changes_field=CHANGES,
            fields=[("action", EDIT), (SEEN, str(seen)), *chosen.fields, *form.sent],
            verb=f"Change {counted(preview.changing, screen.singular)}",
            cancel_url=return_address(screen.urls.index),
        )

    def edit_in_slices(self, form: BulkForm, chosen: Selection, outcome: EditCount) -> Iterator[int]:
        """Edit records in slices, in one transaction; yields after each slice how many are done."""

        def change(row: Values) -> Values:
            try:
                new = form.apply(row)
            except Refusal:
                outcome.failed += 1
                return {}
            outcome.changed += bool(new)
            outcome.same += not new
            return new

        done = 0
        for keys in chosen.key_slices():
            describe(db.session, origin=Origin.BULK, reason=form.note.data or None)
            done += self.change(keys, change)
            yield done
