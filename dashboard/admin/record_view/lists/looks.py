"""How the list of a mapped class looks: its page sizes, and the tones of its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from dashboard.listing.columns import Column, Kind
from dashboard.listing.state import DEFAULT_PAGE_SIZE, PAGE_SIZES

TONES = ("ok", "warn", "bad", "neutral")


class ListLooks:
    """The attributes of a view for the looks of its list.

    ``column_tones`` are the tones of numbers, by their columns: ``{"stock": {0: "bad", 5: "warn"}}`` gives
    the one to 0 and less, and the other to what is up to 5. ``column_counted`` is the column whose choices
    stand above the list, each with the number of its rows. ``column_more_filters`` says whether the columns
    that are shown have filters behind "More filters", where ``column_filters`` does not name them.
    """

    page_size = DEFAULT_PAGE_SIZE
    page_size_options: Sequence[int] = PAGE_SIZES
    can_set_page_size = True
    column_counted: str | None = None
    column_more_filters = True
    column_tones: ClassVar[Mapping[str, Mapping[Any, str]]] = {}


def with_tones(view: Any, columns: Sequence[Column]) -> Iterator[Column]:
    """The columns with the tones that a view declares; raises ValueError where one of them is wrong."""
    declared = getattr(view, "column_tones", {})
    place, kinds = f"{type(view).__name__}.column_tones", {column.name: column.kind for column in columns}
    for name, tones in declared.items():
        if kinds.get(name) is not Kind.NUMBER:
            raise ValueError(f"{place} names {name}, which is no number in column_list.")
        for highest, tone in tones.items():
            if not isinstance(highest, int | float | Decimal) or tone not in TONES:
                raise ValueError(
                    f"{place} gives {name} up to {highest!r} the tone {tone!r}, not one of {TONES}."
                )
    for column in columns:
        tones = sorted(declared.get(column.name, {}).items())
        yield replace(column, tones=tuple(tones)) if tones else column
