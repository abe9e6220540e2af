"""Going to a page by its number where it is too far to skip the rows before it: to about where it lies."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, null

from dashboard.database.transactions import AnySession
from dashboard.listing.cursor import Cursor
from dashboard.listing.partitions import BLANK, FILLED, order_from_here
from dashboard.listing.places import place_in
from dashboard.listing.sample import sampled
from dashboard.listing.spread import evenly
from dashboard.listing.state import Listing, ListState

CACHED_STATEMENTS = 256


def approximate_position(
    session: AnySession, listing: Listing, state: ListState, share: float
) -> Cursor | None:
    """A row with about this share of the list before it: the one that has it before it in an even sample.

    With 250 rows in the sample it lies within 6.2 percent points of the list from there, 19 times in 20;
    in the order in which the rows were made, which the sample follows, within 0.4.
    """
    is_whole = not (state.is_filtered or listing.scope())
    dialect = session.get_bind().dialect.name
    statement = _whole(listing, state.sort, dialect) if is_whole else _sample(listing, state, dialect)
    sample = session.execute(statement).all()
    if not sample:
        return None
    key, value = sample[min(int(share * len(sample)), len(sample) - 1)]
    is_blank = value is None and listing.sort_key(state.column) is not listing.key
    return Cursor(BLANK if is_blank else FILLED, value, key)


def _sample(listing: Listing, state: ListState, dialect: str, number: int | None = None) -> Select[Any]:
    """Read keys and what they are sorted by, in the order of the list."""
    sort_key = listing.sort_key(state.column)
    value = null() if sort_key is listing.key else place_in(sort_key)
    spread = evenly(listing, number or listing.tuning.sample_size, dialect)
    read = sampled(listing, state, spread, listing.key, value)
    return read.order_by(*order_from_here(listing, state))


@lru_cache(maxsize=CACHED_STATEMENTS)
def _whole(listing: Listing, sort: str, dialect: str) -> Select[Any]:
    """The same of a whole list; cached, for making the statement takes as long as running it."""
    return _sample(listing, ListState(sort=sort), dialect, listing.tuning.position_sample)
