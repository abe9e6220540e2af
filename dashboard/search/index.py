"""The ways to search a table, each as conditions that serve SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Integer,
    Select,
    String,
    Text,
    TypeDecorator,
    and_,
    any_,
    column,
    false,
    func,
    literal,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from dashboard.database.binary_keys import among_bytes, is_binary
from dashboard.database.composite_keys import CompositeKey
from dashboard.database.types import is_text
from dashboard.search.keys import sort_key
from dashboard.search.text import GAP, fold, search_terms, selective_parts, words

SqlColumn = InstrumentedAttribute[Any]
ROWID = column("rowid", Integer)
ESCAPE = "\\"  # makes % and _ in a LIKE pattern stand for themselves


class SearchIndex(ABC):
    """A way to search the rows of a table; a row fits when it has all the words of a query."""

    @abstractmethod
    def words(self, query: str) -> tuple[str, ...]:
        """Return `query` in the form that `keys` and `containing` take."""

    @abstractmethod
    def containing(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Fits rows, judging each by itself: cheap when many fit and they are read in order."""

    def found(self, words: Sequence[str]) -> ColumnElement[bool] | None:  # noqa: ARG002
        """Fits the same rows, which the database finds by an index; None without one."""
        return None

    def keys(self, words: Sequence[str], dialect: str) -> Select[Any] | None:  # noqa: ARG002
        """Read the same rows' keys from the index on `dialect`: cheap when few fit; None without one."""
        return None

    def is_rare(self, words: Sequence[str]) -> bool:  # noqa: ARG002
        """Whether `words` are surely in few rows only, so that the index can be asked at once."""
        return False

    def beginning(self, words: Sequence[str]) -> ColumnElement[bool] | None:  # noqa: ARG002
        """Fits those of the same rows in which words begin with `words`; None where that cannot be told."""
        return None

    def exactly(self, query: str) -> ColumnElement[bool] | None:  # noqa: ARG002 - for those that have one
        """Fits the row whose code is `query`; None where nothing is asked or rows have no code."""
        return None


