"""The names of columns of other records in Flask-Admin's attributes, and lines about wrong ones."""

from __future__ import annotations

from typing import Any

from dashboard.admin.record_view.relations.paths import DOT, dotted, path_of

OF_MANY = frozenset(["column_filters", "column_searchable_list", "column_labels"])
"""The attributes that can name a column of many other records."""
OF_ONE = frozenset(
    [
        *("column_list", "column_exclude_list", "column_sortable_list", "column_default_sort"),
        *("column_details_list", "column_details_exclude_list"),
        *("column_export_list", "column_export_exclude_list"),
    ]
)
"""The attributes that can name a column of one other record at most."""


def name_of(place: str, model: type[Any], given: Any) -> str:
    """The name that is `given` at a `place` such as ``ShopView.column_list``, as a text or as an attribute.

    That of another class has a dotted name. Raises ValueError where no relationship leads there, or several.
    """
    if isinstance(given, str):
        return given
    try:
        return dotted(model, given) or str(getattr(given, "key", given))
    except ValueError as error:
        raise ValueError(f"{place} names {given}. {error}") from None


def leads(place: str, model: type[Any], name: str) -> bool:
    """Whether a name leads to a column of other records that `place` can have.

    Raises ValueError with a line for a secret, and for many values where one is shown.
    """
    attribute = place.partition(DOT)[2]
    if DOT not in name or attribute not in OF_MANY | OF_ONE:
        return False
    try:
        path = path_of(model, name)
    except ValueError as error:
        raise ValueError(f"{place} names {name}. {error}") from None
    if path is not None and not path.is_to_one and attribute in OF_ONE:
        raise ValueError(f"{place} names {name}, which has many values. Name {name.partition(DOT)[0]}.")
    return path is not None
