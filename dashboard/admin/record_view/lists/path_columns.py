"""Columns of other records in a list, in a file and on a page, and in the order and the search of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, and_, or_, select

from dashboard.admin.record_view.columns import Columns, cut_text, plain_as, shown_as
from dashboard.admin.record_view.lists.formatting import Formatters
from dashboard.admin.record_view.relations.paths import Path, path_of
from dashboard.extensions import db
from dashboard.listing.columns import CellValue, Column, Kind
from dashboard.search.index import SearchIndex, SqlColumn
from dashboard.search.text_search import TextSearch

READ = "values_along_paths"
"""Where a request has the values that were read last."""


@dataclass(frozen=True)
class PathColumns:
    """Columns of other records, called ``names``; those of the rows of a page are read in one statement."""

    columns: Columns
    names: tuple[str, ...]

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        """The path of each, to the name of a record where it ends at its key."""
        found = ((name, path_of(self.columns.model, name)) for name in self.names)
        return {name: path.to_title for name, path in found if path is not None}

    def of(self, name: str, keys: Sequence[Any]) -> list[Any]:
        """The value for the record with each key; None where there is none that the user may see."""
        before = g.get(READ)
        if before is None or before[:2] != (self, keys):
            before = self, keys, self._read(keys)
            setattr(g, READ, before)
        place = [*self.paths].index(name)
        return [row[place] if (row := before[2].get(key)) else None for key in keys]

    def _read(self, keys: Sequence[Any]) -> dict[Any, tuple[Any, ...]]:
        values = [path.value() for path in self.paths.values()]
        found = db.session.execute(select(self.columns.key, *values).where(self.columns.key.in_(keys)))
        return {key: tuple(row) for key, *row in found}

    def column(
        self, name: str, label: str, *, formatters: Formatters, choices: Mapping[Any, str], shown: bool
    ) -> Column:
        """The column of a list."""
        kind, show = self.shown_as(name, choices)
        show = formatters.around(name, show)

        def show_all(keys: Sequence[Any]) -> list[CellValue]:
            return [show(value) for value in self.of(name, keys)]

        key = self.columns.key
        return Column(
            name, label, (key,), kind, lambda *_: None, sortable=False, shown=shown, show_all=show_all
        )

    def shown_as(self, name: str, choices: Mapping[Any, str]) -> tuple[Kind, Callable[..., CellValue]]:
        """How pages show the values of one of them; `choices` has labels for some."""
        path = self.paths[name]
        kind, show = shown_as(path.attribute.type)
        column = path.target.column(path.column)
        if choices or column.primary_key or column.foreign_keys:  # no comma stands in the number of a record
            return Kind.TEXT, lambda value: choices.get(value, cut_text(value))
        return kind, show

    def exported(self, name: str, label: str, formatters: Formatters) -> Column:
        """The column of a file."""
        plain = plain_as(self.paths[name].attribute.type)
        plain = formatters.around_plain(name, plain) if formatters.by_type else plain

        def plain_all(keys: Sequence[Any]) -> list[Any]:
            values = self.of(name, keys)
            return [plain(value) for value in values] if plain else values

        return Column(name, label, (self.columns.key,), plain_all=plain_all)


@dataclass(frozen=True)
class PathSearch(SearchIndex):
    """No index: each word is looked for in columns of the list's own table, and along paths in others."""

    own: tuple[SqlColumn, ...]
    paths: tuple[Path, ...]

    def words(self, query: str) -> tuple[str, ...]:
        """The words of `query`."""
        return TextSearch(self.own).words(query)

    def containing(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Fits rows that have every word in one of the columns."""
        return and_(True, *(or_(*self._in_columns(word)) for word in words))

    def _in_columns(self, word: str) -> Iterator[ColumnElement[bool]]:
        yield from (TextSearch((each,)).containing([word]) for each in self.own)
        for path in self.paths:
            yield path.holding(TextSearch((path.attribute,)).containing([word]))
