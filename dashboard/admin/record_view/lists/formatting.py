"""Flask-Admin's formatters: functions of a view that say how the values of records are shown.

Lists and files read columns and no objects, so the objects of a page are read in one more statement, and only
where a column that is shown has such a function. Their texts are escaped; those that are `Markup` are HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from inspect import getattr_static
from typing import Any

from flask import current_app, g
from flask_admin.model import typefmt
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import selectinload

from dashboard.admin.record_view.columns import Columns, choice_label, json_text, plain_words, shown_moment
from dashboard.extensions import db
from dashboard.listing.columns import Badge, CellValue

Formatter = Callable[..., Any]
OURS = (property, hybrid_property)
"""Attributes of a class that can be listed although they are no columns."""
FAILED = "Can't be shown"
"""The cell of a value whose function failed."""
READ = "record_view_objects"
"""Where a request has the objects that formatters were last called with."""


@dataclass(frozen=True)
class Formatters:
    """The functions for one place: by column, each after the name that it is called with, and by type."""

    view: Any
    by_name: Mapping[str, tuple[str, Formatter]]
    by_type: Sequence[tuple[type[Any], Formatter]] = ()
    left_out: frozenset[str] = frozenset()
    """The columns that are shown as they are."""

    def without(self, names: Sequence[str]) -> Formatters:
        """The same functions for all but these columns."""
        others = {name: each for name, each in self.by_name.items() if name not in names}
        return replace(self, by_name=others, left_out=frozenset(names))

    def of_record(self, record: Any, name: str, convert: Formatter | None = None) -> Any:
        """The cell for a column of a record, or what `convert` makes; None without the record."""
        if record is None:
            return None
        given, function = self.by_name[name]

        def make() -> Any:
            return (convert or cell_of)(self._by_type(function(self.view, None, record, given), given))

        return self._guarded(name, make)

    def typed(self, value: Any, name: str, convert: Formatter | None = None) -> Any:
        """The cell that the function for its type makes of a value; the value itself where there is none."""

        def make() -> Any:
            made = self._by_type(value, name)
            return value if made is value else (convert or cell_of)(made)

        return self._guarded(name, make) if self.by_type else value

    def _by_type(self, value: Any, name: str) -> Any:
        for kind, function in self.by_type:
            if isinstance(value, kind):
                return function(self.view, value, name)
        return value

    def _guarded(self, name: str, make: Callable[[], Any]) -> Any:
        """The result of a function; where it fails, a text that says so, and one line in the log a request.

        Never the value as it is: the function may be there to hide a part of it.
        """
        try:
            return make()
        except DBAPIError:  # its transaction has failed, and with it the page
            raise
        except Exception:
            place = type(self.view).__name__, name
            told: set[Any] = g.setdefault("columns_not_shown", set())
            if place not in told:
                told.add(place)
                current_app.logger.exception("%s can't show the column %s.", *place)
            return FAILED

    def around(self, name: str, show: Formatter) -> Formatter:
        """The function `show` of a column, for the values of types that no function is for."""
        if not self.by_type or name in self.left_out:
            return show

        def shown(value: Any) -> Any:
            made = self.typed(value, name)
            return show(value) if made is value else made

        return shown

    def around_plain(self, name: str, plain: Formatter | None) -> Formatter:
        """The same for a file."""

        def written(value: Any) -> Any:
            made = self.typed(value, name, plain_of)
            return made if made is not value else plain(value) if plain else value

        return written


NO_FORMATTERS = Formatters(None, {})


def cell_of(value: Any) -> CellValue:
    """The result of a formatter, as a cell."""
    if value is None or isinstance(value, str | Badge):
        return None if value == "" else value
    if isinstance(value, list | tuple | set):
        return ", ".join(map(str, value)) or None
    if isinstance(value, Enum):
        return choice_label(value)
    if isinstance(value, datetime):
        return shown_moment(value)
    if isinstance(value, bool | int | float | Decimal | date):
        return plain_words(value)
    return json_text(value) if isinstance(value, dict) else str(value)


def plain_of(value: Any) -> Any:
    """The result of a formatter, as a file has it: without the tags of HTML."""
    if isinstance(value, list | tuple | set):
        return ", ".join(map(str, value))
    return value.striptags() if isinstance(value, Markup) else value


def in_line(cell: CellValue) -> CellValue:
    """A cell as the text of a link, which cannot contain another."""
    return cell.striptags() if isinstance(cell, Markup) else cell


def is_attribute(model: type[Any], name: str) -> bool:
    """Whether a class has a property of this name, which can be shown as it is."""
    return isinstance(getattr_static(model, name, None), OURS)


def own_by_type(view: Any, attribute: str) -> Iterator[tuple[type[Any], Formatter]]:
    """The functions by type that a view declares; those of Flask-Admin draw with styles that are not here.

    Raises ValueError for a key that is no type, and a value that is no function.
    """
    for kind, function in (getattr(view, attribute) or {}).items():
        if not isinstance(kind, type):
            raise ValueError(f"{type(view).__name__}.{attribute} names {kind}, which is no type.")
        if function not in vars(typefmt).values():
            yield kind, checked(view, attribute, kind.__name__, function)


def checked(view: Any, attribute: str, name: str, function: Any) -> Formatter:
    """A function of a view; raises ValueError for another value, and for a macro of Flask-Admin."""
    if getattr(function, "__module__", "") == "flask_admin.model.template":
        raise ValueError(f"{type(view).__name__}.{attribute} has a macro for {name}. Use a function.")
    if not callable(function):
        raise ValueError(f"{type(view).__name__}.{attribute} has no function for {name}.")
    return function  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Objects:
    """The records of a page as objects, read at once; ``names`` are relationships that functions read."""

    columns: Columns
    names: Sequence[str] = ()

    def of(self, keys: Sequence[Any]) -> list[Any]:
        """The record with each key; None where it was deleted."""
        before = g.get(READ)
        if before is None or before[:2] != (self, keys):
            before = self, keys, self._read(keys)
            setattr(g, READ, before)
        return [before[2].get(key) for key in keys]

    def _read(self, keys: Sequence[Any]) -> dict[Any, Any]:
        model, key = self.columns.model, self.columns.key
        along = [selectinload(getattr(model, name)) for name in self.names]
        found = db.session.scalars(select(model).where(key.in_(keys)).options(*along))
        return {getattr(record, key.key): record for record in found}
