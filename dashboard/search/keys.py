"""Sort keys: text in plain letters, which SQLite and PostgreSQL put in the same order."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from dashboard.database.types import MONEY_DECIMALS
from dashboard.search.text import fold

KEY_LENGTH = 200
"""Characters; PostgreSQL's indexes take 2,704 bytes. Texts that are alike so far are sorted by their ids."""
UNIQUE_LENGTH = 300
AMOUNT_DIGITS = 16
LARGEST = 10**AMOUNT_DIGITS - 1
MARK = "\x1f"
"""Between a sort key and what makes it unique: no folded text has it, and it comes before all that have."""


class SortKey(TypeDecorator[str]):
    """A sort key, compared character by character.

    SQLite does that by itself; PostgreSQL would sort by the language of its database.
    """

    impl = String
    cache_ok = True
    python_type = str

    def __init__(self, length: int = KEY_LENGTH) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Choose PostgreSQL's collation by code points."""
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.length, collation=collation))


def sort_key(text: str) -> str:
    """Return the sort key of `text`: its folded words, cut to 200 characters."""
    return " ".join(fold(text).split())[:KEY_LENGTH].rstrip()


def unique_sort_key(text: str) -> str:
    """The same for texts of up to 80 characters that differ from each other: no two get the same one."""
    return f"{sort_key(text)}{MARK}{text}"


def amount_key(unit: str, amount: Decimal | str) -> str:
    """Return the sort key of an amount with at most 12 digits before the point: those of a unit together.

    Lower amounts come first, and negative ones before all others.
    """
    number = int(Decimal(amount or 0).scaleb(MONEY_DECIMALS).to_integral_value())
    digits = f"n{LARGEST + number}" if number < 0 else f"p{number:0{AMOUNT_DIGITS}}"
    return f"{sort_key(unit)} {digits}".lstrip()


def is_sort_key(text: str) -> bool:
    """Whether `text` is something that this module makes; a place in a list may come from before it did."""
    key, _, _ = text.partition(MARK)
    return sort_key(key) == key
