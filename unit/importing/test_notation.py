"""Numbers, dates and choices as files write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.importing.fields import ImportField, Kind
from dashboard.importing.notation import (
    TRUTHS,
    date_text,
    form_text,
    guessed_dates,
    guessed_numbers,
    number_text,
)


@pytest.mark.parametrize(
    ("text", "written", "number"),
    [
        ("1234.50", "point", "1234.50"),
        ("1,234.50", "point", "1234.50"),
        ("1 234.50", "point", "1234.50"),
        ("1'234.50", "point", "1234.50"),
        ("-12", "point", "-12"),
        ("+12", "point", "12"),
        ("12,5", "point", "12,5"),
        ("12,5", "comma", "12.5"),
        ("1.234,50", "comma", "1234.50"),
        ("1.234", "comma", "1234"),
        ("1.234", "point", "1.2340"),
        ("1,234", "comma", "1.2340"),
        ("0,123", "point", "0,123"),
        ("12 34", "point", "12 34"),
        ("1.23", "comma", "1.23"),
        ("12 EUR", "point", "12 EUR"),
        ("", "point", ""),
    ],
)
def test_number_is_read_as_the_file_writes_it(text: str, written: str, number: str) -> None:
    assert number_text(text, written) == number


@pytest.mark.parametrize(
    ("text", "written", "day"),
    [
        ("2026-03-31", "year", "2026-03-31"),
        ("31.3.2026", "year", "2026-03-31"),
        ("31/3/2026", "year", "31/3/2026"),
        ("31/3/2026", "day", "2026-03-31"),
        ("3/31/2026", "month", "2026-03-31"),
        ("31.3.2026", "month", "2026-03-31"),
        ("31/3/2026", "month", "31/3/2026"),
        ("31-03-2026 09:30", "day", "2026-03-31 09:30"),
        ("2026-03-31", "month", "2026-03-31"),
        ("March", "day", "March"),
        ("30/2/2026", "day", "30/2/2026"),
    ],
)
def test_day_is_read_as_the_file_writes_it(text: str, written: str, day: str) -> None:
    assert date_text(text, written) == day


@pytest.mark.parametrize(
    ("cells", "guess"),
    [
        (["12.50"], "point"),
        (["1,234"], "point"),
        (["12,50"], "comma"),
        (["1.234,5", "3"], "comma"),
        ([], "point"),
    ],
)
def test_comma_is_guessed_only_where_no_other_reading_is_left(cells: list[str], guess: str) -> None:
    assert guessed_numbers(cells) == guess


@pytest.mark.parametrize(
    ("cells", "guess"),
    [
        (["2026-01-02"], "year"),
        (["31/12/2026"], "day"),
        (["12/31/2026", "1/2/2026"], "month"),
        (["1/2/2026"], "day"),
    ],
)
def test_order_of_dates_is_guessed_by_all_of_them(cells: list[str], guess: str) -> None:
    assert guessed_dates(cells) == guess


def test_choice_is_known_by_any_of_its_names() -> None:
    field = ImportField(name="active", label="Active", kind=Kind.TRUTH, choices=TRUTHS)
    assert [form_text(field, text, "point", "year") for text in (" Yes ", "FALSE", "x", "maybe")] == [
        "y", "", "y", "maybe",
    ]  # fmt: skip


@given(st.text(max_size=80), st.sampled_from(["point", "comma"]), st.sampled_from(["year", "day", "month"]))
def test_any_text_is_read_without_a_fault(text: str, numbers: str, dates: str) -> None:
    for kind in Kind:
        field = ImportField(name="x", label="X", kind=kind, choices=TRUTHS)
        assert isinstance(form_text(field, text, numbers, dates), str)
