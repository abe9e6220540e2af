"""The columns of a list: chosen and ordered in the address, told where one is gone."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.catalogue.models import Category, Product
from dashboard.listing.columns import Badge, Column
from dashboard.listing.fetching import fetch_page
from dashboard.listing.page import ListPage
from dashboard.listing.state import Listing, ListState, read_state

NAMES = ("name", "sku", "category", "price", "stock", "status", "created")
USUAL = Listing(
    key=Product.id,
    title=Product.name,
    sort="name",
    columns=(
        Column("name", "Name", (Product.name,)),
        Column("sku", "SKU", (Product.sku,)),
        Column("stock", "Stock", (Product.stock,), shown=False),
    ),
)


def read(listing: Listing, *columns: str, **others: str) -> ListState:
    return read_state(listing, MultiDict([*(("column", name) for name in columns), *others.items()]))


def page(session: Session, listing: Listing, *columns: str, **others: str) -> ListPage:
    return fetch_page(session, listing, read(listing, *columns, **others), "/x")


def test_an_address_that_names_none_shows_the_usual_ones() -> None:
    state = read(USUAL)
    assert state.columns == ("name", "sku")
    assert state.pairs() == ()


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (["stock"], ("name", "stock")),
        (["stock", "sku"], ("name", "stock", "sku")),
        (["stock", "name", "sku"], ("name", "stock", "sku")),
        (["name"], ("name",)),
        (["stock", "stock"], ("name", "stock")),
    ],
)
def test_the_columns_named_are_shown_in_that_order_after_the_first(
    asked: list[str], shown: tuple[str, ...]
) -> None:
    state = read(USUAL, *asked)
    assert state.columns == shown
    assert read_state(USUAL, MultiDict(state.pairs())).columns == shown  # and its own address says the same


def test_the_usual_ones_named_one_by_one_are_nothing_to_say() -> None:
    assert read(USUAL, "name", "sku").pairs() == ()


def test_a_column_that_is_gone_is_told_and_left_out() -> None:
    state = read(USUAL, "weight", "stock", "weight")
    assert (state.columns, state.missing) == (("name", "stock"), ("weight",))
    assert ("column", "weight") not in state.pairs()


@pytest.mark.parametrize("name", ["", " ", "na-me", "<b>", "a b", "x" * 64, "\0", "name;drop", "1", "ñame"])
def test_what_can_be_no_name_of_a_column_is_not_repeated(name: str) -> None:
    state = read(USUAL, name)
    assert (state.missing, state.columns) == ((), ("name", "sku"))


def test_longest_name_that_a_column_can_have_is_told() -> None:
    assert read(USUAL, "x" * 63).missing == ("x" * 63,)


def test_no_more_than_five_are_told() -> None:
    gone = [f"gone_{letter}" for letter in "hgfedcba"]
    assert read(USUAL, *gone).missing == (*gone[:5],)


@pytest.mark.parametrize(
    ("way", "name", "order"),
    [
        ("earlier", "price", ("name", "price", "sku", "stock")),
        ("later", "sku", ("name", "price", "sku", "stock")),
        ("earlier", "sku", ("name", "sku", "price", "stock")),
        ("later", "stock", ("name", "sku", "price", "stock")),
        ("earlier", "name", ("name", "sku", "price", "stock")),
        ("later", "name", ("name", "sku", "price", "stock")),
        ("later", "status", ("name", "sku", "price", "stock")),
    ],
)
def test_one_column_can_be_moved_by_a_place_but_never_the_first(
    listing: Listing, way: str, name: str, order: tuple[str, ...]
) -> None:
    assert read(listing, "sku", "price", "stock", **{way: name}).columns == order


def test_heads_and_cells_follow_the_order_that_was_chosen(session: Session, listing: Listing) -> None:
    session.add(
        Product(sku="L-1", name="Lamp", price=Decimal(2), stock=7, category=Category(name="Lighting"))
    )
    session.flush()
    shown = page(session, listing, "stock", "category")
    assert [head.name for head in shown.columns] == ["name", "stock", "category"]
    assert shown.rows[0].values == ("Lamp", "7", "Lighting")


def test_a_list_can_be_sorted_by_a_column_that_is_not_shown(session: Session, listing: Listing) -> None:
    session.add_all(Product(sku=f"{n}", name=f"{n}", price=Decimal(1), stock=-n + 9) for n in range(3))
    session.flush()
    assert [row.title for row in page(session, listing, "sku", sort="stock").rows] == ["2", "1", "0"]


def test_the_other_links_of_a_page_keep_the_columns(session: Session, listing: Listing) -> None:
    session.add_all(Product(sku=f"A{n}", name=f"{n}", price=Decimal(1)) for n in range(21))
    session.flush()
    shown = page(session, listing, "stock", size="10", q="a", status="draft", page="2")
    addresses = [
        shown.first_url, shown.prev_url, shown.next_url, shown.last_url, shown.columns[0].sort_url,
        shown.sizes[2].url, *(chip.remove_url for chip in shown.chips), shown.clear_url, shown.url,
    ]  # fmt: skip
    assert [address for address in addresses if "column=stock" not in str(address)] == []
    assert ("column", "stock") in shown.hidden
    assert len(shown.chips) == 2


def test_every_column_is_offered_those_shown_first(session: Session, listing: Listing) -> None:
    shown = page(session, listing, "stock", "sku")
    offered = [(choice.value, choice.selected) for choice in shown.column_choices]
    assert offered[:4] == [("name", True), ("stock", True), ("sku", True), ("category", False)]
    assert offered[4:] == [("price", False), ("status", False), ("created", False)]
    assert {name for name, _ in offered} == {*NAMES}


def test_the_way_back_to_the_usual_columns_keeps_the_rest(session: Session, listing: Listing) -> None:
    shown = page(session, listing, "stock", q="lamp", status="draft", sort="-price", size="50")
    assert shown.usual_columns_url == "/x?q=lamp&status=draft&sort=-price&size=50"
    assert shown.besides_columns == (("q", "lamp"), ("status", "draft"), ("sort", "-price"), ("size", "50"))


@given(st.lists(st.sampled_from([*NAMES, "gone"]) | st.text(max_size=5), max_size=9), st.sampled_from(NAMES))
def test_whatever_is_asked_for_the_first_comes_first_and_none_twice(
    listing: Listing, asked: list[str], moved: str
) -> None:
    columns = read(listing, *asked, earlier=moved).columns
    assert columns[0] == "name"
    assert len({*columns}) == len(columns) <= len(NAMES)


TONED = Column(
    "stock",
    "Stock",
    (Product.stock,),
    show=lambda value: value and str(value),
    tones=((0, "bad"), (5, "warn")),
)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-1, Badge("-1", "bad")),
        (5, Badge("5", "warn")),
        (Decimal("5.01"), "5.01"),
        (6, "6"),
        (None, None),
        ("text in a column of SQLite", "text in a column of SQLite"),
        (float("nan"), "nan"),
    ],
)
def test_number_has_the_tone_of_the_lowest_bound_above_it(value: object, cell: object) -> None:
    assert [*TONED.cells([value])] == [cell]
