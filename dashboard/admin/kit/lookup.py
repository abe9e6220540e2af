"""The records that a typed text may mean, for the inputs that refer to one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.listing.columns import Kind
from dashboard.listing.fetching import find
from dashboard.listing.page import ListRow

MOST_FOUND = 20


@dataclass(frozen=True)
class Suggestion:
    """A record to choose: its name, a hint that tells it from others, and the text that the input takes."""

    label: str
    hint: str
    text: str


def suggestions(screen: Any, query: str) -> list[Suggestion]:
    """The records of a screen that `query` finds, as far as the current user may see them.

    Those whose key or whole name is the query come first, then those that begin with it. There is one more
    than `MOST_FOUND` where there are more.
    """
    found = find(db.session, screen.listing, query, MOST_FOUND + 1)
    found.sort(key=lambda row: not row.title.casefold().startswith(query.casefold()))
    known = {row.id: row for row in found}
    exact = {row.id: known.get(row.id, row) for row in (_exactly(screen, query) if query else ())}
    rows = [*{**exact, **known}.values()][: MOST_FOUND + 1]
    taken = _unclear(screen, [row.title for row in rows if row.title])
    return [Suggestion(row.title or f"no. {row.id}", _hint(screen, row), _text(row, taken)) for row in rows]


def _exactly(screen: Any, query: str) -> list[ListRow]:
    """The rows of the record whose key is `query`, and of the first two that are called so."""
    listing = screen.listing
    key, is_named = listing.read_key(query), listing.title.type.python_type is str
    its = [
        *([listing.key == key] if key is not None else []),
        *([listing.title == query] if is_named else []),
    ]
    if not its:
        return []
    seen = select(listing.key, listing.title).where(or_(*its), *listing.scope()).limit(3)
    rows = db.session.execute(seen.order_by(listing.key != key) if key is not None else seen)
    return [ListRow(found, "" if title is None else str(title), ()) for found, title in rows]


def _hint(screen: Any, row: ListRow) -> str:
    """The text in the second column, else the key."""
    columns = screen.listing.columns
    is_text = len(row.values) > 1 and columns[1].kind is Kind.TEXT
    return str(row.values[1]) if is_text and row.values[1] else f"no. {key_text(row.id)}"


def _text(row: ListRow, taken: set[str]) -> str:
    """The name, as far as the input finds the record by it, else the key."""
    is_clear = row.title and row.title not in taken and row.title == " ".join(row.title.split())
    return row.title if is_clear else key_text(row.id)


def _unclear(screen: Any, names: Sequence[str]) -> set[str]:
    """Those of the names of records that could mean another record: by its name, or by its key."""
    title = screen.listing.title
    if not names or title.type.python_type is not str:
        return {*names}
    its = select(title).where(title.in_(names), *screen.listing.scope()).group_by(title)
    shared = () if _is_unique(title) else db.session.scalars(its.having(func.count() > 1))
    return {*shared, *_keys_among(screen, names)}


def _keys_among(screen: Any, names: Sequence[str]) -> Iterator[str]:
    """The names that are the keys of records."""
    key = screen.listing.key
    values = [value for name in names if (value := screen.listing.read_key(name)) is not None]
    if values:
        yield from map(key_text, db.session.scalars(select(key).where(key.in_(values))))


def _is_unique(title: Any) -> bool:
    column = title.property.columns[0]
    return bool(column.unique or column.primary_key)
