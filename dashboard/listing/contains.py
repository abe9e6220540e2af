"""The filter by a part of a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from dashboard.listing.filters import BOUND_LENGTH, Facet, FacetView, FilterValue, Input
from dashboard.search.text import asked
from dashboard.search.text_search import TextSearch


@dataclass(frozen=True)
class Contains(Facet):
    """A text is in a column, whatever its capitals."""

    search: TextSearch

    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Keep the words."""
        text = asked(args.get(self.name, ""), BOUND_LENGTH)
        if not text:
            return FilterValue()
        pairs = ((self.name, text),)
        return FilterValue(pairs, [(f"contains {text}", ())], self.search.containing(self.search.words(text)))

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:  # noqa: ARG002
        """Show the input, filled as it was sent."""
        text = dict(filter_value.pairs).get(self.name, "")
        return FacetView(
            self.name, self.label, "text", inputs=(Input(self.name, "Contains", text, "text", None),)
        )
