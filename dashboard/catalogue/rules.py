"""The rules for the fields of a product: one place for forms, the command line and files.

Each rule takes text as people write it and returns the value to store, or raises `Refusal` with a sentence
that says how to write it. Most texts are plain ASCII, which the rules pass by a shorter way to the same
result: files have millions of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from iso4217 import Currency

from dashboard.bounds import TRIMMED, excess
from dashboard.catalogue.models import (
    CATEGORY_LENGTH,
    CURRENCY_LENGTH,
    NAME_LENGTH,
    SKU_LENGTH,
    ProductStatus,
)
from dashboard.number_form import in_form, number_form, number_words
from dashboard.refusal import Refusal
from dashboard.text.characters import is_control
from dashboard.text.numbers import plain_number
from dashboard.text.titles import title_fault

DESCRIPTION_LENGTH = 5_000
NUMBER_LENGTH = 40  # characters with blanks around it
STATUS_LENGTH = 40
MAXIMUM_PRICE = Decimal("9999999999")
MAXIMUM_STOCK = 1_000_000_000
MAXIMUM_PERCENT = 1_000_000
SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]*")
PRICE = re.compile(r"\d{1,12}(\.\d{1,10})?", re.ASCII)
WHOLE_NUMBER = re.compile(r"\d{1,12}", re.ASCII)
LINE_BREAKS = frozenset("\n\t")
STATUSES = {status.value: status for status in ProductStatus}
SHORT_NUMBER = 9  # digits of a number that is surely below the largest stock


@dataclass
class Checked:
    """The outcome of checking several fields: values to store, and a sentence for each wrong one."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def clean_line(text: str, what: str, longest: int) -> str:
    """One line of text, trimmed, in Unicode's composed form; raises Refusal where empty or too long."""
    if len(text) <= longest and _is_plain(text) and (line := text.strip()):
        return line
    _refuse_excess(text, longest, TRIMMED)
    line = unicodedata.normalize("NFC", text).strip()
    if not line:
        raise Refusal(f"Enter {what}.")
    _refuse_excess(line, longest)
    if fault := title_fault(line, what):
        raise Refusal(fault)
    return line


def clean_sku(text: str) -> str:
    """A stock keeping unit: letters, digits and ``. _ / + -``."""
    if len(text) <= SKU_LENGTH and SKU.fullmatch(text):
        return text
    sku = clean_line(text, "a SKU", SKU_LENGTH)
    if not SKU.fullmatch(sku):
        raise Refusal("Use letters A-Z, digits and . _ / + - only, beginning with a letter or digit.")
    return sku


def clean_name(text: str) -> str:
    """The name of a product."""
    return clean_line(text, "a name", NAME_LENGTH)


def clean_category_name(text: str) -> str:
    """The name of a category."""
    return clean_line(text, "a name", CATEGORY_LENGTH)


def clean_description(text: str) -> str:
    """Several lines of text, with line breaks as ``\\n``; may be empty."""
    if len(text) <= DESCRIPTION_LENGTH and _is_plain(text.replace("\n", "").replace("\t", "")):
        return text.strip()
    _refuse_excess(text, DESCRIPTION_LENGTH, TRIMMED)
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    _refuse_excess(lines, DESCRIPTION_LENGTH)
    if any(is_control(character) for character in lines if character not in LINE_BREAKS):
        raise Refusal("Remove the control characters.")
    return lines


def clean_currency(text: str) -> str:
    """An ISO 4217 code in capitals."""
    if text in currencies():
        return text
    code = text.strip().upper() if len(text) <= CURRENCY_LENGTH * TRIMMED else ""
    if code not in currencies():
        raise Refusal("Enter a three-letter currency code, such as EUR.")
    return code


