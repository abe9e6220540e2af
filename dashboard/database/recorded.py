"""Which fields of a model the history keeps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import event, inspect
from sqlalchemy.orm import InstrumentedAttribute

from dashboard.database.secret_columns import is_secret

Model = TypeVar("Model", bound=type[Any])
RECORDED = "__recorded__"
"""The attribute of a model that says which of its fields the history keeps."""


@dataclass(frozen=True)
class Recorded:
    """The fields of a model whose changes the history keeps, each with the label that people know it by.

    ``personal`` records are about people, so that what the history says of them can be erased. A field whose
    name looks like that of a secret is recorded without its values, unless it is ``not_secret``.
    """

    fields: Mapping[str, str]
    personal: bool = False
    not_secret: Collection[str] = ()


BY_MODEL = Recorded({})
"""Stands for the fields that a model declares with `recorded`."""


def recorded(*, personal: bool = False, **fields: str) -> Callable[[Model], Model]:
    """Record the changes of a model in these fields, each with its label; no other field is recorded."""

    def declare(model: Model) -> Model:
        setattr(model, RECORDED, Recorded(fields, personal))
        return model

    return declare


def keep_old_values(columns: Iterable[InstrumentedAttribute[Any]]) -> None:
    """Let the old value be read before it is replaced, even of a record that was not read to its end."""
    for column in columns:
        if not event.contains(column, "set", _keep_old_value):
            event.listen(column, "set", _keep_old_value, active_history=True, propagate=True)


def _keep_old_value(_record: Any, _value: Any, _old: Any, _initiator: Any) -> None:
    """Do nothing: a listener is enough for SQLAlchemy to remember the old value."""


def masked_among(model: type[Any], fields: Recorded) -> frozenset[str]:
    """The names of the fields that look like secrets."""
    columns, plain = inspect(model).columns, {*fields.fields} - {*fields.not_secret}
    return frozenset(name for name in plain if name in columns and is_secret(columns[name], name))
