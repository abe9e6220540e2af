"""Types of an application that wrap those of SQLAlchemy: what they give to the database, and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy.types import TypeDecorator

from dashboard.database.types import PROCESSORS, own_names, python_type
from dashboard.extensions import db


def is_respelling(kind: TypeDecorator[Any]) -> bool:
    """Whether a type changes what it stores and yet reads it as it is stored."""
    own = own_names(kind)
    changes = "process_bind_param" in own and "process_result_value" not in own
    return changes and own.isdisjoint(PROCESSORS) and python_type(kind) is python_type(kind.impl_instance)


def to_database(kind: TypeDecorator[Any], value: Any) -> Any:
    """The value that a type gives to the type that it wraps."""
    if type(kind).process_bind_param is TypeDecorator.process_bind_param:
        return value
    return kind.process_bind_param(value, db.engine.dialect)


def from_database(kind: TypeDecorator[Any], value: Any) -> Any:
    """The value that a type makes of one of the type that it wraps."""
    if type(kind).process_result_value is TypeDecorator.process_result_value:
        return value
    return kind.process_result_value(value, db.engine.dialect)