def clean_price(text: str, currency: str | None) -> Decimal:
    """An exact amount, not negative, with no more decimals than `currency` has; None skips that check."""
    words = f"a price of 0 or more in digits, with {_decimals_as('12.50')}"
    decimals = currencies()[currency] if currency else None
    price = _number(text, PRICE, words, "price", MAXIMUM_PRICE, decimals)
    return fitting(price, currency) if currency else price


def fitting(price: Decimal, currency: str) -> Decimal:
    """The same price; raises Refusal where it has more decimals than its currency."""
    decimals = currencies()[currency]
    if price.as_tuple().exponent < -decimals and price != round(price, decimals):  # type: ignore[operator]
        raise Refusal(f"{currency} has {decimals or 'no'} decimals; round the price.")
    return price


def clean_percent(text: str) -> Decimal:
    """A share in percent, not negative."""
    words = f"a percentage of 0 or more in digits, with {_decimals_as('2.5')}"
    return _number(text, PRICE, words, "percentage", MAXIMUM_PERCENT, None)


def _decimals_as(example: str) -> str:
    return f"a {number_form().point_word} for decimals, such as {in_form(example)}"


def clean_stock(text: str) -> int:
    """A whole number of pieces, not negative."""
    if len(text) <= SHORT_NUMBER and text.isascii() and text.isdigit():
        return int(text)
    return int(_number(text, WHOLE_NUMBER, "a whole number of 0 or more", "stock", MAXIMUM_STOCK, 0))


def _number(
    text: str, shape: re.Pattern[str], words: str, kind: str, most: Decimal | int, decimals: int | None
) -> Decimal:
    try:
        number = plain_number(text, decimals) if len(text) <= NUMBER_LENGTH else ""
    except ValueError as error:
        raise Refusal(str(error)) from error
    if not shape.fullmatch(number):
        raise Refusal(f"Enter {words}.")
    amount = Decimal(number)
    if amount > most:
        raise Refusal(f"Enter a {kind} of at most {number_words(most)}.")
    return amount


def clean_status(text: str) -> ProductStatus:
    """One of the three states of a product."""
    if text in STATUSES:
        return STATUSES[text]
    try:
        return ProductStatus(text.strip().lower() if len(text) <= STATUS_LENGTH else "")
    except ValueError:
        raise Refusal(f"Choose one of {', '.join(ProductStatus)}.") from None


@cache
def currencies() -> dict[str, int]:
    """The active ISO 4217 currencies with the number of their decimals."""
    return {currency.code: currency.exponent for currency in Currency if currency.exponent is not None}


CLEANERS: Mapping[str, Callable[[str], Any] | None] = {
    "sku": clean_sku,
    "name": clean_name,
    "description": clean_description,
    "currency": clean_currency,
    "price": None,  # after the currency, on which it depends
    "stock": clean_stock,
    "status": clean_status,
}
"""The rule for each field of a product, in the order to check them."""


def check_product(raw: Mapping[str, str]) -> Checked:
    """Check the fields of a product that `raw` holds; the category is the caller's, who knows which exist."""
    checked = Checked()
    values = checked.values
    for name, clean in CLEANERS.items():
        if name in raw:
            try:
                text = raw[name]
                values[name] = clean(text) if clean else clean_price(text, values.get("currency"))
            except Refusal as error:
                checked.errors[name] = str(error)
    return checked


def format_price(price: Decimal, currency: str) -> str:
    """An amount as people read it, with the decimals of its currency: ``1,234.50 EUR``."""
    return f"{number_words(price, currencies().get(currency, 2))} {currency}"


def plain_price(price: Decimal, currency: str) -> str:
    """An amount as people write it in a form or a file: ``1234.50``."""
    return f"{price:.{currencies().get(currency, 2)}f}"


def _is_plain(text: str) -> bool:
    """Whether `text` has nothing but blanks and the visible signs of ASCII."""
    return text.isascii() and text.isprintable()


def _refuse_excess(text: str, longest: int, written: int = 1) -> None:
    if fault := excess(text, longest, written):
        raise Refusal(fault)
