"""Searching: every word, anywhere, as it is written but for its case."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.catalogue.models import Product
from dashboard.listing.fetching import fetch_page
from dashboard.listing.state import Listing, read_state
from dashboard.search.text import fold

Found = Callable[..., list[str]]


@pytest.fixture
def found(session: Session, listing: Listing) -> Found:
    """`found(query, *names)` are those of the products called `names` that a search finds."""

    def search(query: str, *names: str) -> list[str]:
        session.rollback()
        session.add_all(Product(sku=f"S{n}", name=name, price=Decimal(1)) for n, name in enumerate(names))
        session.flush()
        state = read_state(listing, MultiDict({"q": query}))
        return [row.title for row in fetch_page(session, listing, state, "/x").rows]

    return search


@pytest.mark.security(76)
@pytest.mark.parametrize("sign", ["%", "_", "\\", "'", '"', "[", "*", "?", "^", "%%", "_%", "\\%", "--", ";"])
def test_a_sign_stands_for_itself(found: Found, sign: str) -> None:
    assert found(f"a{sign}b", f"xa{sign}by", "ab", "axb", "a1b", "axxb") == [f"xa{sign}by"]


@pytest.mark.parametrize("query", ["oak lamp", "lamp oak", "  LAMP\toak ", "la oa amp"])
def test_every_word_has_to_be_there_in_any_order(found: Found, query: str) -> None:
    assert found(query, "Oak Lamp", "Oak Chair", "Lamp", "Lamp of oak") == ["Lamp of oak", "Oak Lamp"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("éclair", "ÉCLAIR"),
        ("ÉCLAIR", "éclair"),
        ("лампа", "ЛАМПА"),
        ("ÄPFEL", "Äpfel"),
        ("台灯", "台灯"),
        ("🪔", "a 🪔"),
    ],
)
def test_case_does_not_matter_in_any_script(found: Found, query: str, name: str) -> None:
    assert found(query, name, "Other") == [name]


def test_the_words_may_lie_in_different_columns(found: Found) -> None:
    assert found("s1 lamp", "Lamp", "Oak Lamp") == ["Oak Lamp"]


def test_a_search_for_nothing_finds_everything(found: Found) -> None:
    assert found("  ", "A", "B") == ["A", "B"]


def test_a_hundred_words_can_be_searched_for(found: Found) -> None:
    assert found("a " * 100, "a", "b") == ["a"]


def test_the_first_eight_words_of_a_search_count(found: Found) -> None:
    query = " ".join(f"w{n}" for n in range(100))
    assert found(query, "w0 w1 w2 w3 w4 w5 w6 w7", "w0 w1 w2 w3 w4 w5 w6 w8") == ["w0 w1 w2 w3 w4 w5 w6 w7"]


@settings(max_examples=60)
@given(st.data(), st.text(st.characters(categories=("L", "N", "P")), min_size=3, max_size=20))
def test_every_part_of_three_letters_of_a_word_finds_it(
    shared_session: Session, listing: Listing, data: st.DataObject, name: str
) -> None:
    shared_session.rollback()
    names = {"-": name, "+": "\N{ELECTRIC LIGHT BULB}"}
    shared_session.add_all(Product(sku=sku, name=each, price=Decimal(1)) for sku, each in names.items())
    shared_session.flush()
    start = data.draw(st.integers(0, len(name) - 3))
    part = name[start : data.draw(st.integers(start + 3, len(name)))]
    state = read_state(listing, MultiDict({"q": part}))
    found = fetch_page(shared_session, listing, state, "/x")
    # Letters that show nothing, such as Hangul fillers, are not asked for.
    assert found.total == (1 if fold(part).strip() else 2)
    assert name in [row.title for row in found.rows]
