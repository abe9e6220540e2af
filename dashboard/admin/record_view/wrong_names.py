"""Lines about names in attributes that stand for no column of the class: what to use instead."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.associationproxy import AssociationProxyExtensionType
from sqlalchemy.orm import Mapper

ON_SCREEN = "Give it a function in column_formatters."
IN_FORM = "Edit those records by inline_models."
OBJECTS = {
    "column_filters": "Name columns: each gets the filter of its type.",
    "column_sortable_list": "Name columns, or pairs of a column and the one that sorts it.",
}
"""The advice for what is no name, by the attribute; others name columns."""


def no_column(place: str, mapper: Mapper[Any], given: Any, *, can_be_made: bool) -> str:
    """The line for what `place`, such as ``ShopView.column_list``, has and the class has no column for.

    Where a column `can_be_made`, a function of the view shows it.
    """
    attribute = place.partition(".")[2]
    name = given if isinstance(given, str) else getattr(given, "key", None)
    if name is None:
        return f"{place} has {_kind_of(given)}. {OBJECTS.get(attribute, 'Name columns.')}"
    line = f"{place} names {name}, which is no column of {mapper.class_.__name__}."
    return " ".join(filter(None, [line, _advice(attribute, mapper, str(name), can_be_made)]))


def _kind_of(given: Any) -> str:
    return "a pair" if isinstance(given, tuple | list) else f"a {type(given).__name__}"


def _advice(attribute: str, mapper: Mapper[Any], name: str, can_be_made: bool) -> str:
    first, dot, _ = name.partition(".")
    is_there = first in mapper.relationships if dot else first in mapper.all_orm_descriptors
    if not is_there:
        return ""
    if can_be_made:
        return ON_SCREEN
    return IN_FORM if attribute.startswith("form_") and not dot and _is_of_others(mapper, name) else ""


def _is_of_others(mapper: Mapper[Any], name: str) -> bool:
    """Whether an attribute of the class stands for other records."""
    is_proxy = (
        mapper.all_orm_descriptors[name].extension_type is AssociationProxyExtensionType.ASSOCIATION_PROXY
    )
    return is_proxy or name in mapper.relationships
