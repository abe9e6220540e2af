"""A search for several codes, such as a column copied from a spreadsheet, which finds the row of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from dashboard.database.indexes import is_unique
from dashboard.database.transactions import AnySession
from dashboard.database.types import is_text
from dashboard.listing.columns import SqlColumn
from dashboard.listing.conditions import joined
from dashboard.listing.planning import Codes
from dashboard.listing.state import Listing
from dashboard.search.keys import SortKey, sort_key
from dashboard.search.text import MOST_WORDS

SEPARATORS = re.compile(r"[\s,;]+")
QUOTES = "\"'"
FEWEST = 2
"""Codes that have to be there: one word of a text may be a code by chance."""


def code_of(searched: Sequence[SqlColumn]) -> SqlColumn | None:
    """The first of these columns that holds a code: a text that no two records have in common."""
    return next((each for each in searched if _is_code(each)), None)


def _is_code(attribute: SqlColumn) -> bool:
    return is_text(attribute.type) and is_unique(attribute.property.columns[0])


def read_codes(session: AnySession, listing: Listing, query: str) -> Codes | None:
    """Find the rows whose codes `query` lists; None where it is a search for words.

    Codes stand between blanks, commas or semicolons, and may be in quotes. One of many is enough, for more
    than eight words are no text that is searched for. A unique name is a code too, so names of letters alone
    are words as long as rows contain them all: "oak elm" is a text in which both stand.
    """
    texts = [each.strip(QUOTES) for each in SEPARATORS.split(query)]
    asked = {sort_key(text): text for text in texts if sort_key(text)}
    if listing.code is None or len(asked) < FEWEST:
        return None
    rows = session.execute(
        select(listing.key, listing.code).where(
            *listing.scope(), listing.code.in_(_spelt(listing.code, asked))
        )
    ).all()
    if len(rows) < (FEWEST if len(asked) <= MOST_WORDS else 1):
        return None
    if all(code.isalpha() for _, code in rows) and _are_words(session, listing, query):
        return None
    there = {sort_key(code) for _, code in rows}
    missing = tuple(text for code, text in asked.items() if code not in there)
    return Codes([key for key, _ in rows], len(asked), missing)


def _are_words(session: AnySession, listing: Listing, query: str) -> bool:
    words = listing.search.words(query)
    where = joined(listing, select(listing.key)).where(*listing.scope(), listing.search.containing(words))
    return session.scalar(where.limit(1)) is not None


def _spelt(column: SqlColumn, asked: Mapping[str, str]) -> list[str]:
    """The codes as the column may have them."""
    if isinstance(column.type, SortKey):
        return [*asked]
    ways = (str, str.lower, str.upper, str.capitalize)  # each database has its own idea of capitals
    return sorted({way(text) for text in asked.values() for way in ways})
