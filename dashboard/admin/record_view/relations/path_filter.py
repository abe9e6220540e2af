"""The filter of a list by a column of other records: that of its type, through a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, or_
from werkzeug.datastructures import MultiDict

from dashboard.admin.record_view.relations.paths import Path
from dashboard.listing.emptiness import EMPTY, OrEmpty, but_any, is_filled
from dashboard.listing.filters import UNKNOWN_OPTION, Facet, FacetView, FilterValue, OneOf, Pairs


@dataclass(frozen=True)
class ByPath(Facet):
    """Leads by ``path`` to a record that ``inner`` keeps; hidden from those who may not see these."""

    path: Path
    inner: Facet

    @property
    def parameters(self) -> tuple[str, ...]:
        """Those of the inner filter."""
        return self.inner.parameters

    @property
    def is_counted(self) -> bool:
        """Whether each row has one value, so that the options count rows."""
        return self.path.is_to_one and self.inner.is_counted

    @property
    def count_among(self) -> Callable[[Select[Any]], Any] | None:
        """A function that counts how many rows lead to each value, where one may lead to several."""
        is_apart = self.inner.is_counted and not self.path.is_to_one and self.path.is_readable
        return self.path.count_among if is_apart else None

    @property
    def counted_by(self) -> Any:
        """The value of a row."""
        return self.path.value()

    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Clean what `args` asks of this filter."""
        if not self.path.is_readable:
            asked = any(each in args for each in self.parameters)
            return FilterValue(errors={self.name: UNKNOWN_OPTION} if asked else {})
        found = self.inner.read(args)
        return found if found.where is None else replace(found, where=self._condition(found))

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show the filter by the column, if the user may see the records."""
        if self.path.is_readable:
            return self.inner.view(filter_value, counts if self.path.is_to_one else but_any(counts))
        return FacetView(self.name, self.label, "choices", error=filter_value.errors.get(self.name))

    @property
    def joint(self) -> str:  # type: ignore[override]
        """That of the inner filter."""
        return self.inner.joint

    def presets(self, filter_value: FilterValue) -> Sequence[tuple[str, Pairs]]:
        """The presets of the inner filter, if the user may see the records."""
        return self.inner.presets(filter_value) if self.path.is_readable else ()

    def _condition(self, found: FilterValue) -> ColumnElement[bool]:
        if None not in found.values or not isinstance(self.inner, OneOf):
            return self.path.holding(found.where)  # type: ignore[arg-type]  # asked for where there is one
        given = [value for value in found.values if value is not None]
        has_value = [self.path.holding(self.inner.condition(given))] if given else []
        return or_(*has_value, self.path.lacking())


@dataclass(frozen=True)
class OrLacking(OrEmpty):
    """The filter by a path, or rows that lead by it to no value: to an empty one, or to no record at all."""

    path: Path = field(kw_only=True)

    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Keep what is asked, of those who may see the records."""
        if self.path.is_readable or not any(each in args for each in self.parameters):
            return super().read(args)
        return FilterValue(errors={self.name: UNKNOWN_OPTION})

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show the filter and both options, if the user may see the records."""
        return super().view(filter_value, counts) if self.path.is_readable else self.inner.view(filter_value)

    def condition(self, chosen: str) -> ColumnElement[bool]:
        """The condition of one of the two options."""
        is_there = is_filled(self.column, self.has_blanks)
        return self.path.lacking(is_there) if chosen == EMPTY else self.path.holding(is_there)
