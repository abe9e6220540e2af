"""Links from a record to those that it refers to, where the current user may open them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import g

from dashboard.admin.kit.urls import ScreenUrls
from dashboard.database.keys import key_text
from dashboard.listing.columns import CellValue, LinkedText
from dashboard.permissions import Access
from dashboard.registry import Record, registry


def has_own_scope(record: Record) -> bool:
    """Whether a kind decides for each user which of its records they see."""
    return record.scope is not Record.scope


def linked(text: CellValue, model: type[Any], key: Any) -> CellValue:
    """The name of a record in a list, with its address where every user of its kind may open it."""
    address = _address_of_all(model)
    if not address or not isinstance(text, str):
        return text
    return LinkedText(text, address + quote(key_text(key), safe=""))


def _address_of_all(model: type[Any]) -> str:
    """The beginning of the addresses of all records of a class, worked out once a request; else blank."""
    found: dict[type[Any], str] = g.setdefault("addresses_of_records", {})
    if model not in found:
        record = registry().find(model)
        found[model] = "" if record is None or has_own_scope(record) else _address_of(record)
    return found[model]


def _address_of(record: Record) -> str:
    return f"{ScreenUrls(record.endpoint).details}?id=" if record.allows(Access.READ) else ""


def details_url(model: type[Any], key: Any) -> str | None:
    """The address of a record that the current user may see; None where its kind has no screen for them."""
    record = registry().find(model)
    address = _address_of(record) if record is not None else ""
    return address + quote(key_text(key), safe="") if address else None
