"""Editing many products at once: the form with the changes, and products in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from dashboard.admin.features.bulk_edit import BulkForm
from dashboard.admin.kit.parsing import read_id
from dashboard.admin.ledger.value_words import in_words
from dashboard.catalogue.bulk_edit import Calculation, PriceChange, ProductEdit, StockChange
from dashboard.catalogue.models import NAME_LENGTH, ProductStatus
from dashboard.catalogue.options import NO_CATEGORY, category_names
from dashboard.catalogue.rules import (
    NUMBER_LENGTH,
    clean_line,
    clean_percent,
    clean_price,
    clean_stock,
    format_price,
)
from dashboard.history.models import NOTE_LENGTH
from dashboard.refusal import Refusal
from dashboard.registry import Values
from dashboard.text.replacing import LABELS, NOT_FOR_IT, TextChange, TextHow
from dashboard.web.forms import AtMost, NumberField

BY_PERCENT = (Calculation.RAISE, Calculation.LOWER)
KEEP = SelectChoice("", "No change")
TEXT_CHOICES = [KEEP, *(SelectChoice(how.value, label) for how, label in LABELS.items())]
ONLY_TO_REPLACE = "Only to replace it. Capital letters count."
STEPS = ("0", "0.05", "0.10", "0.50", "1")


class ProductBulkForm(BulkForm):
    """The changes to all selected products; fields with ``No change`` stay as they are."""

    status = SelectField(
        "Status", choices=[KEEP, *(SelectChoice(s.value, s.capitalize()) for s in ProductStatus)]
    )
    category = SelectField("Category")
    price_how = SelectField(
        "Price",
        choices=[
            KEEP,
            SelectChoice("set", "Set to"),
            SelectChoice("add", "Increase by amount"),
            SelectChoice("subtract", "Decrease by amount"),
            SelectChoice(Calculation.RAISE.value, "Increase by %"),
            SelectChoice(Calculation.LOWER.value, "Decrease by %"),
        ],
    )
    price_by = NumberField(
        "Amount or percent",
        [AtMost(NUMBER_LENGTH, written=1)],
        example="2.50",
        render_kw={"inputmode": "decimal"},
    )
    rounding = SelectField(
        "Rounding",
        choices=[
            SelectChoice("0", "No rounding"),
            *(SelectChoice(step, f"Multiples of {step}") for step in STEPS[1:]),
        ],
    )
    stock_how = SelectField(
        "Stock",
        choices=[
            KEEP,
            SelectChoice("set", "Set to"),
            SelectChoice("add", "Add"),
            SelectChoice("subtract", "Subtract"),
        ],
    )
    stock_by = NumberField("Quantity", [AtMost(NUMBER_LENGTH, written=1)], render_kw={"inputmode": "numeric"})
    name_how = SelectField("Name", choices=TEXT_CHOICES, default="")
    name_find = StringField("Find", [AtMost(NAME_LENGTH, written=1)], description=ONLY_TO_REPLACE)
    name_by = StringField("New text", [AtMost(NAME_LENGTH, written=1)])
    description_how = SelectField("Description", choices=TEXT_CHOICES, default="")
    description_find = StringField("Find", [AtMost(NAME_LENGTH, written=1)], description=ONLY_TO_REPLACE)
    description_by = StringField("New text", [AtMost(NAME_LENGTH, written=1)])
    note = StringField(
        "Reason",
        [AtMost(NOTE_LENGTH)],
        description="Optional. The history shows it.",
        render_kw={"maxlength": NOTE_LENGTH},
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        categories = [SelectChoice(str(key), name) for key, name in category_names()]
        self.category.choices = [KEEP, SelectChoice(NO_CATEGORY, "No category"), *categories]
        self.edit = ProductEdit()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field by the catalogue's rules, and that at least one change is chosen."""
        valid: bool = super().validate(extra_validators)
        price = self._checked(self.price_how, self.price_by, self._clean_price_by)
        stock = self._checked(self.stock_how, self.stock_by, clean_stock)
        name, description = self._text_change("name"), self._text_change("description")
        self._check_note()
        if not valid or self.errors:
            return False
        self.edit = replace(self._edit(price, stock), name=name, description=description)
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
            self.note.data = note and clean_line(note, "a reason", NOTE_LENGTH)
        except Refusal as error:
            self.add_error(str(error), "note")

    def _checked(self, how: Field, by: Field, clean: Callable[[str], Any]) -> Any:
        if not how.data and (by.data or "").strip():  # nothing that is typed is left out silently
            self.add_error(f"Choose what to do with {self.sent_text(by)}.", how.name)
        if not how.data or how.errors or by.errors:
            return None
        try:
            return clean(by.data or "")
        except Refusal as error:
            self.add_error(str(error), by.name)
            return None

    def _text_change(self, name: str) -> TextChange | None:
        how, find, by = (self[f"{name}_{part}"] for part in ("how", "find", "by"))
        if how.errors or find.errors or by.errors:
            return None
        chosen = how.data or (TextHow.REPLACE if find.data else "")  # what to find says what to do
        if not chosen:
            if by.data:
                self.add_error(f"Choose what to do with {by.data}.", how.name)
            return None
        change = TextChange(TextHow(chosen), by.data or "", find.data or "")
        if find.data and change.how is not TextHow.REPLACE:
            self.add_error(NOT_FOR_IT, find.name)
        if change.fault:
            self.add_error(change.fault, find.name if change.how is TextHow.REPLACE else by.name)
        return change

    def _edit(self, price: Decimal | None, stock: int | None) -> ProductEdit:
        step = Decimal(self.rounding.data)
        return ProductEdit(
            status=ProductStatus(self.status.data) if self.status.data else None,
            moves=bool(self.category.data),
            category_id=read_id(self.category.data or ""),
            price=None if price is None else PriceChange(Calculation(self.price_how.data), price, step),
            stock=None if stock is None else StockChange(Calculation(self.stock_how.data), stock),
        )

    @property
    def groups(self) -> Sequence[tuple[str, Sequence[Field]]]:  # type: ignore[override]
        """The fields in groups, each group with its label, or an empty one."""
        return (
            ("", (self.status, self.category)),
            ("Change the price", (self.price_how, self.price_by, self.rounding)),
            ("Change the stock", (self.stock_how, self.stock_by)),
            ("Change the name", (self.name_how, self.name_find, self.name_by)),
            (
                "Change the description",
                (self.description_how, self.description_find, self.description_by),
            ),
        )

    def apply(self, row: Values) -> Values:
        """The fields of a product that change, with their new values; raises Refusal by the rules."""
        return self.edit.apply(row)


def product_words() -> Callable[[Values, str], str]:
    """Return a function that writes a field of a product for people; it reads the categories once."""
    categories = dict(category_names())

    def words(product: Values, name: str) -> str:
        value = product[name]
        if name == "price":
            return format_price(value, product["currency"])
        return categories.get(value, "No category") if name == "category_id" else in_words(value)

    return words
