"""Generates a catalogue of any size; the same number of rows always gives the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

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
MATERIALS = ("Oak", "Ash", "Brass", "Linen", "Wool", "Glass", "Steel", "Copper", "Cotton", "Bamboo")
FORMS = ("Lamp", "Stool", "Basket", "Tray", "Shelf", "Bowl", "Mirror", "Hook", "Jar", "Rack")
SIZES = ("Small", "Medium", "Large", "Tall", "Low", "Wide", "Narrow", "Folding", "Round", "Slim")
CURRENCIES = ("EUR",) * 17 + ("USD", "GBP", "JPY")
STATUSES = ("active",) * 8 + ("draft", "archived")
FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
SEED = 2
SEARCHED = "oak lamp"
"""What the search is measured with: about one row in 100 has it in its name."""


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One generated product; ``category`` is the number of a name in `CATEGORIES`, counted from 1."""

    sku: str
    name: str
    description: str
    price: Decimal
    currency: str
    stock: int
    status: str
    category: int
    created_at: datetime
    updated_at: datetime


def products(count: int) -> Iterator[ProductRow]:
    """Yield `count` products with unique SKUs and names, one category after the other."""
    random = Random(SEED)
    prefixes = list(CATEGORIES.values())
    for number in range(1, count + 1):
        yield _product(random, number, prefixes)


def _product(random: Random, number: int, prefixes: list[str]) -> ProductRow:
    category = random.randrange(len(prefixes))
    size, material, form = random.choice(SIZES), random.choice(MATERIALS), random.choice(FORMS)
    currency = random.choice(CURRENCIES)
    # Unique to the microsecond, so that every console has to show the same order.
    created = FIRST_DAY + timedelta(seconds=random.randrange(2 * 365 * 24 * 3600), microseconds=number)
    return ProductRow(
        sku=f"{prefixes[category]}-{number:07}",
        name=f"{size} {material} {form} {number}",
        description=f"A {size} {form} made of {material}, one of a series of {number % 90}.".capitalize(),
        price=Decimal(random.randrange(100, 90_000)).scaleb(0 if currency == "JPY" else -2),
        currency=currency,
        stock=random.choice((0, 3, random.randrange(400))),
        status=random.choice(STATUSES),
        category=category + 1,
        created_at=created,
        updated_at=created + timedelta(minutes=random.randrange(60 * 24 * 90)),
    )