@dataclass(frozen=True)
class TrigramIndex(SearchIndex):
    """An index of every three letters of `text`, which `dashboard.search.text.searchable` made.

    ``key`` is the integer primary key, ``table`` SQLite's full-text table (`dashboard.search.schema` makes
    it), ``exact`` the unique sort keys of codes that people know by heart.
    """

    key: SqlColumn
    text: SqlColumn
    table: str
    exact: SqlColumn | None = None

    @property
    def columns(self) -> tuple[SqlColumn, ...]:
        """Return the column that is searched."""
        return (self.text,) if self.exact is None else (self.text, self.exact)

    def words(self, query: str) -> tuple[str, ...]:
        """The folded words of `query`; short ones begin with blanks."""
        return search_terms(query)

    def keys(self, words: Sequence[str], dialect: str) -> Select[Any]:
        """Read the keys of rows found through the index, by what tells most of each word."""
        if words and dialect == "sqlite":
            return self._in_full_text(words)
        return select(self.key).where(self._alike(words))

    def found(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Fits the same rows."""
        return by_database(self.key.in_(self._in_full_text(words)), self._alike(words))

    def _in_full_text(self, words: Sequence[str]) -> Select[Any]:
        full_text = literal_column(self.table).op("MATCH", is_comparison=True)(_phrases(_parts(words)))
        # The index reads its column from the table that it is of, one row at a time: only rows that it found.
        column = literal_column(f"{self.table}.{self.text.key}", String)
        wholly = [func.instr(column, word) > 0 for word in _in_part(words)]
        return select(ROWID).select_from(table(self.table)).where(full_text, *wholly)

    def _alike(self, words: Sequence[str]) -> ColumnElement[bool]:
        # Each part is a condition of its own, and so a key of its own in the scan of the index: PostgreSQL
        # leaps from one key's rows to the next one's, but asks of every row how the trigrams of one key fit.
        alike = (self.text.like(f"%{escape_like(part)}%", escape=ESCAPE) for part in _parts(words))
        return and_(True, *alike, self.containing(_in_part(words)))

    def containing(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Fits rows whose text contains the words."""
        return and_(True, *(_holds(self.text, word) for word in words))

    def beginning(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Fits those of the same rows in which words begin with `words`."""
        return _beginning(self.text, words)

    def is_rare(self, words: Sequence[str]) -> bool:
        """Whether a long code is among `words`."""
        return bool(_in_part(words))

    def exactly(self, query: str) -> ColumnElement[bool] | None:
        """Fits the row whose code is `query`, whatever the case."""
        code = sort_key(query)
        if self.exact is None or not code:
            return None
        is_it: ColumnElement[bool] = self.exact == code
        return is_it


@dataclass(frozen=True)
class ColumnSearch(SearchIndex):
    """No index at all: each word is looked for anywhere in a column, for tables of some thousand rows.

    ``text`` is what `dashboard.search.text.searchable` made; without it nothing is found.
    """

    text: SqlColumn | None = None

    @property
    def columns(self) -> tuple[SqlColumn, ...]:
        """Return the column that is searched."""
        return () if self.text is None else (self.text,)

    def words(self, query: str) -> tuple[str, ...]:
        """The folded words of `query`."""
        return words(fold(query))

    def containing(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Fits rows with every word."""
        if self.text is None:
            return false() if words else true()
        return and_(True, *(_holds(self.text, word) for word in words))

    def beginning(self, words: Sequence[str]) -> ColumnElement[bool] | None:
        """Fits those of the same rows in which words begin with `words`."""
        return None if self.text is None else _beginning(self.text, words)


def among(column: SqlColumn | Column[Any], keys: Sequence[Any]) -> ColumnElement[bool]:
    """Fits the rows with one of thousands of `keys`, which go to the database as one value."""
    if isinstance(column.type, CompositeKey):
        return column.in_(list(keys))
    listed = func.json_each(literal(list(keys), _Json(column.type))).table_valued("value")
    of_them = ARRAY(String() if is_text(column.type) else column.type)
    its = among_bytes(column, keys) if is_binary(column.type) else column.in_(select(listed.c.value))
    return by_database(its, column == any_(literal(list(keys), of_them)))


class _Json(TypeDecorator[Sequence[Any]]):
    """Values of a column as one JSON text, each as SQLite stores it."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> str:
        """Write the values."""
        stored = self.of.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps([stored(each) if stored else each for each in value or ()])


class by_database(FunctionElement[bool]):  # noqa: N801 - reads like SQLAlchemy's own functions
    """The first of two conditions on SQLite, the second elsewhere."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 - SQLAlchemy's own signature
        """Stay as it is in any condition: SQLAlchemy would add ``= 1``, which hides the index from SQLite."""
        return self


@compiles(by_database)
def _compile_elsewhere(element: by_database, compiler: SQLCompiler, **options: Any) -> str:
    _, elsewhere = element.clauses
    return f"({compiler.process(elsewhere, **options)})"


@compiles(by_database, "sqlite")
def _compile_sqlite(element: by_database, compiler: SQLCompiler, **options: Any) -> str:
    sqlite, _ = element.clauses
    return f"({compiler.process(sqlite, **options)})"


def escape_like(text: str) -> str:
    """Make ``%``, ``_`` and the escape character stand for themselves."""
    for character in (ESCAPE, "%", "_"):
        text = text.replace(character, ESCAPE + character)
    return text


def _holds(text: SqlColumn, word: str) -> ColumnElement[bool]:
    return by_database(func.instr(text, word) > 0, func.strpos(text, word) > 0)


def _beginning(text: SqlColumn, words: Sequence[str]) -> ColumnElement[bool]:
    """Fits texts in which words begin with `words`; short ones have their blanks already."""
    return and_(True, *(_holds(text, f"{GAP}{word.lstrip()}") for word in words))


def _parts(words: Sequence[str]) -> list[str]:
    """Return the terms to look up in the index; a row has to contain all of them."""
    return [part for word in words for part in selective_parts(word)]


def _in_part(words: Sequence[str]) -> list[str]:
    """The words of which the index looks for parts only, so that its rows have to be searched for them."""
    return [word for word in words if selective_parts(word) != (word,)]


def _phrases(words: Sequence[str]) -> str:
    """`words` in the language of FTS5, in which quotes take every sign for itself."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in words)
