"""Filters by name: each takes what it understands, and never fails at the rest."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite
from werkzeug.datastructures import MultiDict

from dashboard.catalogue.models import Product
from dashboard.listing.filters import Choices, Facet, FilterValue, Option
from dashboard.listing.ranges import Bounds, Dates

OPTIONS = [Option(v, v.title(), Product.sku == v) for v in ("active", "draft")]
STATUS = Choices("status", "Status", lambda: OPTIONS)
PRICE = Bounds("price", "Price", Product.price)
CREATED = Dates("created", "Created", Product.created_at)
FACETS: Sequence[Facet] = (STATUS, PRICE, CREATED)
NO_NUMBERS = ["NaN", "sNaN", "Infinity", "-inf", "abc", "1,5,0", "1 00", "0x1f", "\0", "--1", "½"]
NO_DATES = ["2026-02-30", "31.3.2026", "2026-13-01", "yesterday", "0000-01-01", "10000-01-01", "\0", "-1"]


def read(facet: Facet, *pairs: tuple[str, str]) -> FilterValue:
    return facet.read(MultiDict(pairs))


def bound_values(filter_value: FilterValue) -> list[Any]:
    assert filter_value.where is not None
    return list(filter_value.where.compile(dialect=sqlite.dialect()).params.values())


@pytest.mark.parametrize("facet", FACETS)
def test_a_filter_that_is_not_asked_narrows_nothing(facet: Facet) -> None:
    filter_value = read(facet)
    assert (filter_value.pairs, list(filter_value.chips), filter_value.where) == ((), [], None)


@pytest.mark.parametrize("facet", FACETS)
def test_a_filter_that_is_asked_for_nothing_narrows_nothing(facet: Facet) -> None:
    blanks = [(f"{facet.name}{end}", " ") for end in ("", "_min", "_max", "_from", "_to")]
    filter_value = read(facet, *blanks)
    assert (filter_value.pairs, list(filter_value.chips), filter_value.where) == ((), [], None)
    assert not filter_value.errors


def test_several_choices_are_joined_by_or() -> None:
    filter_value = read(STATUS, ("status", "draft"), ("status", "active"))
    assert filter_value.pairs == (("status", "active"), ("status", "draft"))
    assert " OR " in str(filter_value.where)
    assert bound_values(filter_value) == ["active", "draft"]


@pytest.mark.parametrize("value", ["", "ACTIVE", "active ", "active\0", "' OR 1=1", "None"])
def test_a_choice_that_does_not_exist_is_dropped(value: str) -> None:
    found = read(STATUS, ("status", value))
    assert (found.pairs, found.chips, found.where) == ((), (), None)
    beside = read(STATUS, ("status", value), ("status", "draft"))
    assert beside.pairs == (("status", "draft"),)
    # An option that is left empty, as forms send it, is no option that is gone.
    told = "This option no longer exists and was ignored." if value else None
    assert (STATUS.view(found).error, STATUS.view(beside).error) == (told, told)


def test_a_choice_asked_twice_counts_once() -> None:
    filter_value = read(STATUS, ("status", "draft"), ("status", "draft"))
    assert filter_value.pairs == (("status", "draft"),)
    assert [label for label, _ in filter_value.chips] == ["Draft"]
    assert not filter_value.errors


def test_each_choice_has_a_chip_that_leaves_the_others() -> None:
    chips = read(STATUS, ("status", "draft"), ("status", "active")).chips
    assert list(chips) == [("Active", (("status", "draft"),)), ("Draft", (("status", "active"),))]


def test_the_options_are_shown_with_the_chosen_ones_marked() -> None:
    view = STATUS.view(read(STATUS, ("status", "draft")))
    assert [(o.value, o.label, o.selected) for o in view.options] == [
        ("active", "Active", False), ("draft", "Draft", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pairs", "operators", "values"),
    [
        ([("price_min", "1.50")], [">="], [Decimal("1.5")]),
        ([("price_max", "9")], ["<="], [9]),
        ([("price_max", "9"), ("price_min", "1.50")], [">=", "<="], [Decimal("1.5"), 9]),
    ],
)
def test_bounds_are_included_and_may_be_left_open(
    pairs: list[tuple[str, str]], operators: list[str], values: list[Decimal]
) -> None:
    filter_value = read(PRICE, *pairs)
    assert re.findall("[<>]=?", str(filter_value.where)) == operators
    assert bound_values(filter_value) == values


def test_a_bound_is_exact() -> None:
    assert bound_values(read(PRICE, ("price_min", "0.1"))) == [Decimal("0.1")]


@pytest.mark.parametrize(
    ("text", "bound"),
    [("1,5", "1.5"), ("1.234,50", "1234.50"), ("1 000", "1000"), ("1\u202f000,25", "1000.25")],
)
def test_a_bound_is_read_in_any_notation_and_kept_in_one(text: str, bound: str) -> None:
    filter_value = read(PRICE, ("price_min", text))
    assert bound_values(filter_value) == [Decimal(bound)]
    assert filter_value.pairs == (("price_min", bound),)


def test_a_bound_with_two_meanings_is_a_question() -> None:
    filter_value = read(PRICE, ("price_max", "1,200"))
    assert filter_value.errors == {"price_max": "1,200 can mean 1200 or 1.2. Type 1200 or 1.2."}
    assert filter_value.where is None


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_a_bound_that_is_no_number_is_told_and_left_out(text: str) -> None:
    filter_value = read(PRICE, ("price_min", text), ("price_max", "7"))
    assert filter_value.errors == {"price_min": "Enter a number, such as 12.50."}
    assert bound_values(filter_value) == [7]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("10000000000", "smaller"),
        ("-10000000000", "larger"),
        ("1e13", "smaller"),
        ("-1e13", "larger"),
        ("1e999999999", "smaller"),
        ("9" * 500, "smaller"),
    ],
)
def test_a_bound_beyond_every_column_is_told(text: str, size: str) -> None:
    filter_value = read(PRICE, ("price_min", text))
    assert filter_value.errors == {"price_min": f"Enter a {size} number."}
    assert (list(filter_value.chips), filter_value.where) == ([], None)


@pytest.mark.parametrize("text", ["9999999999", "-9999999999", "+9999", " 7 "])
def test_bound_within_every_column_is_taken(text: str) -> None:
    filter_value = read(PRICE, ("price_min", text))
    assert (filter_value.errors, bound_values(filter_value)) == ({}, [Decimal(text.strip())])


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("0.00001", "0.0001", "0"),
        ("-0.00001", "0", "-0.0001"),
        ("1e-99999", "0.0001", "0"),
        ("1e-999999999", "0.0001", "0"),
        ("1e2", "100", "100"),
        ("1.23456", "1.2346", "1.2345"),
    ],
)
def test_a_bound_is_rounded_to_what_is_stored_and_towards_what_it_includes(
    text: str, low: str, high: str
) -> None:
    filter_value = read(PRICE, ("price_min", text), ("price_max", text))
    assert bound_values(filter_value) == [Decimal(low), Decimal(high)]


def test_a_day_is_in_whole() -> None:
    filter_value = read(CREATED, ("created_from", "2026-03-31"), ("created_to", "2026-03-31"))
    assert [*map(str, bound_values(filter_value))] == ["2026-03-31", "2026-04-01"]
    assert re.findall("[<>]=?", str(filter_value.where)) == [">=", "<"]


@pytest.mark.parametrize("text", NO_DATES)
def test_a_date_that_is_none_is_told_and_left_out(text: str) -> None:
    filter_value = read(CREATED, ("created_from", text))
    assert filter_value.errors == {"created_from": "Enter a date, such as 2026-03-31."}
    assert filter_value.where is None


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-30"])
def test_the_calendar_can_be_asked_to_its_ends(day: str) -> None:
    filter_value = read(CREATED, ("created_from", day), ("created_to", day))
    after = date.fromisoformat(day) + timedelta(days=1)
    assert filter_value.errors == {}
    assert [*map(str, bound_values(filter_value))] == [day, str(after)]


@pytest.mark.parametrize("end", ["from", "to"])
def test_a_day_whose_end_lies_beyond_the_calendar_is_told(end: str) -> None:
    filter_value = read(CREATED, (f"created_{end}", "9999-12-31"))
    assert filter_value.errors == {f"created_{end}": "Enter an earlier date."}
    assert filter_value.where is None


@pytest.mark.parametrize(
    ("facet", "pairs", "words"),
    [
        (PRICE, [("price_min", "1.50"), ("price_max", "9")], ["at least 1.50", "at most 9"]),
        (CREATED, [("created_from", "2026-03-31")], ["from 2026-03-31 UTC"]),
        (
            CREATED,
            [("created_from", "2026-03-31"), ("created_to", "2026-04-02")],
            ["from 2026-03-31 UTC", "to 2026-04-02 UTC"],
        ),
    ],
)
def test_each_bound_has_a_chip_in_words(facet: Facet, pairs: list[tuple[str, str]], words: list[str]) -> None:
    chips = read(facet, *pairs).chips
    assert [text for text, _ in chips] == words
    assert [rest for _, rest in chips] == [tuple(p for p in pairs if p != pair) for pair in pairs]


def test_a_wrong_bound_has_no_chip() -> None:
    assert not read(PRICE, ("price_min", "x")).chips


def test_an_input_shows_what_was_sent_and_what_is_wrong_with_it() -> None:
    low, high = PRICE.view(read(PRICE, ("price_min", "x<y"), ("price_max", "7"))).inputs
    assert (low.value, low.error) == ("x<y", "Enter a number, such as 12.50.")
    assert (high.value, high.error) == ("7", None)


def test_an_input_is_of_the_kind_that_browsers_help_with() -> None:
    assert [i.type for facet in (PRICE, CREATED) for i in facet.view(FilterValue()).inputs] == [
        "text", "text", "date", "date",
    ]  # fmt: skip


@given(st.sampled_from(FACETS), st.lists(st.text(max_size=40), max_size=3), st.data())
def test_no_input_makes_a_filter_fail(facet: Facet, texts: list[str], data: st.DataObject) -> None:
    ends = st.sampled_from(["", "_min", "_max", "_from", "_to"])
    filter_value = read(facet, *((facet.name + data.draw(ends), text) for text in texts))
    facet.view(filter_value)
    again = read(facet, *filter_value.pairs)
    assert (again.pairs, again.where is None) == (filter_value.pairs, filter_value.where is None)


@given(st.from_regex(r"[-+]?[0-9_]{0,30}\.?[0-9]{0,30}([eE][-+]?[0-9]{0,12})?", fullmatch=True))
def test_no_number_makes_a_bound_fail(text: str) -> None:
    filter_value = read(PRICE, ("price_min", text))
    assert filter_value.where is None or abs(bound_values(filter_value)[0]) < 10**10
    assert (filter_value.where is None) == (not text or "price_min" in filter_value.errors)
