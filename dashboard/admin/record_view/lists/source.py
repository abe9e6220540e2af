"""The parts of the list of a mapped class, as its view declares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from dashboard.admin.record_view.columns import Attribute, Columns, mapped_columns
from dashboard.admin.record_view.lists.formatting import NO_FORMATTERS, Formatters, Objects
from dashboard.admin.record_view.lists.path_columns import PathColumns
from dashboard.admin.record_view.relations.paths import is_dotted, path_of
from dashboard.listing.state import DEFAULT_PAGE_SIZE, PAGE_SIZES

MOST_SEARCHED = 3
"""Columns that the input of the search names."""


@dataclass(frozen=True)
class ListSource:
    """The parts of the list of a mapped class: Flask-Admin's attributes, with names of columns."""

    columns: Columns
    names: Sequence[str]
    searched: Sequence[str]
    filtered: Sequence[str]
    sorted_by: str
    exported: Sequence[str]
    scope: Callable[[], list[ColumnElement[bool]]]
    sortable: Callable[[str], bool]
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    formatters: Formatters = NO_FORMATTERS
    export_formatters: Formatters = NO_FORMATTERS
    read_along: Sequence[str] = ()
    size: int = DEFAULT_PAGE_SIZE
    sizes: tuple[int, ...] = PAGE_SIZES
    unnamed: frozenset[str] = frozenset()
    """The references whose records not everyone may see: the list has their keys and not their names."""
    linked: Sequence[str] = ()
    """The references that pages show: the list can be filtered by each, from the page of its record."""

    orders: Mapping[str, str] = field(default_factory=dict)
    """The names of columns that are sorted by another, which may be one of other records."""
    counted_above: str | None = None
    """The column whose filter stands above the list, each option with its rows."""
    more_filters: bool = True
    """Whether the list has filters by the other columns that it shows."""

    def label(self, name: str) -> str:
        """The label of a column."""
        path = path_of(self.columns.model, name) if is_dotted(self.columns, name) else None
        return self.labels.get(name) or (self.columns.label(name) if path is None else path.label)

    @cached_property
    def along(self) -> PathColumns:
        """The columns of other records, but those that functions show."""
        names = [name for name in (*self.names, *self.exported) if is_dotted(self.columns, name)]
        return PathColumns(self.columns, tuple(dict.fromkeys(names)))

    @cached_property
    def objects(self) -> Objects:
        """The records themselves, for formatters."""
        return Objects(self.columns, self.read_along)

    @cached_property
    def entities(self) -> dict[str, Any]:
        """The other tables that the list reads along, each as an alias, by the column that refers to it."""
        shown = {*self.names, *self.exported}
        return {
            name: aliased(reference.mapper.class_, name=f"of_{name}")
            for name, reference in self.columns.references.items()
            if name in shown and name not in self.unnamed
        }

    def read(self, name: str) -> Attribute:
        """The column that the list reads: its own value, or the name of the record that it refers to."""
        if name not in self.entities:
            return self.columns.all[name]
        title = mapped_columns(self.columns.references[name].mapper.class_).title
        found: Attribute = getattr(self.entities[name], title.key)
        return found


def search_words(source: ListSource) -> str:
    """The words in the empty input of the search: the columns that it looks in, where they are few."""
    labels = [source.label(name) for name in source.searched]
    if not labels or len(labels) > MOST_SEARCHED:
        return "Search"
    *first, last = (label if label[:2].isupper() else label[:1].lower() + label[1:] for label in labels)
    return f"Search {', '.join(first)} or {last}" if first else f"Search {last}"
