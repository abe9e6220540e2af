"""Pages of a list by the fields of their query."""

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.listing.page import ListPage, fetch_page
from dashboard.listing.state import Listing, ListState, read_state


def page(session: Session, listing: Listing, **query: str) -> ListPage:
    return fetch_page(session, listing, read_state(listing, MultiDict(query)), "/x")


def state_of(listing: Listing, **query: str) -> ListState:
    return read_state(listing, MultiDict(query))
