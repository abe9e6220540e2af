"""Editing many products at once: what each of them would become, by the rules that a form has."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from dashboard.catalogue.models import ProductStatus
from dashboard.catalogue.rules import (
    MAXIMUM_PRICE,
    MAXIMUM_STOCK,
    clean_description,
    clean_name,
    currencies,
    fitting,
    format_price,
)
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.registry import Values
from dashboard.text.replacing import TextChange

HUNDRED = Decimal(100)


class Calculation(StrEnum):
    """How a number becomes another."""

    SET = "set"
    ADD = "add"
    SUBTRACT = "subtract"
    RAISE = "raise"
    LOWER = "lower"

    def apply(self, number: Decimal, by: Decimal) -> Decimal:
        """The new number; to raise and to lower is by percent."""
        return {
            Calculation.SET: by,
            Calculation.ADD: number + by,
            Calculation.SUBTRACT: number - by,
            Calculation.RAISE: number * (HUNDRED + by) / HUNDRED,
            Calculation.LOWER: number * (HUNDRED - by) / HUNDRED,
        }[self]


@dataclass(frozen=True)
class PriceChange:
    """A change of prices; what comes of it is rounded to a multiple of ``step``, half up.

    Never to less than the smallest unit of the currency.
    """

    calculation: Calculation
    by: Decimal
    step: Decimal = Decimal(0)

    def apply(self, price: Decimal, currency: str) -> Decimal:
        """Return the new price; raises Refusal where it is out of range."""
        if self.calculation is Calculation.SET:
            return fitting(self.by, currency)
        unit = Decimal(1).scaleb(-currencies().get(currency, 2))
        step = max(self.step, unit)
        new = (self.calculation.apply(price, self.by) / step).quantize(Decimal(1), ROUND_HALF_UP) * step
        new = new.quantize(unit, ROUND_HALF_UP)
        if new < 0:
            raise Refusal(f"The price would be {format_price(new, currency)}, below zero.")
        if new > MAXIMUM_PRICE:
            raise Refusal(f"The price would be more than {number_words(MAXIMUM_PRICE)}.")
        return new


@dataclass(frozen=True)
class StockChange:
    """A change of stocks."""

    calculation: Calculation
    by: int

    def apply(self, stock: int) -> int:
        """Return the new stock; raises Refusal where it is out of range."""
        new = int(self.calculation.apply(Decimal(stock), Decimal(self.by)))
        if new < 0:
            raise Refusal(f"The stock would be {number_words(new)}, below zero.")
        if new > MAXIMUM_STOCK:
            raise Refusal(f"The stock would be more than {number_words(MAXIMUM_STOCK)}.")
        return new


@dataclass(frozen=True)
class ProductEdit:
    """The changes of a bulk edit; a field that is None stays unchanged.

    ``category_id`` holds the number of a category, or None to remove it, if ``moves``.
    """

    status: ProductStatus | None = None
    moves: bool = False
    category_id: int | None = None
    price: PriceChange | None = None
    stock: StockChange | None = None
    name: TextChange | None = None
    description: TextChange | None = None

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to be changed."""
        texts = self.name or self.description
        return bool(self.status or self.moves or self.price or self.stock or texts)

    def apply(self, product: Values) -> dict[str, Any]:
        """Return the new values of the fields that change; raises Refusal with a sentence."""
        new: dict[str, Any] = {}
        if self.status:
            new["status"] = self.status
        if self.moves:
            new["category_id"] = self.category_id
        if self.price:
            new["price"] = self.price.apply(product["price"], product["currency"])
        if self.stock:
            new["stock"] = self.stock.apply(product["stock"])
        for name, change, clean in (
            ("name", self.name, clean_name),
            ("description", self.description, clean_description),
        ):
            # A text that stays is not looked at: it may be older than the rule.
            if change and (text := change.apply(product[name])) != product[name]:
                new[name] = clean(text)
        return {name: value for name, value in new.items() if product[name] != value}
