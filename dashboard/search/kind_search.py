"""The search of a kind of record in its columns, by the index that a migration made, where there is one.

The index narrows the rows down and each is then judged as it is without one, so that both find the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal_column, select, text

from dashboard.search.index import SqlColumn, by_database
from dashboard.search.kind_index import KindIndex, index_of, quoted
from dashboard.search.kind_state import Readiness
from dashboard.search.text import TRIGRAM, selective_parts
from dashboard.search.text_search import TextSearch, spellings

DOT = "\u0307"
"""The mark that is left of İ when it becomes small, which makes two letters of one."""
FOLDED = ((0, 0x250), (0x370, 0x3F3), (0x400, 0x528), (0x531, 0x588), (0x1E00, 0x2000))
"""The letters with capitals that FTS5 folds as Python does; its tables are those of an older Unicode."""
CHANGING = (0x250, 0x2B0)
"""Letters that are given capitals in newer versions of Unicode."""
LETTERS = re.compile(rf"[^\W_]{{{TRIGRAM}}}")
"""PostgreSQL's trigrams are of letters and digits; other signs separate words."""


@dataclass(frozen=True)
class KindSearch(TextSearch):
    """The same search as `TextSearch`, by the index ``made`` wherever the database has it ``ready``."""

    key: SqlColumn
    made: KindIndex
    ready: Callable[[], str | None]

    def found(self, words: Sequence[str]) -> ColumnElement[bool] | None:
        """Fits the same rows, which the database finds by the index; None where it cannot look words up."""
        if not self._is_helpful(words):
            return None
        return by_database(and_(self._in_full_text(words), self.containing(words)), self._alike(words))

    def keys(self, words: Sequence[str], dialect: str) -> Select[Any] | None:  # noqa: ARG002
        """Read the keys of the rows found through the index; None where it cannot look words up."""
        found = self.found(words)
        return None if found is None else select(self.key).where(found)

    def is_rare(self, words: Sequence[str]) -> bool:
        """Whether a long code is among `words`."""
        return any(selective_parts(word) != (word,) for word in words)

    def _is_helpful(self, words: Sequence[str]) -> bool:
        if not any(len(word) >= TRIGRAM for word in words):
            return False  # before the database is asked
        database = self.ready()
        if database == "sqlite":
            return any(map(is_looked_up, words))
        return database is not None and any(map(LETTERS.search, words))

    def _in_full_text(self, words: Sequence[str]) -> ColumnElement[bool]:
        own, keys = quoted(self.made.name), self.made.keys_name
        name = "rowid" if keys is None else f"{quoted(keys)}.key"
        # CROSS JOIN: SQLite then begins with the index.
        source = (
            own if keys is None else f"{own} CROSS JOIN {quoted(keys)} ON {quoted(keys)}.id = {own}.rowid"
        )
        column = literal_column(name, self.key.type)
        asked = literal_column(own).op("MATCH", is_comparison=True)(phrases(words))
        return self.key.in_(select(column).select_from(text(source)).where(asked))

    def _alike(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Each part of a code is a condition of its own, and so a key of its own in the scan of the index."""
        parts = [part for word in words for part in selective_parts(word) if part != word]
        return and_(self.containing(words), *(self.containing([part]) for part in parts))


def search_of(model: type[Any], key: SqlColumn, searched: Sequence[SqlColumn]) -> TextSearch:
    """The search of a mapped class in some of its columns; it knows no index where there cannot be one."""
    try:
        made = index_of(model, searched)
    except ValueError:
        return TextSearch(tuple(searched))
    return KindSearch(tuple(searched), key, made, Readiness(made))


def is_looked_up(word: str) -> bool:
    """Whether FTS5 finds all rows with a word: of three letters or more, which it folds as Python does."""
    return all(len(each) >= TRIGRAM and all(map(_is_folded, each.lower())) for each in spellings(word))


def _is_folded(letter: str) -> bool:
    number = ord(letter)
    if letter == DOT or CHANGING[0] <= number < CHANGING[1]:
        return False
    return letter.lower() == letter.upper() or any(low <= number < high for low, high in FOLDED)


def phrases(words: Sequence[str]) -> str:
    """Those of `words` that can be looked up, in the language of FTS5; quotes take every sign as it is."""
    return " AND ".join(f"({_written(word)})" for word in words if is_looked_up(word))


def _written(word: str) -> str:
    """Either spelling of a word; a code by the parts that tell most."""
    ways = dict.fromkeys(each for spelling in sorted(spellings(word)) for each in _ends(spelling))
    return " OR ".join(" AND ".join(map(_phrase, selective_parts(way))) for way in ways)


def _ends(word: str) -> tuple[str, ...]:
    """A word that ends in i, and the one that ends in İ: made small, that is an i and a dot."""
    return (word, f"{word[:-1]}İ") if word[-1:] in "iI" else (word,)


def _phrase(part: str) -> str:
    return '"' + part.replace('"', '""') + '"'
