"""Numbers, nouns and moments in words."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.words import ago, counted, listed, plural
from unit.conftest import SetClock

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("noun", "several"),
    [
        ("product", "products"),
        ("category", "categories"),
        ("day", "days"),
        ("key", "keys"),
        ("bush", "bushes"),
        ("box", "boxes"),
        ("address", "addresses"),
        ("branch", "branches"),
    ],
)
def test_a_noun_gets_its_regular_plural(noun: str, several: str) -> None:
    assert plural(noun) == several


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 products"), (1, "1 product"), (2, "2 products"), (12_500, "12,500 products")],
)
def test_a_number_stands_with_the_form_of_its_noun(number: int, words: str) -> None:
    assert counted(number, "product") == words


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_a_moment_is_told_in_its_largest_whole_unit(
    passed: timedelta, words: str, set_clock: SetClock
) -> None:
    set_clock(NOON)
    assert ago(NOON - passed) == words


def test_names_are_listed_as_in_a_sentence() -> None:
    assert listed(["1 product"]) == "1 product"
    assert listed(["1 product", "2 users", "3 views"]) == "1 product, 2 users and 3 views"
