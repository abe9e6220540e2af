"""All filters of the list of a mapped class: those in sight, those of other columns, and those of links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dashboard.admin.record_view.columns import mapped_columns
from dashboard.admin.record_view.lists.filters import counted_above, filter_of
from dashboard.admin.record_view.lists.source import ListSource
from dashboard.admin.record_view.relations.paths import DOT
from dashboard.admin.record_view.relations.reference_filter import ask_together
from dashboard.database.secret_columns import is_secret
from dashboard.listing.filters import Facet

MOST_COUNTED = 6
"""Filters whose options show how many rows they leave: each combination of them is a group."""


@dataclass(frozen=True)
class ListFilters:
    """The filters of ``source``, each with parameters of its own."""

    source: ListSource

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """Every filter: those in sight first."""
        facets = (*self._in_sight, *self._further.values(), *self._linked)
        ask_together(facets)
        return facets

    @property
    def further(self) -> Mapping[str, str | None]:
        """The filters of columns that the view names no filter for, each with its column."""
        return {facet.name: name for name, facet in self._further.items()}

    @property
    def counted(self) -> tuple[str, ...]:
        """The filters in sight whose options show numbers, that above the list first."""
        names = [each.name for each in self._in_sight if each.is_counted]
        return tuple(dict.fromkeys([*filter(None, [self.counted_above]), *names]))[:MOST_COUNTED]

    @cached_property
    def counted_above(self) -> str:
        """The filter above the list, empty without one."""
        source, name = self.source, self.source.counted_above
        labels = source.choices.get(name) if name else None
        return counted_above(type(source.formatters.view), source.columns, name, labels)

    @cached_property
    def _in_sight(self) -> tuple[Facet, ...]:
        return tuple(self._named(name) for name in self.source.filtered)

    def _named(self, name: str) -> Facet:
        """The filter that the view names; raises ValueError where there is none for its type."""
        if (found := self._filter(name)) is not None:
            return found
        view = type(self.source.formatters.view).__name__
        raise ValueError(f"{view}.column_filters names {name}, whose type has no filter.")

    @cached_property
    def _further(self) -> Mapping[str, Facet]:
        taken = {text for each in (*self._in_sight, *self._linked) for text in each.parameters}
        found: dict[str, Facet] = {}
        for name in self._others:
            facet = self._filter(self._of_words(name), self.source.label(name))
            if facet is not None and taken.isdisjoint(facet.parameters):
                found[name] = facet
                taken.update(facet.parameters)
        return found

    @property
    def _others(self) -> Iterator[str]:
        """The columns that the list shows as they are stored: a function may hide a part of a value."""
        source, columns = self.source, self.source.columns
        for name in source.names if source.more_filters else ():
            is_made = name in source.formatters.by_name or name in columns.key_names
            is_hidden = name in columns.all and is_secret(columns.column(name), name)
            if not (name in source.filtered or is_made or is_hidden or name in columns.collections):
                yield name

    def _of_words(self, name: str) -> str:
        """The column whose words the list shows: that which names the record, where it refers to one."""
        reference = self.source.columns.references.get(name)
        if reference is None:
            return name
        return f"{reference.key}{DOT}{mapped_columns(reference.mapper.class_).title.key}"

    @cached_property
    def _linked(self) -> tuple[Facet, ...]:
        """The references whose records link to the list, which offer no options."""
        source = self.source
        names = [name for name in source.linked if name not in source.filtered]
        found = (filter_of(source.columns, name, source.label(name), is_offered=False) for name in names)
        return tuple(each for each in found if each is not None)

    def _filter(self, name: str, label: str = "") -> Facet | None:
        source = self.source
        return filter_of(source.columns, name, label or source.label(name), source.choices.get(name))
