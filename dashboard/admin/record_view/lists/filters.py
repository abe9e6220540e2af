"""The filters of the list of a mapped class: by each column the one of its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Date, DateTime, Integer, Numeric, Uuid

from dashboard.admin.record_view.columns import Attribute, Columns, choices_of
from dashboard.admin.record_view.relations.collection_list import Collection, by_collection
from dashboard.admin.record_view.relations.path_filter import ByPath, OrLacking
from dashboard.admin.record_view.relations.paths import Path, path_of
from dashboard.admin.record_view.relations.reference_filter import by_reference, with_none
from dashboard.admin.record_view.relations.targets import Target
from dashboard.database.types import UTCDateTime, inner_type, is_aware, python_type
from dashboard.files.lists import is_file_list
from dashboard.listing.contains import Contains
from dashboard.listing.emptiness import OrEmpty
from dashboard.listing.filters import ANY, Choices, Facet, OneOf, Option
from dashboard.listing.ranges import MAXIMUM_BOUND, Bounds, Dates, Days, NaiveDates
from dashboard.search.text_search import TextSearch

TAKEN = {
    *("q", "sort", "page", "size", "view", "column", "earlier", "later"),
    *("after", "before", "next", "id", "bom"),
}
"""Parameters of every list, which no filter can be called."""
MOST_ABOVE = 12
"""Options that a row above a list has room for."""
LARGEST_WHOLE = Decimal(2) ** 63 - 1


def parameter_of(name: str) -> str:
    """The parameter of the filter by a column."""
    return f"by_{name}" if name in TAKEN else name


def filter_of(
    columns: Columns,
    name: str,
    label: str,
    labels: Mapping[Any, str] | None = None,
    *,
    is_offered: bool = True,
) -> Facet | None:
    """The filter by a column, a collection or one of other records; None where its type has no filter.

    The values of a column that a view gives `labels` are chosen by these.
    """
    parameter = parameter_of(name)
    if name in columns.collections:
        return by_collection(parameter, label, Collection(columns, name), is_offered=is_offered)
    if name in columns.all:
        column = columns.all[name]
        blank = bool(column.expression.nullable)
        found = Filtered(parameter, label, column, columns, name, blank, is_offered, labels or {}).facet()
        return _or_empty(found, column) if blank else found
    path = path_of(columns.model, name)
    return None if path is None else _by_path(path, parameter, label)


def _or_empty(found: Facet | None, column: Attribute) -> Facet | None:
    """The filter, also for rows without a value; filters by choices have options for these."""
    if found is None or isinstance(found, Choices):
        return found
    return OrEmpty(found.name, found.label, found, column, has_blanks=isinstance(found, Contains))


def counted_above(
    view: type[Any], columns: Columns, name: str | None, labels: Mapping[Any, str] | None = None
) -> str:
    """The filter that is counted above the list, empty without one; `labels` are those of its values.

    Raises ValueError where it has no few choices.
    """
    if name is None:
        return ""
    found = filter_of(columns, name, name, labels)
    if type(found) is OneOf and len(_choices(found)) <= MOST_ABOVE:
        return found.name
    place = f"{view.__name__}.column_counted names {name}"
    raise ValueError(f"{place}. Name a column with up to {MOST_ABOVE} choices.")


def _choices(found: OneOf) -> list[Option]:
    """The options, without those for rows that have no value, or any."""
    return [option for option in found.options() if option.value is not None and option.value is not ANY]


def _by_path(path: Path, parameter: str, label: str) -> Facet | None:
    inner = Filtered(parameter, label, path.attribute, path.target, path.column, True, True).facet()
    if inner is None:
        return None
    found = ByPath(parameter, label, path, inner)
    if isinstance(inner, Choices):
        return found
    return OrLacking(parameter, label, found, path.attribute, isinstance(inner, Contains), path=path)


@dataclass(frozen=True)
class Filtered:
    """The column ``attribute``, which is called ``name`` among ``columns``, as a filter reads it.

    Rows ``may_be_blank``; a filter that is not ``is_offered`` only takes what an address asks for. ``labels``
    are those of values, where the view has some.
    """

    parameter: str
    label: str
    attribute: Attribute
    columns: Columns
    name: str
    may_be_blank: bool
    is_offered: bool
    labels: Mapping[Any, str] = field(default_factory=dict)

    def facet(self) -> Facet | None:
        """The filter for the type of the values; None where there is none for it."""
        if target := self._target:
            return by_reference(
                self.parameter,
                self.label,
                self.attribute,
                target,
                is_offered=self.is_offered,
                may_be_blank=self.may_be_blank,
            )
        kind = inner_type(self.attribute.type)
        if (choices := choices_of(kind)) is not None:
            found = choices.items()
            return self._of_options([Option(t, self.labels.get(v, words), v) for t, (words, v) in found])
        if self.labels:
            values = [value for value in self.labels if value is not None]
            return self._of_options([Option(str(value), self.labels[value], value) for value in values])
        return self._of_type(kind)

    def _of_options(self, options: list[Option]) -> OneOf:
        all_options = with_none(options, self.may_be_blank)
        return OneOf(self.parameter, self.label, lambda: all_options, self.attribute)

    @property
    def _target(self) -> Target | None:
        """The records to choose from: those that the column refers to, or those whose key it is."""
        if self.name in self.columns.references:
            return Target(self.columns.references[self.name].mapper.class_)
        is_key = self.attribute is not self.columns.all[self.name] and self.name == self.columns.key.key
        return Target(self.columns.model) if is_key else None

    def _of_type(self, kind: Any) -> Facet | None:
        if is_file_list(kind):
            return self._of_options([])
        if isinstance(kind, UTCDateTime | DateTime | Date):
            return _dates(kind)(self.parameter, self.label, self.attribute)
        if issubclass(python_type(kind), int | float | Decimal):
            return _bounds(self.parameter, self.label, self.attribute)
        # A UUID may be a text in Python; no database finds a part of it.
        is_text = python_type(kind) is str and not isinstance(kind, Uuid)
        return Contains(self.parameter, self.label, TextSearch((self.attribute,))) if is_text else None


def _dates(kind: Any) -> type[Dates]:
    if isinstance(kind, Date):
        return Days
    return Dates if is_aware(kind) else NaiveDates


def _bounds(name: str, label: str, column: Attribute) -> Bounds:
    kind = inner_type(column.type)
    if isinstance(kind, Numeric) and kind.scale is not None:
        return Bounds(name, label, column, decimals=kind.scale)
    largest = LARGEST_WHOLE if isinstance(kind, BigInteger) else MAXIMUM_BOUND
    if isinstance(kind, Integer):
        return Bounds(name, label, column, decimals=0, largest=largest)
    return Bounds(name, label, column, largest=largest)
