"""Texts that forms take, made of the types of their columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Numeric, SmallInteger, Uuid

from dashboard.admin.record_view.texts import reader
from dashboard.database.types import python_type
from dashboard.testing.markup import Element

DAY = date(2026, 1, 31)
NOON = datetime(2026, 1, 31, 12, 0)  # noqa: DTZ001 - columns with and without a time zone take it


def text_for(column: Any, page: Element, number: int) -> str | None:
    """The text that a person could enter into the field of a column, another for each `number`.

    None leaves the field as the page has it.
    """
    selects = page.all("select", name=column.key)
    if selects:
        return _option(selects[0], number)
    if column.foreign_keys:  # too many records to list: a name is typed, which nobody knows here
        return None
    value = value_for(column.type, number)
    if value is None or isinstance(value, str):
        return value
    found = reader(column.type)
    return found[1](value) if found else None


def value_for(kind: Any, number: int) -> Any:
    """A value of a type; None for types that people cannot type."""
    if isinstance(kind, JSON):
        return {"number": number}
    if isinstance(kind, Numeric):
        return _number(kind, number)
    if isinstance(kind, Uuid):
        return UUID(int=number)
    if isinstance(kind, SmallInteger):
        return number % 30_000
    makers: dict[type[Any], Callable[[], Any]] = {
        str: lambda: f"Sample {number}"[-(getattr(kind, "length", None) or 80) :],
        int: lambda: number,
        float: lambda: number + 0.5,
        date: lambda: DAY + timedelta(days=number),
        datetime: lambda: NOON + timedelta(days=number),
        time: lambda: time(number % 24, 30),
        timedelta: lambda: timedelta(hours=number),
    }
    make = makers.get(python_type(kind))
    return make() if make else None


def _number(kind: Any, number: int) -> Any:
    scale = kind.scale or 0
    room = 10 ** max((kind.precision or 10) - scale, 0)
    value = Decimal(number % room) + (Decimal(5).scaleb(-scale) if scale else 0)
    return value if kind.asdecimal else float(value)


def _option(select: Element, number: int) -> str | None:
    values = [option.attributes.get("value", option.text) for option in select.all("option")]
    chosen = [value for value in values if value]
    return chosen[number % len(chosen)] if chosen else None
