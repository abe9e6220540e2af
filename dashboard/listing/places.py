"""Places of rows in a list as the database has them: on SQLite with whatever a column holds.

There another program may have stored ``0000-00-00`` as a day, a day in other words than SQLAlchemy writes,
a number with more decimals than its column declares, or a text where numbers are. A value that is read as
one of Python is not what such a row is sorted by, so that a page would begin before or after it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Dialect, type_coerce
from sqlalchemy.types import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    Interval,
    NullType,
    Numeric,
    Time,
    TypeDecorator,
    TypeEngine,
    Uuid,
)

from dashboard.database.keys import INT8
from dashboard.listing.columns import SqlColumn

READ_OTHERWISE = (Boolean, Date, DateTime, Float, Integer, Interval, Numeric, Time, Uuid)
"""Types whose columns hold values on SQLite that are not what is read from them."""
HEX = "hex"


@dataclass(frozen=True)
class Raw:
    """A value as SQLite has it."""

    value: str | int | float | bytes

    @property
    def parts(self) -> list[Any]:
        """The value as JSON holds it, in a list, so that it differs from a text of a value of Python."""
        return [self.value.hex(), HEX] if isinstance(self.value, bytes) else [self.value]

    @classmethod
    def read(cls, parts: list[Any]) -> Self:
        """The value that `parts` gives so; raises ValueError or TypeError for any other list."""
        value, *more = parts
        if more:
            return cls(bytes.fromhex(value))
        if not isinstance(value, str | int | float) or (isinstance(value, int) and value not in INT8):
            raise ValueError("not in a column")
        if isinstance(value, str):
            value.encode()  # a lone surrogate cannot be sent to a database
        return cls(value)


class Place(TypeDecorator[Any]):
    """The values of a column of type ``kind`` as places hold them; see `Raw`."""

    impl = NullType
    cache_ok = True

    def __init__(self, kind: TypeEngine[Any]) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Read what SQLite has, and elsewhere values of the column."""
        return NullType() if dialect.name == "sqlite" else dialect.type_descriptor(self.kind)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """Write what SQLite has; elsewhere only a made up address holds that, and no row is there."""
        is_sqlite = dialect.name == "sqlite"
        plain = self.kind.dialect_impl(dialect).bind_processor(dialect)

        def process(value: Any) -> Any:
            if isinstance(value, Raw):
                return value.value if is_sqlite else None
            return plain(value) if plain else value

        return process

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Wrap what SQLite has."""
        if dialect.name == "sqlite":
            return lambda value: None if value is None else Raw(value)
        return self.kind.dialect_impl(dialect).result_processor(dialect, coltype)


def place_type(key: SqlColumn) -> TypeEngine[Any]:
    """The type of the place of a row in the column `key`."""
    # An address may hold an integer too large for its column, which PostgreSQL refuses to cast.
    kind = BigInteger() if isinstance(key.type, Integer) else key.type
    return Place(kind) if isinstance(kind, READ_OTHERWISE) else kind


def place_in(key: SqlColumn) -> ColumnElement[Any]:
    """Return what is read of a row for its place in a list that is sorted by `key`."""
    kind = place_type(key)
    return type_coerce(key, kind) if isinstance(kind, Place) else key.expression
