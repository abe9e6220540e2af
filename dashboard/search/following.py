"""Columns that follow others of their row, such as folded text.

Every insert fills them, and every change of an object; a statement that changes the others has to write them
too, with the values that `following` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Table, event, inspect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.types import TypeEngine

RULE = "follows other columns"


@dataclass(frozen=True)
class Rule:
    """The value of a column: the result of `make` for the values of the columns ``sources``."""

    make: Callable[..., str | None]
    sources: tuple[str, ...]

    def value(self, values: Mapping[str, Any]) -> str | None:
        """The value that belongs to the other `values` of a row."""
        return self.make(*[values.get(name) or "" for name in self.sources])

    def default(self, context: DefaultExecutionContext) -> str | None:
        """The value for a row that is being inserted."""
        return self.value(context.get_current_parameters())  # type: ignore[no-untyped-call]


def follows(
    kind: TypeEngine[str], make: Callable[..., str | None], *sources: str, nullable: bool = False
) -> MappedColumn[Any]:
    """A column of type `kind` that holds what `make` makes of the columns `sources`.

    It is read only when asked for. A row that is written past the console holds nothing in it.
    """
    rule = Rule(make, sources)
    return mapped_column(
        kind,
        default=rule.default,
        server_default=None if nullable else "",
        nullable=nullable,
        deferred=True,
        info={RULE: rule},
    )


def keep_following(model: type[Any]) -> None:
    """Let the columns of `model` that follow others be written with every change of an object."""
    event.listen(model, "before_update", _renew)


def following(table: Table, row: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return the derived columns of `row` with its `new` values, as far as they may change."""
    its = {**row, **new}
    return {name: rule.value(its) for name, rule in _rules(table) if not new.keys().isdisjoint(rule.sources)}


def _renew(mapper: Any, _connection: Any, record: Any) -> None:
    attributes: Any = inspect(record).attrs
    for name, rule in _rules(mapper.local_table):
        if any(attributes[each].history.has_changes() for each in rule.sources):
            setattr(record, name, rule.value({each: getattr(record, each) for each in rule.sources}))


@cache
def _rules(table: Table) -> Sequence[tuple[str, Rule]]:
    return [(column.name, column.info[RULE]) for column in table.columns if RULE in column.info]
