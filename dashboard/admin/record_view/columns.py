"""The columns of a mapped class: which of them people may see, and how a list shows their values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache, cached_property
from typing import Any

from sqlalchemy import ARRAY, JSON, Boolean, PickleType, Uuid, inspect
from sqlalchemy import Column as TableColumn
from sqlalchemy import Enum as ChoiceType
from sqlalchemy.exc import NoInspectionAvailable
from sqlalchemy.orm import ColumnProperty, InstrumentedAttribute, Mapper
from sqlalchemy.types import TypeEngine

from dashboard.admin.ledger.value_words import choice_words, in_words
from dashboard.admin.record_view.own_types import is_own
from dashboard.admin.record_view.texts import reader
from dashboard.database.beyond import Beyond
from dashboard.database.composite_keys import (
    is_composite,
    key_attribute,
    key_names,
    unreadable_part,
)
from dashboard.database.references import collections_of, references_of
from dashboard.database.secret_columns import is_secret
from dashboard.database.types import allow_operators, inner_type, is_aware, python_type
from dashboard.files.lists import is_file_list
from dashboard.history.usual import label_of_reference
from dashboard.listing.columns import CellValue, Kind
from dashboard.words import plural, singular

Attribute = InstrumentedAttribute[Any]
SHORT = 80
"""Characters of a text in a cell; the page of the record has all of it."""
YES, NO = "yes", "no"
"""The texts for a truth value, in forms and in addresses."""
NO_SCREEN = "Name it in inline_models of the screen whose records its rows belong to."
PARTS_OF_KEYS = "The parts of a key are whole numbers, texts, UUIDs, days and choices."
NAMING = ("name", "full_name", "last_name", "title", "label", "subject", "code", "email")
"""The names of columns by which people know a record; the first that there is names it."""


def nouns_of(model: type[Any]) -> str:
    """The singular noun for records of a class, from its name: ``order line`` for ``OrderLine``.

    A class that is called like its table, as automap calls it, has the name of all of them.
    """
    words = small_words(model.__name__).replace("_", " ")
    table = getattr(model, "__table__", None)
    return singular(words) if model.__name__ == getattr(table, "name", None) else words


def title_of_all(singular: str) -> str:
    """The name of the screen of these records: ``Order lines``."""
    return plural(singular).capitalize()


def small_words(name: str) -> str:
    """A name in small words between underscores: ``invoice_line`` for ``InvoiceLine``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def refuse_unmapped(model: type[Any], *, has_own_screen: bool = True) -> None:
    """Raise ValueError for a class that has no screen: not mapped, several keys, or another database.

    The rows of another record may have a key of several columns, as long as its parts are read as texts.
    """
    try:
        mapper = inspect(model)
    except NoInspectionAvailable:
        raise ValueError(f"{model.__name__} is no mapped class.") from None
    if is_composite(model) and has_own_screen:
        raise ValueError(f"{model.__name__} has a key of several columns. {NO_SCREEN}")
    if is_composite(model) and (part := unreadable_part(model)):
        raise ValueError(f"{model.__name__} has {part} in its key. {PARTS_OF_KEYS}")
    if mapper.local_table.metadata.info.get("bind_key"):
        raise ValueError(f"{model.__name__} is in another database, which cannot share the history.")


class Columns:
    """The columns of a mapped class, by the names of their attributes in the order of the mapper."""

    def __init__(self, model: type[Any]) -> None:
        self.model = model
        self.mapper: Mapper[Any] = inspect(model)
        self.all: Mapping[str, Attribute] = {
            each.key: getattr(model, each.key) for each in self.mapper.column_attrs if is_plain_column(each)
        }
        for attribute in self.all.values():
            allow_operators(attribute.type)
        self.key: Attribute = key_attribute(model)
        self.key_names = key_names(model)
        """The columns of the key, which never change."""

    def column(self, name: str) -> TableColumn[Any]:
        """The column of the table behind an attribute."""
        found: TableColumn[Any] = self.mapper.columns[name]
        return found

    def unmistakable(self, name: str) -> str | Attribute:
        """The name of an attribute as Flask-Admin takes it; one with a dot would be a path elsewhere."""
        return self.all[name] if "." in name and name in self.all else name

    def is_internal(self, name: str) -> bool:
        """Whether no cell or field shows a column: the version, the class of the row, bytes, files."""
        column = self.column(name)
        internal = (self.mapper.version_id_col, self.mapper.polymorphic_on)
        is_bytes = python_type(column.type) is bytes or isinstance(column.type, PickleType)
        return is_bytes or is_file_list(column.type) or any(column is each for each in internal)

    def is_derived(self, name: str) -> bool:
        """Whether the database alone writes a column."""
        column = self.column(name)
        return column.computed is not None or column.identity is not None

    @cached_property
    def shown(self) -> list[str]:
        """The names of the columns that pages show: no key, nothing secret, nothing internal."""
        keys = self.key_names if len(self.key_names) == 1 else []  # parts of a key say something
        return [
            name
            for name in self.all
            if name not in keys and not is_secret(self.column(name), name) and not self.is_internal(name)
        ]

    @cached_property
    def title(self) -> Attribute:
        """The column that names a record: the first of `NAMING`, else the first text, else the key.

        Of a key of several columns the last tells a row from others of its record, which a text may not.
        """
        texts = [name for name in self.shown if self._is_own_text(name)]
        by_words = {small_words(name): name for name in reversed(texts)}
        named = [by_words[words] for words in NAMING if words in by_words]
        others = texts if len(self.key_names) == 1 else []
        return self.all[(named or others or self.key_names[-1:])[0]]

    def _is_own_text(self, name: str) -> bool:
        """Whether a column has a text that is neither a key of another record nor one of a few."""
        column = self.column(name)
        is_special = isinstance(inner_type(column.type), ChoiceType | Uuid) or column.foreign_keys
        return python_type(column.type) is str and not is_special

    @cached_property
    def version(self) -> Attribute | None:
        """The column of optimistic locking; None without one."""
        column = self.mapper.version_id_col
        return None if column is None else self.all[self.mapper.get_property_by_column(column).key]

    @cached_property
    def references(self) -> Mapping[str, Any]:
        """The relationships to one other record, by the name of the column that holds its key."""
        return references_of(self.mapper)

    @cached_property
    def collections(self) -> Mapping[str, Any]:
        """The relationships to many other records by a table of links, by their names."""
        return collections_of(self.mapper)

    @cached_property
    def related(self) -> Mapping[str, Any]:
        """The relationships that are neither references nor collections, by their names."""
        known = {*self.collections, *(each.key for each in self.references.values())}
        return {each.key: each for each in self.mapper.relationships if each.key not in known}

    def leads_to_others(self, name: str) -> bool:
        """Whether a name stands for many records, or for one that no column holds the key of."""
        return name in self.collections or name in self.related

    def label(self, name: str) -> str:
        """The label of a column: of its relationship, where it refers to another record."""
        return label_of_reference(name, self.references.get(name))


