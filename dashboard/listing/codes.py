"""A search for several codes, such as a column copied from a spreadsheet, which finds the row of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

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
AROUND = "\"'<>\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}"
"""Quotes, and the brackets that a mail program puts around an address."""
FEWEST = 2
"""Codes that have to be there: one word of a text may be a code by chance."""


def codes_of(searched: Sequence[SqlColumn]) -> tuple[SqlColumn, ...]:
    """Those of these columns that hold codes: texts that no two records have in common."""
    return tuple(each for each in searched if is_text(each.type) and is_unique(each.property.columns[0]))


def read_codes(session: AnySession, listing: Listing, query: str) -> Codes | None:
    """Find the rows whose codes `query` lists; None where it is a search for words.

    Codes stand between blanks, commas or semicolons, and may be in quotes. One code among up to eight
    words, or names of letters alone, are a search for words as long as a row contains them all: a unique name
    is a code too, and "oak elm" is a text in which both stand.
    """
    texts = [each.strip(AROUND) for each in SEPARATORS.split(query)]
    asked = {sort_key(text): text for text in texts if sort_key(text)}
    if not listing.codes or len(asked) < FEWEST:
        return None
    found = _Lookup(session, listing, asked).found()
    if not found:
        return None
    there = set[str]().union(*found.values())
    is_few = len(found) < FEWEST and len(asked) <= MOST_WORDS
    if (is_few or all(code.isalpha() for code in there)) and _are_words(session, listing, query):
        return None
    return Codes([*found], len(asked), tuple(text for code, text in asked.items() if code not in there))


def _are_words(session: AnySession, listing: Listing, query: str) -> bool:
    """Whether a row contains all words of `query`, looked up in the index where the search has one."""
    words = listing.search.words(query)
    found = listing.search.found(words)
    asked = listing.search.containing(words) if found is None else found
    row = joined(listing, select(listing.key)).where(*listing.scope(), asked).limit(1)
    return session.scalar(row) is not None


@dataclass(frozen=True)
class _Lookup:
    """Looks up codes, each as it was ``asked`` for by its folded form."""

    session: AnySession
    listing: Listing
    asked: Mapping[str, str]

    def found(self) -> dict[Any, set[str]]:
        """The keys of the rows that have some of the codes, with these."""
        found = self._rows(self.asked, _spelt)
        there = set[str]().union(*found.values())
        missing = {code: text for code, text in self.asked.items() if code not in there}
        if missing and self._is_read_whole:
            found |= self._rows(missing, _in_either_case)
        return found

    @property
    def _is_read_whole(self) -> bool:
        """Whether a search reads every row: then so may the one for codes in other capitals than typed."""
        return self.listing.search.found(self.listing.search.words("code")) is None

    def _rows(self, asked: Mapping[str, str], condition: Any) -> dict[Any, set[str]]:
        where = [condition(code, asked) for code in self.listing.codes]
        rows = select(self.listing.key, *self.listing.codes).where(*self.listing.scope(), or_(*where))
        return {key: {*self._codes(codes)} for key, *codes in self.session.execute(rows)}

    def _codes(self, texts: Sequence[str | None]) -> Iterator[str]:
        for text in texts:
            if text and (code := sort_key(text)) in self.asked:
                yield code


def _spelt(column: SqlColumn, asked: Mapping[str, str]) -> ColumnElement[bool]:
    """Fits codes as an index has them: folded, or as typed, in small, capital or leading capital letters."""
    if isinstance(column.type, SortKey):
        return column.in_([*asked])
    ways = (str, str.lower, str.upper, str.capitalize)  # each database has its own idea of capitals
    return column.in_(sorted({way(text) for text in asked.values() for way in ways}))


def _in_either_case(column: SqlColumn, asked: Mapping[str, str]) -> ColumnElement[bool]:
    return func.lower(column).in_(sorted({text.lower() for text in asked.values()}))
