"""The filters around a page of a list: their options with numbers, their chips and their links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.listing.filters import Chip, Choice, CountRow, Facet, FacetView, Pairs, Preset
from dashboard.listing.planning import Count
from dashboard.listing.state import Listing, ListState


@dataclass(frozen=True)
class PageFilters:
    """The filters of the list at ``base``, which has ``count`` rows."""

    listing: Listing
    state: ListState
    base: str
    count: Count

    @property
    def facets(self) -> tuple[FacetView, ...]:
        """The filters, with what is chosen in each; their options with numbers that are exact."""
        return tuple(self._view(facet) for facet in self.listing.facets if self._is_near(facet))

    def _is_near(self, facet: Facet) -> bool:
        """Whether the page has a filter: one that is further needs its column, or to be asked for."""
        chosen, column = self.state.filter_values[facet.name], self.listing.further.get(facet.name)
        return column in (None, *self.state.columns) or chosen.is_asked

    def _view(self, facet: Facet) -> FacetView:
        counts = self.count.facets if self.count.exact else {}
        chosen = self.state.filter_values[facet.name]
        return facet.view(chosen, counts.get(facet.name))._replace(
            presets=tuple(self._presets(facet)),
            is_on=chosen.is_asked,
            is_further=facet.name in self.listing.further,
        )

    def _presets(self, facet: Facet) -> Iterator[Preset]:
        now = self.state.filter_values[facet.name]
        for label, pairs in facet.presets(now):
            yield Preset(label, self._with(facet, pairs), now.pairs == pairs)

    @property
    def counts(self) -> CountRow | None:
        """The options of the filter that is counted above the list; their numbers where they are known."""
        facet = next((each for each in self.listing.facets if each.name == self.listing.counted_above), None)
        if facet is None:
            return None
        chosen, counts = self.state.filter_values[facet.name], self.count.facets.get(facet.name)
        others = None if counts is None else self._told(sum(counts.values()))
        number = others if chosen.pairs else self.count.rows
        whole = Choice("", "All", not chosen.pairs, self._with(facet, ()), number)
        options = (
            each._replace(url=self._with(facet, ((facet.name, each.value),)), rows=self._told(each.rows))
            for each in facet.view(chosen, counts).options
            if not each.is_sum
        )
        return CountRow(facet.label, (whole, *options), self.count.exact)

    def _told(self, rows: int | None) -> int | None:
        """A number of rows; not 0 of a sample, for other rows may have it."""
        return rows if self.count.exact else rows or None

    @property
    def chips(self) -> Iterator[Chip]:
        """The filters that are on, each with the address of the list without it."""
        for facet in self.listing.facets:
            found = self.state.filter_values[facet.name]
            first = max(1, len(found.chips) - found.alternatives)
            for number, (words, rest) in enumerate(found.chips):
                yield Chip(facet.label, words, self._with(facet, rest), is_alternative=number >= first)

    def _with(self, facet: Facet, pairs: Pairs) -> str:
        return self.state.without(facet.name, pairs).address(self.base)
