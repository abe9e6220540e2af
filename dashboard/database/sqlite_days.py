"""Days, times and moments of SQLite, which keeps any text or number as one where another program wrote it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Date, DateTime, Dialect, Time
from sqlalchemy.dialects import sqlite

from dashboard.database.beyond import Beyond, BeyondDay, BeyondMoment, BeyondTime

Processor = Callable[[Any], Any]


def _reading(read: Processor | None, unread: Callable[[str], Beyond]) -> Processor:
    """Read values by `read`, and those that it does not know as `unread` makes them of their text."""

    def process(value: Any) -> Any:
        try:
            return read(value) if read else value
        except (ValueError, TypeError):
            return unread(str(value))

    return process


def _writing(write: Processor | None) -> Processor:
    """Write such a text again; the affinity of the column makes a number of it where it was one."""

    def process(value: Any) -> Any:
        if isinstance(value, Beyond):
            return value.text
        return write(value) if write else value

    return process


class _Day(sqlite.DATE):
    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        return _reading(super().result_processor(dialect, coltype), BeyondDay)

    def bind_processor(self, dialect: Dialect) -> Processor:
        return _writing(super().bind_processor(dialect))


class _Moment(sqlite.DATETIME):
    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        unread = partial(BeyondMoment, aware=False)
        return _reading(super().result_processor(dialect, coltype), unread)

    def bind_processor(self, dialect: Dialect) -> Processor:
        return _writing(super().bind_processor(dialect))


class _Time(sqlite.TIME):
    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        read = super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]
        return _reading(read, BeyondTime)

    def bind_processor(self, dialect: Dialect) -> Processor:
        return _writing(super().bind_processor(dialect))  # type: ignore[no-untyped-call]


def read_any_day(dialect: Dialect) -> None:
    """Let a dialect of SQLite read and write days, times and moments that Python does not have."""
    dialect.colspecs = {**dialect.colspecs, Date: _Day, DateTime: _Moment, Time: _Time}
