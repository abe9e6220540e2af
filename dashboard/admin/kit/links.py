"""Links from a record to those that it refers to, where the current user may open them."""

from __future__ import annotations

from typing import Any

from flask import g

from dashboard.admin.kit.urls import ScreenUrls
from dashboard.listing.columns import CellValue, LinkedText
from dashboard.permissions import Access
from dashboard.registry import Record, registry


def has_own_scope(record: Record) -> bool:
    """Whether a kind decides for each user which of its records they see."""
    return record.scope is not Record.scope


def linked(text: CellValue, model: type[Any], key: Any) -> CellValue:
    """The name of a record in a list, with its address where every user of its kind may open it."""
    urls = _urls_of_all(model)
    return LinkedText(text, urls.page_of(key)) if urls and isinstance(text, str) else text


def _urls_of_all(model: type[Any]) -> ScreenUrls | None:
    """The addresses of a class of whose records users see all or nothing, worked out once a request."""
    found: dict[type[Any], ScreenUrls | None] = g.setdefault("addresses_of_records", {})
    if model not in found:
        record = registry().find(model)
        found[model] = None if record is None or has_own_scope(record) else _urls(record)
    return found[model]


def _urls(record: Record) -> ScreenUrls | None:
    return ScreenUrls(record.endpoint) if record.allows(Access.READ) else None


def linked_to(text: str, model: type[Any], key: Any) -> str:
    """The name of a record that the current user may see, with its address where its kind has a screen."""
    record = registry().find(model)
    urls = _urls(record) if record is not None else None
    return LinkedText(text, urls.page_of(key)) if urls else text
