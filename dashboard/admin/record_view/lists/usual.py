"""The columns, filters, search and order of a list by default."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from sqlalchemy import Date, DateTime, Text
from sqlalchemy.orm import RelationshipProperty

from dashboard.admin.record_view.columns import Columns, choices_of
from dashboard.database.indexes import has_index
from dashboard.database.types import UTCDateTime, inner_type, python_type
from dashboard.files.lists import Files

USUALLY_SHOWN = 6
"""Columns that a list shows; the others can be chosen."""
USUAL_FILTERS = 6


def usual_filters(columns: Columns) -> list[str]:
    """The columns that a list is filtered by where the view names none: choices, references, then dates."""
    chosen = [name for name in columns.shown if _is_choice(columns, name)]
    dates = (Date, DateTime, UTCDateTime)
    dated = [name for name in columns.shown if isinstance(inner_type(columns.column(name).type), dates)]
    return [*chosen, *dated][:USUAL_FILTERS]


def _is_choice(columns: Columns, name: str) -> bool:
    return name in columns.references or choices_of(columns.column(name).type) is not None


def usual_columns(columns: Columns, files: Sequence[Files] | None = None) -> list[str]:
    """The columns of a list where the view names none: what names the record first, no long texts.

    Lists of pictures among its `files` come last.
    """
    title = columns.title.key
    others = [
        name
        for name in columns.shown
        if name != title and not isinstance(inner_type(columns.column(name).type), Text)
    ]
    return [title, *others, *(each.field for each in files or () if each.are_pictures)]


def usual_facts(columns: Columns, made: Container[str]) -> list[str]:
    """The columns on the page of a record unless the view names some, without the one that is its heading.

    That one stays where a function has `made` something else of it, or the class has words of its own.
    """
    title = columns.title.key
    has_words = getattr(columns.model, "__str__", None) is not object.__str__
    return [name for name in columns.shown if name != title or has_words or name in made]


def usual_collections(columns: Columns) -> list[str]:
    """The collections on a page and in a form where the view names none: each link from one side alone.

    That is the side whose key the table of links has first, unless only the other class has a collection.
    """
    return [name for name, each in columns.collections.items() if _is_first(each) or not _is_two_way(each)]


def _is_first(each: RelationshipProperty[Any]) -> bool:
    [(_, ours)], [(_, theirs)] = each.synchronize_pairs, each.secondary_synchronize_pairs or ()
    links = [*each.secondary.columns]  # type: ignore[union-attr]  # a collection has a table of links
    return links.index(ours) < links.index(theirs)


def _is_two_way(each: RelationshipProperty[Any]) -> bool:
    """Whether the other class has a relationship by the same table of links."""
    return any(other is not each and other.secondary is each.secondary for other in each.mapper.relationships)


def usual_search(columns: Columns) -> list[str]:
    """The columns that are searched where the view names none: that which names the record."""
    return [columns.title.key]


def usual_order(columns: Columns) -> str:
    """The order of a list where the view names none: by what names a record if an index has it, else newest.

    Without an index each page would sort the whole table. Keys that are no integers are in no order of time.
    """
    title, key = columns.title, columns.key
    if has_index(columns.column(title.key)):
        return str(title.key)
    if len(columns.key_names) > 1:
        return columns.key_names[0]
    return f"-{key.key}" if python_type(key.type) is int else str(key.key)