def mapped_columns(model: Any) -> Columns:
    """The columns of a mapped class, which is looked at once."""
    return _looked_at(model)


_looked_at = cache(Columns)


def is_plain_column(prop: ColumnProperty[Any]) -> bool:
    """Whether a mapped attribute is a column of a table, and no expression."""
    return isinstance(prop.columns[0], TableColumn)


def is_choices(kind: TypeEngine[Any]) -> bool:
    """Whether a column of this type holds one of a few choices, each of which has a word."""
    return isinstance(inner_type(kind), ChoiceType) and not isinstance(inner_type(kind), Boolean)


def choices_of(kind: TypeEngine[Any]) -> dict[str, tuple[str, Any]] | None:
    """The values that a column of this type can have, by the texts for them, each after its label.

    None for a column that is not restricted to a few values.
    """
    kind = inner_type(kind)
    if isinstance(kind, Boolean):
        return {YES: ("Yes", True), NO: ("No", False)}
    if not isinstance(kind, ChoiceType):
        return None
    members = [*kind.enum_class] if kind.enum_class else [*kind.enums]
    return {getattr(each, "name", each): (str(choice_label(each)), each) for each in members}


# Values in cells.


def choice_label(value: Any) -> CellValue:
    """A choice in words."""
    return None if value is None else choice_words(value)


def plain_words(value: Any) -> CellValue:
    """A number, a day or a truth value in words."""
    return None if value is None else in_words(value)


def moment(value: datetime | None) -> CellValue:
    """A moment in UTC, as SQLite stores it without its zone, and as a file has every moment."""
    if value is None or isinstance(value, Beyond):
        return value and value.text
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def shown_moment(value: datetime | None) -> CellValue:
    """A moment as it is, with its zone or without one."""
    return value and value.text if isinstance(value, Beyond) else value


def cut_text(value: Any) -> CellValue:
    """A text on one line, cut where it is long."""
    if value is None or value == "":
        return None
    line = " ".join(str(value).split())
    return line if len(line) <= SHORT else f"{line[:SHORT].rstrip()}…"


def json_text(value: Any) -> CellValue:
    """A value of JSON in its own language, cut where it is long."""
    return None if value is None else cut_text(json.dumps(value, ensure_ascii=False))


def own_words(value: Any) -> CellValue:
    """A value of a type of an application."""
    return choice_label(value) if isinstance(value, Enum) else cut_text(value)


SHOWN: Mapping[type[Any], tuple[Kind, Callable[..., CellValue]]] = {
    bool: (Kind.TEXT, plain_words),
    **dict.fromkeys((int, float, Decimal), (Kind.NUMBER, plain_words)),
    date: (Kind.DAY, plain_words),
    datetime: (Kind.DATE, moment),
    timedelta: (Kind.NUMBER, cut_text),
    **dict.fromkeys((dict, list), (Kind.TEXT, json_text)),
}
"""How a list shows values, by their type."""


def shown_as(kind: TypeEngine[Any]) -> tuple[Kind, Callable[..., CellValue]]:
    """How a list shows the values of a column of this type."""
    kind = inner_type(kind)
    if isinstance(kind, JSON):
        return Kind.TEXT, json_text
    if is_own(kind):
        return Kind.TEXT, own_words
    values = python_type(kind)
    if issubclass(values, Enum) or getattr(kind, "enums", None):
        return Kind.TEXT, choice_label
    if values is datetime and not is_aware(kind):
        return Kind.CLOCK, shown_moment
    return SHOWN.get(values, (Kind.TEXT, cut_text))


def plain_as(kind: TypeEngine[Any]) -> Callable[..., object] | None:
    """How a file writes values of a column of this type; None where it has the value itself."""
    if isinstance(kind, JSON):
        return lambda value: "" if value is None else json.dumps(value, ensure_ascii=False)
    if (is_own(kind) or isinstance(kind, ARRAY)) and (texts := reader(kind)):
        return lambda value: "" if value is None else texts[1](value)
    if issubclass(python_type(kind), Enum):
        return lambda value: value.name if isinstance(value, Enum) else value or ""
    return moment if python_type(kind) is datetime else None


def is_orderable(kind: TypeEngine[Any]) -> bool:
    """Whether rows can be sorted by a column of this type on both databases."""
    return not isinstance(kind, JSON) and python_type(kind) not in (bytes, dict, list, object)
