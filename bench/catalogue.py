"""Generates a catalogue of any size, row by row; the same number of rows always gives the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

CATEGORIES = {
    "Bathroom": "BTH",
    "Decor": "DEC",
    "Furniture": "FRN",
    "Garden": "GRD",
    "Kitchen": "KTC",
    "Lighting": "LMP",
    "Stationery": "STN",
    "Storage": "STO",
    "Textiles": "TEX",
    "Tools": "TLS",
}
PREFIXES = tuple(CATEGORIES.values())
MATERIALS = ("Oak", "Ash", "Brass", "Linen", "Wool", "Glass", "Steel", "Copper", "Cotton", "Bamboo")
FORMS = ("Lamp", "Stool", "Basket", "Tray", "Shelf", "Bowl", "Mirror", "Hook", "Jar", "Rack")
SIZES = ("Small", "Medium", "Large", "Tall", "Low", "Wide", "Narrow", "Folding", "Round", "Slim")
CURRENCIES = ("EUR",) * 17 + ("USD", "GBP", "JPY")
STATUSES = ("active",) * 17 + ("draft", "archived", "archived")
FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
YEARS_SECONDS = 2 * 365 * 24 * 3600
# Rows differ by their number in microseconds, so that every console has to show the same order.
STEP_SECONDS = 16
SEED = 2

COMMON_WORD = "lamp"
"""In the name of one row in ten."""
NO_WORD = "zyxwv"
"""In no row."""
RARE_STATUS = "draft"
"""The status of one row in twenty."""


class ProductRow(NamedTuple):
    """One generated product; ``category_id`` is the number of a name in `CATEGORIES`, counted from 1."""

    id: int
    sku: str
    name: str
    description: str
    price: Decimal
    currency: str
    stock: int
    status: str
    category_id: int
    created_at: datetime
    updated_at: datetime
    version: int


def products(count: int) -> Iterator[ProductRow]:
    """Yield `count` products with unique SKUs, names and dates, without storing them."""
    random = Random(SEED).random
    for number in range(1, count + 1):
        yield _product(random, number)


def sku(number: int) -> str:
    """The SKU of the product with a number, counted from 1."""
    return f"{PREFIXES[_category(number)]}-{number:08}"


def ordinary_sku(count: int) -> str:
    """The SKU of a product among `count`, with a number as most are: it does not end in zeros."""
    return sku(count * 5 // 14)


def _category(number: int) -> int:
    return (number * 2_654_435_761 >> 16) % len(PREFIXES)  # Knuth's multiplicative hash: no pattern


def _product(random: Callable[[], float], number: int) -> ProductRow:
    # Multiplying is three times as fast as `choice`, which counts at ten million rows.
    size, material, form = (words[int(random() * 10)] for words in (SIZES, MATERIALS, FORMS))
    currency = CURRENCIES[int(random() * 20)]
    steps = int(random() * YEARS_SECONDS) // STEP_SECONDS
    created = FIRST_DAY + timedelta(seconds=steps * STEP_SECONDS, microseconds=number)
    return ProductRow(
        id=number,
        sku=sku(number),
        name=f"{size} {material} {form} {number}",
        description=f"A {size} {form} made of {material}, one of a series of {number % 90}.".capitalize(),
        price=Decimal(100 + int(random() * 89_900)).scaleb(0 if currency == "JPY" else -2),
        currency=currency,
        stock=(0, 3, int(random() * 400))[int(random() * 3)],
        status=STATUSES[int(random() * 20)],
        category_id=_category(number) + 1,
        created_at=created,
        updated_at=created + timedelta(minutes=int(random() * 60 * 24 * 90)),
        version=1,
    )
