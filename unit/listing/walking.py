"""Pages of a list by their addresses, and from one to the next."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.listing.page import ListPage, fetch_page
from dashboard.listing.state import Listing, read_state


def page(session: Session, listing: Listing, query: str = "") -> ListPage:
    return fetch_page(session, listing, read_state(listing, MultiDict(parse_qsl(query))), "/x")


def pages(session: Session, listing: Listing, query: str, link: str = "next_url") -> Iterator[ListPage]:
    """The page that `query` asks for and all that its links to the next one lead to."""
    url: str | None = f"/x?{query}"
    while url:
        found = page(session, listing, urlsplit(url).query)
        yield found
        url = getattr(found, link)
