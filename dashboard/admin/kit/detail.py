"""Parts of a detail page: facts, actions, and the records before and after this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dashboard.admin.kit.page_size import remembered_size
from dashboard.admin.kit.urls import ScreenUrls
from dashboard.database.keys import Key, key_of, key_text
from dashboard.extensions import db
from dashboard.listing.columns import CellValue, Kind
from dashboard.listing.fetching import neighbours
from dashboard.listing.state import Listing, read_query
from dashboard.web.recent import note_opened


@dataclass(frozen=True)
class Fact:
    """One fact of a record; a long one, such as a description, gets the whole width."""

    label: str
    value: CellValue
    kind: Kind = Kind.TEXT
    is_long: bool = False


@dataclass(frozen=True)
class RecordAction:
    """An action on a record; its address asks first, unless a button ``posts`` to it at once."""

    label: str
    url: str
    tone: str = "neutral"
    posts: bool = False


@dataclass(frozen=True)
class Neighbours:
    """The addresses of the records before and after one in its list, and the key of the one after it."""

    prev_url: str | None
    next_url: str | None
    next_key: Key | None


def opened_record(screen: Any) -> Any:
    """The record that the request names, or 404; the browser remembers that it was opened."""
    record = screen.get_or_404()
    note_opened(screen.endpoint, key_text(screen.listing.key_of(record)))
    return record


def find_neighbours(
    listing: Listing, record: Any, back: str, urls: ScreenUrls, page: str = "details"
) -> Neighbours:
    """The addresses of a page of the records before and after `record` in the list at the address `back`."""
    state = read_query(listing, urlsplit(back).query, remembered_size())
    beside = neighbours(db.session, listing, state, getattr(record, listing.key.key))
    keys = [None if value is None else key_of(listing.key.type, value) for value in beside]
    prev_url, next_url = (key if key is None else getattr(urls.of_record(key, back), page) for key in keys)
    return Neighbours(prev_url, next_url, keys[-1])
