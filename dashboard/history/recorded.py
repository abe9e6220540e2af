"""Which fields of which models are kept in the ledger, and how their values are written there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import InstrumentedAttribute

from dashboard.database.types import MONEY_DECIMALS

Model = TypeVar("Model", bound=type[Any])
Values = Mapping[str, Any]
SMALLEST_AMOUNT = Decimal(1).scaleb(-MONEY_DECIMALS)


@dataclass(frozen=True)
class Recorded:
    """A model whose changes are kept: its fields by name, each with the label that people know it by.

    ``personal`` records are about people, so that what the ledger says of them can be erased.
    """

    model: type[Any]
    fields: Mapping[str, str]
    personal: bool

    @property
    def kind(self) -> str:
        """The name of this kind of record in the ledger."""
        return str(self.model.__tablename__)

    @property
    def columns(self) -> list[InstrumentedAttribute[Any]]:
        """The fields as columns, in their order."""
        return [getattr(self.model, name) for name in self.fields]

    def values(self, record: Any) -> dict[str, Any]:
        """What a record holds in the fields that are kept."""
        return {name: getattr(record, name) for name in self.fields}

    def read(self, name: str, kept: Any) -> Any:
        """The value of a field from what the ledger holds of it."""
        return _read(getattr(self.model, name).type.python_type, kept)


RECORDED: dict[str, Recorded] = {}
"""Every model whose changes are kept, by its kind."""


def recorded(*, personal: bool = False, **fields: str) -> Callable[[Model], Model]:
    """Keep the changes of a model in these fields, each with its label. What is not named is not kept."""

    def declare(model: Model) -> Model:
        declared = Recorded(model, fields, personal)
        RECORDED[declared.kind] = declared
        for column in declared.columns:
            # Reads the old value before it is replaced, even of a record that was not read to its end.
            event.listen(column, "set", _keep_old_value, active_history=True)
        return model

    return declare


def _keep_old_value(_record: Any, _value: Any, _old: Any, _initiator: Any) -> None:
    """Nothing more: that somebody listens makes SQLAlchemy keep the value."""


def find_recorded(model: type[Any]) -> Recorded | None:
    """How a model is kept, or None where it is not."""
    found = RECORDED.get(getattr(model, "__tablename__", ""))
    return found if found and found.model is model else None


def written(value: Any) -> Any:
    """A value as the ledger holds it: what JSON has, amounts with all their decimals, moments in ISO 8601."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value.quantize(SMALLEST_AMOUNT))
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def differences(before: Values, after: Values, names: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """The fields among `names` that differ, with what each was and is, as the ledger holds them."""
    pairs = ((name, written(before.get(name)), written(after.get(name))) for name in names)
    return {name: (old, new) for name, old, new in pairs if old != new}


def as_text(fields: Mapping[str, tuple[Any, Any]]) -> str:
    """Fields as the one text that stands for them, to be kept and hashed."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _read(python_type: type[Any], kept: Any) -> Any:
    if kept is None or (isinstance(kept, python_type) and python_type is not str):
        return kept
    if python_type is datetime:
        return datetime.fromisoformat(kept)
    return python_type(kept)
