"""A search for several codes finds the row of each, and says which codes no row has."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.listing.fetching import fetch_page, neighbours
from dashboard.listing.page import ListPage
from dashboard.listing.query import CODES_LENGTH
from dashboard.listing.result_set import ResultSet
from dashboard.listing.state import Listing, read_state
from dashboard.search.index import ColumnSearch

pytestmark = pytest.mark.both_databases


@pytest.fixture
def coded(session: Session, listing: Listing) -> Listing:
    for number in range(1, 6):
        lamp = Product(sku=f"LMP-{number}", name=f"Lamp {number}", price=Decimal(number))
        lamp.status = ProductStatus.ACTIVE
        session.add(lamp)
    shade = Product(sku="SHD-1", name="Shade for LMP-1 LMP-2", price=Decimal(1), status=ProductStatus.DRAFT)
    session.add(shade)
    session.flush()
    return replace(listing, codes=(Product.sku_key,), is_ranked=True)


def asked(session: Session, listing: Listing, query: str, **more: str) -> ListPage:
    return fetch_page(session, listing, read_state(listing, MultiDict({"q": query, **more})), "/x")


def titles(page: ListPage) -> list[str]:
    return [row.title for row in page.rows]


@pytest.mark.parametrize(
    "query",
    [
        "LMP-1 LMP-3",
        "lmp-3, lmp-1",
        "LMP-1\nLMP-3\n",
        '"LMP-1 LMP-3"',
        "'LMP-1';'LMP-3'",
        "LMP-1\tLMP-3 LMP-1",
        " LMP-1 ,, LMP-3 ; ",
    ],
)
def test_each_code_finds_its_row(session: Session, coded: Listing, query: str) -> None:
    page = asked(session, coded, query)
    assert titles(page) == ["Lamp 1", "Lamp 3"]
    assert (page.total, page.exact, page.known.codes and page.known.codes.words) == (2, True, "")


def test_codes_that_no_row_has_are_named(session: Session, coded: Listing) -> None:
    codes = asked(session, coded, "LMP-9 LMP-1 lmp-8 LMP-2").known.codes
    assert codes and codes.words == "2 of 4 codes not found: LMP-9 and lmp-8."


def test_only_some_of_many_missing_codes_are_named(session: Session, coded: Listing) -> None:
    codes = asked(session, coded, "LMP-1 " + " ".join(f"X{n}" for n in range(50))).known.codes
    assert codes and codes.words.startswith("50 of 51 codes not found: X0, X1, ")
    assert codes.words.endswith("X9 and 40 more.")


@pytest.mark.parametrize("query", ["LMP-1 nowhere", "nowhere, LMP-1"])
def test_one_code_is_found_where_no_row_contains_all_words(
    session: Session, coded: Listing, query: str
) -> None:
    page = asked(session, coded, query)
    assert titles(page) == ["Lamp 1"]
    assert page.known.codes and page.known.codes.words == "1 of 2 codes not found: nowhere."


def test_codes_of_two_columns_are_found(session: Session, listing: Listing) -> None:
    for number, name in enumerate(("Lamp", "Vase", "Chair")):
        session.add(Product(sku=f"S-{number}", name=name, price=Decimal(1)))
    session.flush()
    both = replace(listing, codes=(Product.sku_key, Product.name_key))
    page = asked(session, both, "S-0; vase; S-9; table")
    assert titles(page) == ["Lamp", "Vase"]
    assert page.known.codes and page.known.codes.words == "2 of 4 codes not found: S-9 and table."


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Shade LMP-1", ["Shade for LMP-1 LMP-2"]),  # one code is a word of a text
        ("LMP-1", ["Lamp 1", "Shade for LMP-1 LMP-2"]),
        ("LMP-1 LMP-1", ["Lamp 1", "Shade for LMP-1 LMP-2"]),
        ("lamp 3", ["Lamp 3"]),
    ],
)
def test_one_code_is_a_word(session: Session, coded: Listing, query: str, found: list[str]) -> None:
    page = asked(session, coded, query)
    assert (titles(page), page.known.codes) == (found, None)


@pytest.fixture
def names(session: Session, listing: Listing) -> Listing:
    for name in ("Oak", "Elm", "Oak and elm", "Oaks", "A5"):
        session.add(Category(name=name))
    session.flush()
    name = replace(listing.columns[0], sql=(Category.name,), sorted_by=Category.name_key)
    return Listing(
        key=Category.id,
        title=Category.name,
        sort="name",
        columns=(name,),
        search=ColumnSearch(Category.search_text),
        codes=(Category.name,),
    )


def test_names_of_letters_are_words_while_a_row_contains_them(session: Session, names: Listing) -> None:
    assert titles(asked(session, names, "oak elm")) == ["Oak and elm"]
    assert titles(asked(session, names, "oak A5")) == ["A5", "Oak"]
    assert titles(asked(session, names, "elm oaks")) == ["Elm", "Oaks"]


def test_list_without_codes_searches_for_words(session: Session, coded: Listing) -> None:
    assert titles(asked(session, replace(coded, codes=()), "LMP-1 LMP-2")) == ["Shade for LMP-1 LMP-2"]


def test_filters_narrow_the_rows_of_codes(session: Session, coded: Listing) -> None:
    page = asked(session, coded, "LMP-1 SHD-1", status="draft")
    assert titles(page) == ["Shade for LMP-1 LMP-2"]
    assert page.known.codes and page.known.codes.missing == ()


def test_facets_count_the_rows_of_codes(session: Session, coded: Listing, tallied: Listing) -> None:
    page = asked(session, replace(tallied, codes=(Product.sku_key,)), "LMP-1 LMP-2 SHD-1", status="draft")
    [status] = [facet for facet in page.facets if facet.name == "status"]
    assert {option.value: option.rows for option in status.options} == {
        "draft": 1,
        "active": 2,
        "archived": 0,
    }


def test_codes_of_rows_that_a_user_may_not_see_are_missing(session: Session, coded: Listing) -> None:
    scoped = replace(coded, scope=lambda: [Product.sku != "LMP-3"])
    page = asked(session, scoped, "LMP-1 LMP-2 LMP-3")
    assert titles(page) == ["Lamp 1", "Lamp 2"]
    assert page.known.codes and page.known.codes.missing == ("LMP-3",)


def test_rows_of_codes_are_sorted_paged_and_all_selected(session: Session, coded: Listing) -> None:
    query = "LMP-1 LMP-2 LMP-3 LMP-4 LMP-5"
    page = asked(session, replace(coded, sizes=(2,), size=2), query, sort="-price", page="2")
    assert (titles(page), page.total) == (["Lamp 3", "Lamp 2"], 5)
    state = read_state(coded, MultiDict({"q": query}))
    keys = [row.id for row in asked(session, coded, query).rows]
    assert neighbours(session, coded, state, keys[2]) == (keys[1], keys[3])
    results = ResultSet.of(session, coded, state)
    assert (results.number, [key for some in results.slices() for key in some]) == (5, sorted(keys))


def test_codes_without_a_folded_text_are_found_in_either_case(session: Session, listing: Listing) -> None:
    for name in ("Ölkanne", "Vase", "lamp"):
        session.add(Category(name=name))
    session.flush()
    plain = Listing(
        key=Category.id,
        title=Category.name,
        sort="name",
        columns=listing.columns[:1],
        search=ColumnSearch(Category.search_text),
        codes=(Category.name,),
    )
    plain = replace(
        plain, columns=(replace(plain.columns[0], sql=(Category.name,), sorted_by=Category.name_key),)
    )
    page = asked(session, plain, "ölkanne VASE lamp chair")
    assert titles(page) == ["lamp", "Ölkanne", "Vase"]
    assert page.known.codes and page.known.codes.missing == ("chair",)


@pytest.fixture
def mixed(session: Session, names: Listing) -> Listing:
    for name in ("xYz-1", "John.Smith@acme.com", "P-1"):
        session.add(Category(name=name))
    session.flush()
    return names


def test_codes_in_other_capitals_are_found_where_each_row_is_read(session: Session, mixed: Listing) -> None:
    page = asked(session, mixed, "XYZ-1 john.smith@ACME.com P-1 p-2")
    assert titles(page) == ["John.Smith@acme.com", "P-1", "xYz-1"]
    assert page.known.codes and page.known.codes.missing == ("p-2",)


@pytest.mark.parametrize(
    "query",
    [
        "“xYz-1” „P-1“",
        "<john.smith@acme.com>; <xYz-1>",
    ],
)
def test_quotes_and_brackets_of_mails_are_left_off(session: Session, mixed: Listing, query: str) -> None:
    page = asked(session, mixed, query)
    assert (page.total, page.known.codes and page.known.codes.missing) == (2, ())


@pytest.mark.parametrize("length", [CODES_LENGTH, CODES_LENGTH + 1, 50_000])
def test_search_that_is_too_long_is_cut_between_codes_and_says_so(
    session: Session, coded: Listing, length: int
) -> None:
    whole = " ".join(f"LMP-{n}" for n in range(1, 6_000))[:length]
    page = asked(session, coded, whole)
    last = page.query.split()[-1]
    assert whole.startswith(f"{page.query} ")
    assert page.state.cut_after == last
    assert len(page.query) > CODES_LENGTH - 10
    assert page.known.codes and page.known.codes.asked == len(page.query.split())


def test_search_that_fits_is_not_cut(session: Session, coded: Listing) -> None:
    page = asked(session, coded, "x" * (CODES_LENGTH - 1))
    assert (len(page.query), page.state.cut_after) == (CODES_LENGTH - 1, "")


def test_longest_search_is_bounded(session: Session, coded: Listing) -> None:
    many = " ".join(f"LMP-{n}" for n in range(1, 5_000))
    page = asked(session, coded, many)
    assert len(page.query) <= CODES_LENGTH
    assert page.total == 5


def test_search_for_words_looks_at_the_beginning_of_endless_ones(session: Session, coded: Listing) -> None:
    assert titles(asked(session, coded, "x" * CODES_LENGTH)) == []
