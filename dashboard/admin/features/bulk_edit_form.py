"""The form that says what to change of many products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from dashboard.admin.kit.forms import ConsoleForm
from dashboard.admin.kit.parsing import read_id
from dashboard.catalogue.bulk_edit import BulkEdit, Calculation, PriceChange, StockChange
from dashboard.catalogue.models import ProductStatus
from dashboard.catalogue.options import NO_CATEGORY
from dashboard.catalogue.rules import (
    NUMBER_LENGTH,
    clean_line,
    clean_percent,
    clean_price,
    clean_stock,
)
from dashboard.history.models import NOTE_LENGTH
from dashboard.refusal import Refusal
from dashboard.web.forms import TOKEN, AtMost

BY_PERCENT = (Calculation.RAISE, Calculation.LOWER)
KEEP = SelectChoice("", "Keep as it is")
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
        except Refusal as error:
            self.add_error(str(error), "note")

    def _checked(self, how: Field, by: Field, clean: Callable[[str], Any]) -> Any:
        if not how.data or how.errors or by.errors:
            return None
        try:
            return clean(by.data or "")
        except Refusal as error:
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
