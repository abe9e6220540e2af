"""Giving attributes of mapped objects values that only the database understands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, inspect, null
from sqlalchemy.orm.attributes import instance_dict


def assign(record: Any, name: str, value: Any) -> None:
    """Give a record a value, where None is NULL: in a column of JSON it would be written as JSON's null."""
    if isinstance(inspect(type(record)).columns[name].type, JSON) and value in (None, JSON.NULL):
        assign_written(record, name, None, null() if value is None else value)
    else:
        setattr(record, name, value)


def assign_written(record: Any, name: str, value: Any, written: Any) -> None:
    """Give a record a value that is to be written in a way of its own, such as an expression of SQL."""
    setattr(record, name, value)
    # Not by the attribute: validators and mutable types got the value, and refuse anything else.
    instance_dict(record)[name] = written
