"""Which of several lists have a row that matches a search, in one statement however many lists there are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, literal, or_, select, true

from dashboard.database.transactions import AnySession
from dashboard.listing.state import Listing

GLANCE = 500
"""Rows that are judged before the index is asked, which is slow where many match."""
MOST_COLUMNS = 1_000
"""Lists that one statement asks for; SQLite takes 2,000 columns."""


def which_match(session: AnySession, listings: Sequence[Listing], query: str) -> list[bool]:
    """Whether each of `listings` has a row that the current user may see and that matches `query`."""
    dialect, found = session.get_bind().dialect.name, list[bool]()
    for start in range(0, len(listings), MOST_COLUMNS):
        asked = [_matches(each, query, dialect) for each in listings[start : start + MOST_COLUMNS]]
        found += map(bool, session.execute(select(*asked)).one())
    return found


def _matches(listing: Listing, query: str, dialect: str) -> ColumnElement[bool]:
    search, key = listing.search, listing.key
    words = search.words(query)
    rows = select(literal(1)).select_from(key.class_).where(*listing.scope())
    if not words:
        return true()
    found, judged = search.keys(words, dialect), search.containing(words)
    if found is None:
        return rows.where(judged).exists()
    by_index = found.exists() if not listing.scope() else rows.where(key.in_(found)).exists()
    if search.is_rare(words):
        return by_index
    first = select(key).limit(GLANCE)
    return or_(rows.where(key.in_(first), judged).exists(), by_index)
