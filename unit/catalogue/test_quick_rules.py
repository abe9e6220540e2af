"""The shorter way of the rules gives every text the value or the sentence of the long one."""

import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.bounds import TRIMMED, excess
from dashboard.catalogue.models import NAME_LENGTH, SKU_LENGTH, ProductStatus
from dashboard.catalogue.rules import (
    DESCRIPTION_LENGTH,
    MAXIMUM_PRICE,
    MAXIMUM_STOCK,
    NUMBER_LENGTH,
    PRICE,
    SKU,
    WHOLE_NUMBER,
    check_product,
    currencies,
)
from dashboard.refusal import Refusal
from dashboard.text.characters import is_control
from dashboard.text.numbers import plain_number
from dashboard.text.titles import title_fault
from unit.catalogue.odd_texts import ANY, NUMBERS


def refuse(fault: str | None) -> None:
    """Raise the refusal that there is."""
    if fault:
        raise Refusal(fault)


def line(text: str, what: str, longest: int) -> str:
    """The rule for a line, for any text."""
    refuse(excess(text, longest, TRIMMED))
    found = unicodedata.normalize("NFC", text).strip()
    refuse(None if found else f"Enter {what}.")
    refuse(excess(found, longest))
    refuse(title_fault(found, what))
    return found


def sku(text: str) -> str:
    """The rule for a SKU."""
    found = line(text, "a SKU", SKU_LENGTH)
    told = "Use letters A-Z, digits and . _ / + - only, beginning with a letter or digit."
    refuse(None if SKU.fullmatch(found) else told)
    return found


def description(text: str) -> str:
    """The rule for a description."""
    refuse(excess(text, DESCRIPTION_LENGTH, TRIMMED))
    found = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    refuse(excess(found, DESCRIPTION_LENGTH))
    if any(is_control(sign) for sign in found if sign not in "\n\t"):
        raise Refusal("Remove the control characters.")
    return found


def currency(text: str) -> str:
    """The rule for a currency."""
    code = text.strip().upper() if len(text) <= 3 * TRIMMED else ""
    refuse(None if code in currencies() else "Enter a three-letter currency code, such as EUR.")
    return code


def typed(text: str, decimals: int | None) -> str:
    """The rule for how numbers are typed."""
    try:
        return plain_number(text, decimals) if len(text) <= NUMBER_LENGTH else ""
    except ValueError as error:
        raise Refusal(str(error)) from error


def price(text: str, code: str | None) -> Decimal:
    """The rule for a price."""
    number = typed(text, currencies()[code] if code else None)
    told = "Enter a price of 0 or more in digits, with a point for decimals, such as 12.50."
    refuse(None if PRICE.fullmatch(number) else told)
    refuse(f"Enter a price of at most {MAXIMUM_PRICE:,}." if Decimal(number) > MAXIMUM_PRICE else None)
    decimals = currencies()[code] if code else 0
    if code and Decimal(number) != round(Decimal(number), decimals):
        raise Refusal(f"{code} has {decimals or 'no'} decimals; round the price.")
    return Decimal(number)


def stock(text: str) -> int:
    """The rule for a stock."""
    number = typed(text, 0)
    refuse(None if WHOLE_NUMBER.fullmatch(number) else "Enter a whole number of 0 or more.")
    refuse(f"Enter a stock of at most {MAXIMUM_STOCK:,}." if int(number) > MAXIMUM_STOCK else None)
    return int(number)


def status(text: str) -> ProductStatus:
    """The rule for a status."""
    word = text.strip().lower() if len(text) <= 40 else ""
    refuse(None if word in [*ProductStatus] else f"Choose one of {', '.join(ProductStatus)}.")
    return ProductStatus(word)


RULES: dict[str, Callable[[str], Any]] = {
    "sku": sku,
    "name": lambda text: line(text, "a name", NAME_LENGTH),
    "description": description,
    "currency": currency,
    "stock": stock,
    "status": status,
}


def outcome(rule: Callable[..., Any], *arguments: Any) -> tuple[Any, str | None]:
    """The value that a rule gives, or the sentence."""
    try:
        return rule(*arguments), None
    except Refusal as refusal:
        return None, str(refusal)


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=400)
@given(text=ANY)
def test_a_field_is_checked_as_by_the_long_way(name: str, text: str) -> None:
    checked = check_product({name: text})
    value, told = outcome(RULES[name], text)
    assert (checked.values.get(name), checked.errors.get(name)) == (value, told)
    assert type(checked.values.get(name)) is type(value)


@settings(max_examples=600)
@given(text=ANY | NUMBERS, code=st.sampled_from(["EUR", "JPY", "KWD", "CLF", "???"]))
def test_a_price_is_checked_as_by_the_long_way(text: str, code: str) -> None:
    checked = check_product({"currency": code, "price": text})
    value, told = outcome(price, text, None if code == "???" else code)
    assert (checked.values.get("price"), checked.errors.get("price")) == (value, told)
    assert str(checked.values.get("price")) == str(value)
