"""The search in columns as they are, without an index and without text made for searching."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from dashboard.database.binary_keys import as_text
from dashboard.database.types import is_text
from dashboard.search.index import SearchIndex, SqlColumn
from dashboard.search.text import words


@dataclass(frozen=True)
class TextSearch(SearchIndex):
    """No index and no text made for searching: each word is looked for in several columns.

    Each database compares capitals in its own way: SQLite knows those of ASCII only, so that other words are
    looked for as they are typed, in small letters and in capitals.
    """

    searched: tuple[SqlColumn, ...]

    @property
    def columns(self) -> tuple[SqlColumn, ...]:
        """Return the columns that are searched."""
        return self.searched

    def words(self, query: str) -> tuple[str, ...]:
        """The words of `query`."""
        return words(query)

    def containing(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Fits rows that have every word in one of the columns."""
        return and_(True, *(or_(*self._in_columns(word)) for word in words))

    def beginning(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Fits those of the same rows in which words begin with `words`, or the texts themselves."""
        return and_(True, *(or_(*self._at_beginnings(word)) for word in words))

    def _at_beginnings(self, word: str) -> Iterator[ColumnElement[bool]]:
        yield from self._in_columns(f" {word}")
        for text in self._texts():
            yield from (text.istartswith(each, autoescape=True) for each in sorted(spellings(word)))

    def _in_columns(self, word: str) -> Iterator[ColumnElement[bool]]:
        for text in self._texts():
            yield from (text.icontains(spelling, autoescape=True) for spelling in sorted(spellings(word)))

    def _texts(self) -> Iterator[ColumnElement[Any]]:
        for each in self.searched:
            yield each.expression if is_text(each.type) else as_text(each)


def spellings(word: str) -> set[str]:
    """The ways in which `TextSearch` looks for a word."""
    return {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
