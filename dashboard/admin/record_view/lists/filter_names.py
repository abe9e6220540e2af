"""The columns that the list of a mapped class can be filtered by, as a view names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.admin.record_view.columns import Columns
from dashboard.admin.record_view.lists.usual import usual_filters


@dataclass(frozen=True)
class FilterNames:
    """The columns ``named`` for filters, where they are named, and the one ``counted`` above the list."""

    columns: Columns
    named: Sequence[str] | None
    counted: str | None = None

    @property
    def offered(self) -> list[str]:
        """The columns whose filters stand in sight."""
        names = usual_filters(self.columns) if self.named is None else self.named
        first = [] if self.counted is None or self.counted in names else [self.counted]
        return [*first, *names]
