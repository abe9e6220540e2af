"""The kinds of records that go to the trash, and their names there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from dashboard.registry import RECORDED, Record, Recorded, kind_of, registry
from dashboard.trash.rows import format_of


@dataclass(frozen=True)
class Trashable:
    """How records of a model go to the trash when they are deleted.

    ``title`` and ``code`` are the fields that name a record there. ``owned`` are columns of other tables that
    refer to it: their rows are deleted and restored with it. Raises LookupError for people, of whom nothing
    may be left when they are erased, and TypeError where a column cannot be stored.
    """

    model: type[Any]
    title: str
    code: str | None = None
    owned: Sequence[Column[Any]] = ()

    def __post_init__(self) -> None:
        if self.recorded.personal:
            raise LookupError(f"{self.kind} are people: the trash would still have those who were erased")
        for table in (self.table, *(column.table for column in self.owned)):
            format_of(table)

    @property
    def recorded(self) -> Recorded:
        """The fields that the history records."""
        found: Recorded = getattr(self.model, RECORDED)
        return found

    @property
    def kind(self) -> str:
        """The name of the kind in the history and the trash."""
        return kind_of(self.model)

    @property
    def table(self) -> Table:
        """The table of its records."""
        table: Table = self.model.__table__
        return table

    @property
    def key(self) -> Column[Any]:
        """Its primary key."""
        (key,) = self.table.primary_key.columns
        return key


def kinds_in_trash() -> list[Record]:
    """The kinds of records of the current application that go to the trash."""
    return [record for record in registry() if record.trash is not None]
