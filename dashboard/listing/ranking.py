"""Best matches first: rows that begin with what is searched for, rows with words that do, then the others.

Only among so many rows that sorting all of them costs little: more are read in the order of an index.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, func, or_

from dashboard.database.types import is_text
from dashboard.listing.planning import Statistics
from dashboard.listing.state import Listing, ListState
from dashboard.search.keys import SortKey, sort_key
from dashboard.search.text_search import spellings


def is_rankable(listing: Listing, state: ListState, known: Statistics) -> bool:
    """Whether best matches could come first: a search finds rows, and not too many."""
    count = known.count
    is_few = count.exact and 0 < count.rows <= listing.tuning.most_ranked
    return listing.is_ranked and bool(state.query) and known.codes is None and is_few


def is_ranked(listing: Listing, state: ListState, known: Statistics) -> bool:
    """Whether best matches come first."""
    return is_rankable(listing, state, known) and not state.is_sort_asked


def best_matches(listing: Listing, state: ListState, known: Statistics) -> tuple[ColumnElement[bool], ...]:
    """The conditions of the rows that come first, best ones first; empty where the order stays as it is."""
    if not is_ranked(listing, state, known):
        return ()
    words = listing.search.words(state.query)
    found = (_begins(listing, state.query), listing.search.beginning(words))
    # A comparison with NULL is neither true nor false: without this, such a row would be in no partition.
    return tuple(func.coalesce(condition, false()) for condition in found if condition is not None)


def _begins(listing: Listing, query: str) -> ColumnElement[bool] | None:
    """Fits rows whose name begins with `query`; None where names are no texts."""
    title, folded = listing.title, listing.columns[0].sort_key
    if folded is not None and isinstance(folded.type, SortKey):
        begins: ColumnElement[bool] = folded.startswith(sort_key(query), autoescape=True)
        return begins
    if not is_text(title.type):
        return None
    return or_(*(title.istartswith(each, autoescape=True) for each in sorted(spellings(query))))
