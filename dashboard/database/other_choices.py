"""Choices that a column holds and its `Enum` does not: each is read as the text that the database has.

Other programs write them, or an older release did. Texts are written again as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect, Enum
from sqlalchemy.dialects.postgresql import ENUM

Processor = Callable[[Any], Any]


def _reading(read: Processor | None) -> Processor:
    """Read choices by `read`, and leave the text of those that it does not know."""

    def process(value: Any) -> Any:
        try:
            return read(value) if read else value
        except LookupError:
            return value

    return process


class _Choice(Enum):
    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        return _reading(super().result_processor(dialect, coltype))  # type: ignore[no-untyped-call]


class _NativeChoice(ENUM):
    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        return _reading(super().result_processor(dialect, coltype))  # type: ignore[no-untyped-call]


def read_any_choice(dialect: Dialect) -> None:
    """Let a dialect read choices that are none of their `Enum`."""
    kind = _NativeChoice if dialect.name == "postgresql" else _Choice
    dialect.colspecs = {**dialect.colspecs, Enum: kind}
