"""Walks through the pages of a list by the links that each page gives."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.listing.fetching import fetch_page
from dashboard.listing.page import ListPage
from dashboard.listing.state import Listing, read_state


def page(session: Session, listing: Listing, query: str = "") -> ListPage:
    """The page that a query asks for."""
    return fetch_page(session, listing, read_state(listing, MultiDict(parse_qsl(query))), "/x")


def pages(session: Session, listing: Listing, query: str, link: str = "next_url") -> Iterator[ListPage]:
    """The page that `query` asks for and all that its links to the next one lead to."""
    url: str | None = f"/x?{query}"
    while url:
        found = page(session, listing, urlsplit(url).query)
        yield found
        url = getattr(found, link)
