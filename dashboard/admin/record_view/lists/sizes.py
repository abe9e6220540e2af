"""The numbers of rows on a page of a list, and in a file, as a view declares them."""

from __future__ import annotations

from typing import Any

from dashboard.listing.state import MOST_ROWS


def page_sizes(view: Any) -> tuple[int, tuple[int, ...]]:
    """The usual number of rows on a page, and those to choose from.

    Raises ValueError for what is no number of rows.
    """
    size = _rows(view, "page_size", view.page_size)
    options = [_rows(view, "page_size_options", each) for each in view.page_size_options]
    return size, (*sorted({size, *options}),) if view.can_set_page_size else (size,)


def _rows(view: Any, attribute: str, given: Any) -> int:
    if type(given) is not int or not 0 < given <= MOST_ROWS:
        raise ValueError(
            f"{type(view).__name__}.{attribute} names {given!r}. Use numbers from 1 to {MOST_ROWS}."
        )
    return given
