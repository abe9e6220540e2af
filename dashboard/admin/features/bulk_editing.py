"""Editing many products at once: a form, a preview of what would come of it, and doing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin.actions import action
from werkzeug.datastructures import MultiDict

from dashboard.admin.features.bulk_edit_form import BulkEditForm
from dashboard.admin.features.edit import ConsoleView
from dashboard.admin.kit import progress
from dashboard.admin.kit.progress import Work, progress_page
from dashboard.admin.kit.selection import MAXIMUM_SELECTION, NUMBER, SEEN, Chosen, read_chosen
from dashboard.admin.kit.urls import return_address
from dashboard.admin.ledger.change_display import in_words
from dashboard.catalogue.bulk import KEPT, read_products
from dashboard.catalogue.bulk_edit import BulkEdit
from dashboard.catalogue.flows import edit_products
from dashboard.catalogue.options import category_names
from dashboard.catalogue.rules import format_price
from dashboard.extensions import db
from dashboard.history.models import Origin
from dashboard.history.recorded import Values
from dashboard.history.recording import describe
from dashboard.history.since import position
from dashboard.refusal import Refusal
from dashboard.web.forms import sent_fields
from dashboard.words import counted

EDIT, PREVIEW = "edit", "preview"
SAMPLE, FAILURES = 10, 20


@dataclass(frozen=True)
class Before:
    """A product of the sample, with each field that changes as it is and will be."""

    name: str
    fields: Sequence[tuple[str, str, str]]


@dataclass
class Preview:
    """What would come of an edit: how many products change, stay, and cannot be changed, with examples."""

    changing: int = 0
    same: int = 0
    failing: int = 0
    sample: list[Before] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def add(self, product: Values, edit: BulkEdit, categories: dict[int, str]) -> None:
        """Count one product, and keep it as an example where there is room."""
        try:
            new = edit.apply(product)
        except Refusal as error:
            self.failing += 1
            if len(self.failures) < FAILURES:
                self.failures.append((product["name"], str(error)))
            return
        self.changing += bool(new)
        self.same += not new
        if new and len(self.sample) < SAMPLE:
            after = {**product, **new}
            fields = [
                (KEPT.fields[name], words_of(product, name, categories), words_of(after, name, categories))
                for name in new
            ]
            self.sample.append(Before(product["name"], fields))


def words_of(product: Values, name: str, categories: dict[int, str]) -> str:
    """A field of a product as people read it."""
    value = product[name]
    if name == "price":
        return format_price(value, product["currency"])
    if name == "category_id":
        return categories.get(value, "No category")
    return in_words(value)


@dataclass
class Outcome:
    """How an edit went: how many products changed, and how many could not be."""

    changed: int = 0
    failed: int = 0

    @property
    def words(self) -> str:
        """What is told of it."""
        left = f"; {counted(self.failed, 'product')} left as before" if self.failed else ""
        return f"{counted(self.changed, 'product')} changed{left}."


class BulkEditing(ConsoleView):
    """A list whose products can be edited together."""

    def list_view(self) -> ResponseReturnValue:
        """The list, or the form for editing many products where the request brings a draft of it."""
        sent = sent_fields()
        is_edit = sent.get("action") == EDIT and self.allows("action_view")
        return self.edit_again(sent) if is_edit else super().list_view()

    def edit_again(self, sent: MultiDict[str, str]) -> ResponseReturnValue:
        """Show the form again with what was typed and selected before."""
        # Without the number of products that the question before named: the form counts them again.
        selected = MultiDict(pair for pair in sent.items(multi=True) if pair[0] != NUMBER)
        try:
            return self.form_page(BulkEditForm(category_names()), read_chosen(selected, self.source))
        except Refusal as error:
            return self.go_back(str(error), "error")

    def answer_action(self, name: str, chosen: Chosen, seen: int) -> ResponseReturnValue:
        """Show the form, the preview, or do it."""
        if name != EDIT:
            return super().answer_action(name, chosen, seen)
        categories = category_names()
        stage, is_confirmed = request.form.get("stage", ""), "confirm" in request.form
        form = BulkEditForm(categories, **({} if stage or is_confirmed else {"formdata": None}))
        if not (is_confirmed or stage == PREVIEW) or not form.validate():
            return self.form_page(form, chosen)
        if not is_confirmed:
            return self.preview_page(form, chosen, seen, dict(categories))
        describe(db.session, origin=Origin.BULK, note=form.note.data or "")
        if chosen.number < progress.STREAMED_FROM:
            return self.attempt(lambda: self.edit_at_once(form.edit, chosen))
        outcome = Outcome()
        steps = self.edit_in_slices(form.edit, chosen, outcome)
        work = Work(chosen.number, steps, lambda: outcome.words)
        title = f"Editing {counted(chosen.number, self.singular)}"
        return progress_page(work, title, return_address(self.urls.index))

    @action(EDIT, "Edit…")
    def action_edit(self, chosen: Chosen) -> ResponseReturnValue:
        """Edit products together, in three steps."""
        return self.answer_action(EDIT, chosen, position(db.session))

    def form_page(self, form: BulkEditForm, chosen: Chosen) -> str:
        """Ask what to change."""
        return self.page(
            "admin/model/bulk_edit.html",
            title=f"Edit {counted(chosen.number, self.singular)}",
            form=form,
            chosen=chosen,
            action_url=f"{self.urls.index}action/?{request.query_string.decode()}".rstrip("?"),
            cancel_url=return_address(self.urls.index),
        )

    def preview_page(self, form: BulkEditForm, chosen: Chosen, seen: int, categories: dict[int, str]) -> str:
        """Show what would come of it; nobody has to wait for that who writes."""
        if chosen.number > MAXIMUM_SELECTION:
            # Never picked one by one: each of those would be read anew after the rollback.
            db.session.rollback()
        preview = Preview()
        for keys in chosen.keys(lock=False):
            for product in read_products(keys, lock=False):
                preview.add(product, form.edit, categories)
        return self.page(
            "admin/model/bulk_preview.html",
            title=f"Edit {counted(chosen.number, self.singular)}: preview",
            preview=preview,
            fields=[("action", EDIT), (SEEN, str(seen)), *chosen.fields, *form.sent],
            verb=f"Change {counted(preview.changing, self.singular)}",
            cancel_url=return_address(self.urls.index),
        )

    def edit_at_once(self, edit: BulkEdit, chosen: Chosen) -> str:
        """Edit products and return the message that says so."""
        outcome = Outcome()
        for _ in self.edit_in_slices(edit, chosen, outcome):
            pass
        return outcome.words

    def edit_in_slices(self, edit: BulkEdit, chosen: Chosen, outcome: Outcome) -> Iterator[int]:
        """Edit products some at a time, in one transaction; tells after each how many are done."""

        def change(product: Values) -> Values:
            try:
                new = edit.apply(product)
            except Refusal:
                outcome.failed += 1
                return {}
            outcome.changed += bool(new)
            return new

        done = 0
        for keys in chosen.key_slices():
            done += edit_products(keys, change)
            yield done
