"""What a row of a list has to meet: the scope, the filters and the search."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement

from dashboard.listing.state import Listing, ListState

Conditions = list[ColumnElement[bool]]


def conditions(
    listing: Listing, state: ListState, *, by_index: bool, without: Collection[str] = ()
) -> Conditions:
    """Every condition of `state`, leaving out the filters named in `without`.

    The search is answered from its index if `by_index`, else by looking at each row.
    """
    chosen = [s.where for name, s in state.selections.items() if name not in without and s.where is not None]
    return [*listing.scope(), *chosen, *search_conditions(listing, state, by_index=by_index)]


def search_conditions(listing: Listing, state: ListState, *, by_index: bool) -> Conditions:
    """What the search alone asks of a row; nothing where nothing is searched for."""
    words = listing.search.words(state.query)
    if not words:
        return []
    return [listing.search.matching(words) if by_index else listing.search.containing(words)]
