"""Values of types of an application, which wrap those of SQLAlchemy: people type what the type stores."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from sqlalchemy.types import TypeDecorator, TypeEngine

from dashboard.database.types import inner_type, is_transparent, python_type
from dashboard.history.decorated import from_database, to_database

Texts = tuple[Callable[[str], Any], Callable[[Any], str]]
"""How to read and write values, each in one text; reading raises ValueError with a sentence."""
INVALID = "Enter a valid value."


def stored_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type of what is typed: of types that wrap others, that of the innermost, unless values differ."""
    kind = inner_type(kind)
    if not isinstance(kind, TypeDecorator):
        return kind
    wrapped = kind.impl_instance
    is_same = is_transparent(kind) or python_type(kind) is python_type(wrapped)
    return stored_type(wrapped) if is_same else kind


def is_own(kind: TypeEngine[Any]) -> bool:
    """Whether only an application knows the values of a type, and not what they are in Python."""
    return is_transparent(inner_type(kind))


def own_texts(kind: TypeDecorator[Any], stored: Texts) -> Texts:
    """How to read and write values of such a type by the texts of what it stores."""
    read, write = stored
    return lambda text: _read(kind, read(text)), lambda value: _written(kind, value, write)


def _read(kind: TypeDecorator[Any], stored: Any) -> Any:
    """The value for what was typed: what the type makes of it, but of a type for texts the text itself."""
    for make in (_of_stored, _of_text):
        try:
            value = make(kind, stored)
            to_database(kind, value)
        except Exception:  # noqa: S112 - code of others, whose errors may be of any class
            continue
        return value
    raise ValueError(INVALID)


def _of_stored(kind: TypeDecorator[Any], stored: Any) -> Any:
    value = from_database(kind, stored)
    if _is_text(value):
        raise ValueError(value)  # it may be stored in another spelling than people type
    return value


def _of_text(kind: TypeDecorator[Any], text: Any) -> Any:
    return from_database(kind, to_database(kind, text))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Enum)


def _written(kind: TypeDecorator[Any], value: Any, write: Callable[[Any], str]) -> str:
    """The text of a value; texts are themselves, for what a type stores of them may be unreadable."""
    if _is_text(value):
        return str(value)
    stored = to_database(kind, value)
    return "" if stored is None else write(stored)
