"""Best matches first: rows that are called so, rows that begin so, rows with words that do, then the others.

Only among so many rows that sorting all of them costs little: more are read in the order of an index.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, false, func, or_

from dashboard.database.types import is_text
from dashboard.listing.planning import Statistics
from dashboard.listing.state import Listing, ListState
from dashboard.search.keys import SortKey, sort_key
from dashboard.search.text_search import spellings

BEST_FIRST = "Best match first"


def is_rankable(listing: Listing, state: ListState, known: Statistics) -> bool:
    """Whether best matches could come first: a search finds rows, and not too many."""
    count, most = known.count, listing.tuning.most_ranked
    if state.cursor and state.cursor.is_ranked:
        most *= 2  # rows that are added while pages are read do not change the order of these
    is_few = count.exact and 0 < count.rows <= most
    return state.is_ranked and bool(state.query) and known.codes is None and is_few


def is_ranked(listing: Listing, state: ListState, known: Statistics) -> bool:
    """Whether best matches come first; a page that follows one in another order keeps that."""
    follows = state.cursor and not state.cursor.is_ranked
    return is_rankable(listing, state, known) and not (state.is_sort_asked or follows)


def best_matches(listing: Listing, state: ListState, known: Statistics) -> tuple[ColumnElement[bool], ...]:
    """The conditions of the rows that come first, best ones first; empty where the order stays as it is."""
    if not is_ranked(listing, state, known):
        return ()
    words = listing.search.words(state.query)
    found = (*_named(listing, state.query), listing.search.beginning(words))
    # A comparison with NULL is neither true nor false: without this, such a row would be in no partition.
    return tuple(func.coalesce(condition, false()) for condition in found if condition is not None)


def _named(listing: Listing, query: str) -> Iterator[ColumnElement[bool]]:
    """Fits rows whose name is `query`, and rows whose name begins with it, where names are texts."""
    title, folded = listing.title, listing.columns[0].sort_key
    if folded is not None and isinstance(folded.type, SortKey):
        yield folded == sort_key(query)
        yield folded.startswith(sort_key(query), autoescape=True)
    elif is_text(title.type):
        asked = sorted(spellings(query))
        yield func.lower(title).in_([func.lower(each) for each in asked])
        yield or_(*(title.istartswith(each, autoescape=True) for each in asked))
