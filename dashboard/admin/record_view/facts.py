"""The facts on the page of a record of a mapped class."""

from __future__ import annotations

from typing import Any

from dashboard.admin.kit.detail import Fact
from dashboard.admin.record_view.columns import Columns, shown_as
from dashboard.admin.record_view.links import details_url
from dashboard.admin.record_view.reference import Target
from dashboard.database.keys import key_text

LONG = 200
"""Characters from which a text gets the whole width of the page."""


def fact_of(columns: Columns, label: str, name: str, value: Any) -> Fact:
    """The value of a column as a fact; a reference by the name of its record, as far as it may be seen."""
    if reference := columns.references.get(name):
        return _reference(label, Target(reference.mapper.class_), value)
    if isinstance(value, str):
        return Fact(label, value or None, is_long=len(value) > LONG or "\n" in value)
    kind, show = shown_as(columns.column(name).type)
    return Fact(label, show(value), kind)


def _reference(label: str, target: Target, key: Any) -> Fact:
    found = None if key is None else target.with_key(key_text(key))
    if found is None:  # it is gone, or the user may not see it
        return Fact(label, None if key is None else f"no. {key}")
    return Fact(label, target.words(*found), url=details_url(target.model, key))
