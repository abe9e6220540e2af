"""Editing many products at once: a form, a preview of what would come of it, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin.actions import action
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from dashboard.admin import progress
from dashboard.admin.base import ConsoleView
from dashboard.admin.categories import NO_CATEGORY, category_names
from dashboard.admin.changes import in_words
from dashboard.admin.confirmation import counted
from dashboard.admin.forms import ConsoleForm
from dashboard.admin.ids import read_id
from dashboard.admin.progress import Work, progress_page
from dashboard.admin.screen import REFUSALS
from dashboard.admin.selection import MAXIMUM_SELECTION, NUMBER, SEEN, Chosen, SelectionError, read_chosen
from dashboard.admin.urls import return_address
from dashboard.catalogue.bulk import KEPT, read_products
from dashboard.catalogue.bulk_edit import BulkEdit, Calculation, PriceChange, StockChange
from dashboard.catalogue.flows import edit_products
from dashboard.catalogue.models import ProductStatus
from dashboard.catalogue.rules import (
    NUMBER_LENGTH,
    RuleError,
    clean_line,
    clean_percent,
    clean_price,
    clean_stock,
    format_price,
)
from dashboard.extensions import db
from dashboard.forms import TOKEN, AtMost, sent_fields
from dashboard.history.models import NOTE_LENGTH, Origin
from dashboard.history.recorded import Values
from dashboard.history.recording import describe
from dashboard.history.since import position

EDIT, PREVIEW = "edit", "preview"
BY_PERCENT = (Calculation.RAISE, Calculation.LOWER)
KEEP = SelectChoice("", "Keep as it is")
SAMPLE, FAILURES = 10, 20
STEPS = ("0", "0.05", "0.10", "0.50", "1")


class BulkEditForm(ConsoleForm):
    """What is to be changed of all selected products; what is left alone stays."""

    status = SelectField(
        "Status", choices=[KEEP, *(SelectChoice(s.value, s.capitalize()) for s in ProductStatus)]
    )
    category = SelectField("Category")
    price_how = SelectField(
        "Price",
        choices=[
            KEEP,
            SelectChoice("set", "Set to"),
            SelectChoice("add", "Raise by an amount"),
            SelectChoice("subtract", "Lower by an amount"),
            SelectChoice(Calculation.RAISE.value, "Raise by percent"),
            SelectChoice(Calculation.LOWER.value, "Lower by percent"),
        ],
    )
    price_by = StringField(
        "Amount or percent",
        [AtMost(NUMBER_LENGTH, written=1)],
        description="Digits with a point for decimals, such as 2.50.",
        render_kw={"inputmode": "decimal"},
    )
    rounding = SelectField(
        "Round to",
        choices=[
            SelectChoice("0", "Smallest unit"),
            *(SelectChoice(step, f"Multiples of {step}") for step in STEPS[1:]),
        ],
    )
    stock_how = SelectField(
        "Stock",
        choices=[
            KEEP,
            SelectChoice("set", "Set to"),
            SelectChoice("add", "Add"),
            SelectChoice("subtract", "Take away"),
        ],
    )
    stock_by = StringField("Pieces", [AtMost(NUMBER_LENGTH, written=1)], render_kw={"inputmode": "numeric"})
    note = StringField(
        "Note",
        [AtMost(NOTE_LENGTH)],
        description="Why, for the history; may stay empty.",
        render_kw={"maxlength": NOTE_LENGTH},
    )

    def __init__(self, categories: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(**options)
        shelves = [SelectChoice(str(key), name) for key, name in categories]
        self.category.choices = [KEEP, SelectChoice(NO_CATEGORY, "No category"), *shelves]
        self.edit = BulkEdit()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field by the catalogue's rules, and that there is anything to do."""
        valid: bool = super().validate(extra_validators)
        price = self._checked(self.price_how, self.price_by, self._clean_price_by)
        stock = self._checked(self.stock_how, self.stock_by, clean_stock)
        self._check_note()
        if not valid or self.errors:
            return False
        self.edit = self._edit(price, stock)
        if not self.edit.changes_anything:
            self.add_error("Choose what to change.")
        return not self.errors

    def _clean_price_by(self, text: str) -> Decimal:
        return clean_percent(text) if self.price_how.data in BY_PERCENT else clean_price(text, None)

    def _check_note(self) -> None:
        note = (self.note.data or "").strip()
        if self.note.errors:
            return
        try:
            self.note.data = note and clean_line(note, "a note", NOTE_LENGTH)
        except RuleError as error:
            self.add_error(str(error), "note")

    def _checked(self, how: Field, by: Field, clean: Callable[[str], Any]) -> Any:
        if not how.data or how.errors or by.errors:
            return None
        try:
            return clean(by.data or "")
        except RuleError as error:
            self.add_error(str(error), by.name)
            return None

    def _edit(self, price: Decimal | None, stock: int | None) -> BulkEdit:
        step = Decimal(self.rounding.data)
        return BulkEdit(
            status=ProductStatus(self.status.data) if self.status.data else None,
            moves=bool(self.category.data),
            category_id=read_id(self.category.data or ""),
            price=None if price is None else PriceChange(Calculation(self.price_how.data), price, step),
            stock=None if stock is None else StockChange(Calculation(self.stock_how.data), stock),
        )

    @property
    def groups(self) -> Sequence[tuple[str, Sequence[Field]]]:
        """The fields that belong together, with words for it where a label does not say so."""
        return (
            ("", (self.status, self.category)),
            ("Change the price", (self.price_how, self.price_by, self.rounding)),
            ("Change the stock", (self.stock_how, self.stock_by)),
        )

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Every field as it was sent."""
        return [(each.name, each.data or "") for each in self if each.name != TOKEN]


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
        except RuleError as error:
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
        except SelectionError as error:
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
        work = Work(chosen.number, steps, lambda: outcome.words, REFUSALS)
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
            except RuleError:
                outcome.failed += 1
                return {}
            outcome.changed += bool(new)
            return new

        done = 0
        for keys in chosen.key_slices():
            done += edit_products(keys, change)
            yield done
