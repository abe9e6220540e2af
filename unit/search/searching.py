"""Products to search, and what a search finds of them, in every way that there is."""

# ruff: noqa: RUF001 - letters that look alike are what this is about

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import scoped_session

from dashboard.accounts.models import User
from dashboard.admin.screens.categories import CategoryView
from dashboard.admin.screens.products import ProductView
from dashboard.admin.screens.trash import TrashView
from dashboard.admin.screens.users import UserView
from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.history.recording import PAST_LEDGER
from dashboard.listing.query import clean_query
from dashboard.listing.state import Listing
from dashboard.search.index import ColumnSearch, SearchIndex, TrigramIndex
from dashboard.search.text import fold
from dashboard.testing.catalogue import a_category, a_product, in_trash

INDEX = TrigramIndex(Product.id, Product.search_text, "product_search", exact=Product.sku_key)
COLUMNS = ColumnSearch(Product.search_text)
Find = Callable[..., list[str]]

# Few letters, so that they meet: with marks, in several cases, signs to LIKE or FTS5, blanks.
LETTERS = st.sampled_from("aAbBoOéÉſßİłĿ1９-_%\\\"'*^:()+.,;?#{}\u0301\u200d\u00a0 \t🛋漢한")
CODES = st.text("a0", min_size=3, max_size=5).map("{}000000".format)
WRITTEN = (
    CODES
    | st.text(LETTERS, max_size=9)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)
)
ODD = "aZ\u00e9\u0130\u00df\u03c2\u200c\u200d\u00ad\u034f\u2066\ue000\u0378 \u3164\u4e00"
ANY = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
STORED = st.text(ANY, min_size=1, max_size=12) | st.text(st.sampled_from(ODD), min_size=1, max_size=12)
"""Of any characters, and of those that a search once took for blanks."""
SCREENS = (ProductView, CategoryView, TrashView, UserView)
ASKED = WRITTEN | st.sampled_from(["\0", "a\0b", "\ud800", "AND", "a OR b", "NEAR(a b)", "a" * 9_999])
CATALOGUES = st.lists(st.tuples(WRITTEN, WRITTEN), max_size=6)
MANY_EXAMPLES_ONE_DATABASE = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]


def matching_by(
    index: SearchIndex, session: scoped_session[Any], words: Sequence[str]
) -> ColumnElement[bool]:
    """Fits the products whose keys the index gives; those that contain the words where there is no index."""
    keys = index.keys(words, session.get_bind().dialect.name)
    return index.containing(words) if keys is None else Product.id.in_(keys)


def names(session: scoped_session[Any], condition: ColumnElement[bool]) -> list[str]:
    """The names of the products that fit a condition, in the order in which they were added."""
    return list(session.scalars(select(Product.name).where(condition).order_by(Product.id)))


def add(session: scoped_session[Any], rows: list[tuple[str, str]]) -> None:
    """Add products all at once, past their objects."""
    products = [{"sku": sku, "name": name, "price": Decimal(1)} for sku, name in rows]
    if products:
        session.execute(insert(Product), products, execution_options=PAST_LEDGER)


def one_of_each(name: str) -> list[Any]:
    """A record of each kind that is called `name`."""
    person = User(email=f"{len(name)}@example.test", name=name, password_hash="")
    db.session.add(person)
    return [a_product(name), a_category(name), in_trash(name), person]


def found_by(listing: Listing, session: scoped_session[Any], query: str) -> list[int]:
    """The ids of what a list finds, in the way that judges each row by itself, and through the index."""
    words = listing.search.words(clean_query(query))
    keys = select(listing.key).where(listing.search.containing(words))
    indexed = listing.search.keys(words, session.get_bind().dialect.name)
    found = [*session.scalars(keys.order_by(listing.key))]
    assert indexed is None or {*session.scalars(indexed)} == {*found}
    return found


def fits(query: str, sku: str, name: str) -> bool:
    """Whether a product fits a query, word by word."""
    there = (fold(sku) + " " + fold(name)).split()
    asked = list(dict.fromkeys(fold(query).split()))[:8]
    return all(
        any(word.startswith(needle) if len(needle) < 3 else needle in word for word in there)
        for needle in asked
    )
