"""Column types: moments in UTC and exact amounts, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, Numeric, String
from sqlalchemy import Enum as ChoiceType
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.types import TypeDecorator, TypeEngine

MONEY_DIGITS, MONEY_DECIMALS = 14, 4  # 4 decimals is the most any ISO 4217 currency uses
KNOWN = (str, int, float, Decimal, date, time, timedelta, UUID, bytes, dict, list, Enum)
"""The types of values that pages, history and trash know by themselves."""
PROCESSORS = frozenset({"bind_processor", "result_processor"})
V = TypeVar("V")
Read = Callable[[Any], V | None] | None
"""SQLAlchemy's result processor: turns a stored value into one of Python."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which has no zones, stores it naive. Refuses naive values."""

    impl = DateTime
    cache_ok = True
    python_type = datetime

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Store the zone where the database can."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into the stored value; raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Read[datetime]:  # noqa: ARG002
        """Read a stored datetime in one step; SQLAlchemy takes three, and a list does little else."""
        return _read_utc if dialect.name == "sqlite" else _move_to_utc


class Money(TypeDecorator[Decimal]):
    """An exact decimal amount with up to 4 decimals.

    SQLite has no decimal type and its REAL is inexact, so there the amount is stored as a whole number of
    ten-thousandths, which sorts, compares and sums exactly.
    """

    impl = Numeric(MONEY_DIGITS, MONEY_DECIMALS)
    cache_ok = True
    python_type = Decimal

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type for the database in use."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(MONEY_DIGITS, MONEY_DECIMALS))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        """Turn an amount into the stored value."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(value.scaleb(MONEY_DECIMALS).to_integral_value())

    def result_processor(self, dialect: Dialect, coltype: object) -> Read[Decimal]:  # noqa: ARG002
        """Read SQLite's whole numbers in one step; PostgreSQL gives decimals."""
        return _read_amount if dialect.name == "sqlite" else None


def inner_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type that a domain of PostgreSQL restricts; of no domain the type itself."""
    return inner_type(kind.data_type) if isinstance(kind, DOMAIN) else kind


def allow_operators(kind: TypeEngine[Any]) -> None:
    """Let values of a domain be compared as those that it restricts: SQLAlchemy does not say how."""
    if isinstance(kind, DOMAIN):
        kind.operator_classes = inner_type(kind).operator_classes  # type: ignore[misc]


def python_type(kind: TypeEngine[Any]) -> type[Any]:
    """The Python type of the values of a column; `object` where a type does not say it, or has own texts."""
    kind = inner_type(kind)
    said = _said_type(kind)
    # PostgreSQL's bits are such texts: only the database knows which of them are values.
    is_own_text = said is not str and issubclass(said, str) and not issubclass(said, Enum)
    return object if is_own_text or is_transparent(kind) else said


def _said_type(kind: TypeEngine[Any]) -> type[Any]:
    try:
        found: type[Any] = kind.python_type
    except RuntimeError:
        return object
    return found


def is_text(kind: TypeEngine[Any]) -> bool:
    """Whether a column holds texts that people write, which the choices of an `Enum` are not."""
    return isinstance(kind, String) and not isinstance(kind, ChoiceType)


def is_transparent(kind: TypeEngine[Any]) -> bool:
    """Whether a type of an application is known only by how it changes the values of the type it wraps.

    One whose Python type is known is not, unless it repeats that of the wrapped type and yet makes other
    values of what it reads.
    """
    if not isinstance(kind, TypeDecorator):
        return False
    own = own_names(kind)
    if not own.isdisjoint(PROCESSORS):
        return False
    said = _said_type(kind) if "python_type" in own else object
    is_repeated = "process_result_value" in own and said is _said_type(kind.impl_instance)
    return is_repeated or not issubclass(said, KNOWN)


def is_aware(kind: TypeEngine[Any]) -> bool:
    """Whether the moments of a column have a zone."""
    return isinstance(kind, UTCDateTime) or bool(getattr(kind, "timezone", False))


def own_names(kind: TypeDecorator[Any]) -> set[str]:
    """The names that a type of an application defines."""
    return {name for each in type(kind).__mro__ if each not in TypeDecorator.__mro__ for name in vars(each)}


def _read_amount(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number).scaleb(-MONEY_DECIMALS)


def _move_to_utc(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo is UTC else moment.astimezone(UTC)


def _read_utc(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")
