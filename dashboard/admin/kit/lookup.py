"""The records that a typed text may mean, for the inputs that refer to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.listing.columns import Kind
from dashboard.listing.fetching import find
from dashboard.listing.page import ListRow
from dashboard.listing.state import Listing

MOST_FOUND = 20


@dataclass(frozen=True)
class Suggestion:
    """A record to choose: its name, what tells it from others, the text that an input takes, and its key."""

    label: str
    hint: str
    text: str
    key: str


def suggestions(screen: Any, target: Any, query: str) -> list[Suggestion]:
    """The records of a screen that `query` finds, as far as the current user may see them.

    `target` reads records by their keys and names as the inputs do. Those whose key or whole name is the
    query come first, then those that begin with it. There is one more than `MOST_FOUND` where there are more.
    """
    found = find(db.session, screen.listing, query, MOST_FOUND + 1)
    found.sort(key=lambda row: not row.title.casefold().startswith(query.casefold()))
    known = {row.id: row for row in found}
    exact = {row.id: known.get(row.id, row) for row in _exactly(target, query)}
    rows = [*{**exact, **known}.values()][: MOST_FOUND + 1]
    target.learn(row.title for row in rows if row.title)
    return [suggestion(row.id, row.title, further(screen.listing, row), target) for row in rows]


def _exactly(target: Any, query: str) -> list[ListRow]:
    """The rows of the record whose key is `query`, and of the first two that are called so."""
    if not query:
        return []
    target.learn([query])
    rows = [each for each in (target.with_key(query), *target.named(query)) if each]
    return [ListRow(key, "" if title is None else str(title), ()) for key, title in rows]


def suggestion(key: Any, title: str, hint: str, target: Any) -> Suggestion:
    """A record to choose, from its key, its name and what tells it from others, which may be blank."""
    number = f"no. {key_text(key)}"
    return Suggestion(title or number, hint or number, target.text_of(key, title), key_text(key))


def further(listing: Listing, row: ListRow) -> str:
    """The text in the second column, which tells records of the same name apart; blank without one."""
    is_text = len(row.values) > 1 and listing.columns[1].kind is Kind.TEXT
    return str(row.values[1] or "") if is_text else ""
