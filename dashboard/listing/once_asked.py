"""The filter that nobody looks for: links choose it, and the page shows it while it is on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.listing.filters import Choices, FacetView, FilterValue


@dataclass(frozen=True)
class OnceAsked(Choices):
    """Is one of, with the options shown only while one is chosen: for what is rare and linked to."""

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show the options where one is chosen."""
        shown = super().view(filter_value, counts)
        return shown if filter_value.pairs else shown._replace(options=())
