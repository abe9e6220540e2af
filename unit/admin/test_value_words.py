"""Values of every type in words, as the history shows them."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest

from dashboard.admin.ledger.value_words import in_words, is_to_the_minute, json_words
from dashboard.catalogue.models import ProductStatus


class Size(Enum):
    """A choice whose values are no words."""

    SMALL = 1
    LARGE = 2


PERSON = "0a52bb11-4f2e-4a8f-8b54-6a6a5c0f5c1d"
NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "Yes"),
        (False, "No"),
        (ProductStatus.ACTIVE, "Active"),
        (Size.SMALL, "Small"),
        (1234567, "1,234,567"),
        (-1, "-1"),
        (1234.5, "1,234.5"),
        (0.1, "0.1"),
        (float("inf"), "inf"),
        (Decimal("1234.50"), "1,234.50"),
        (Decimal("0.12345678"), "0.12345678"),
        (Decimal("1E+3"), "1,000"),
        (date(2026, 4, 1), "1 Apr 2026"),
        (NOON.replace(tzinfo=None), "1 Apr 2026, 12:00"),
        (NOON.replace(second=15, tzinfo=None), "1 Apr 2026, 12:00:15"),
        (datetime(2026, 4, 1, 8, 30, 15, 5, tzinfo=UTC), "1 Apr 2026, 08:30:15.000005 UTC"),
        (datetime(2026, 4, 1, 8, 30, tzinfo=timezone(timedelta(hours=2))), "1 Apr 2026, 06:30 UTC"),
        (time(8, 30), "08:30"),
        (time(8, 30, 15), "08:30:15"),
        (time(8, 30, tzinfo=UTC), "08:30+00:00"),
        (timedelta(hours=3, minutes=4), "3:04:00"),
        (timedelta(days=1, seconds=5), "1 day, 0:00:05"),
        (timedelta(days=40), "40 days, 0:00:00"),
        (timedelta(seconds=-5), "-0:00:05"),
        (UUID(PERSON), PERSON),
        (b"abc", "3 bytes"),
        (["a", 1, None, True], '["a", 1, null, true]'),
        ({"größe": [1.5]}, '{"größe": [1.5]}'),
        ([date(2026, 4, 1)], '["2026-04-01"]'),
        ("", ""),
        ("1,234", "1,234"),
    ],
)
def test_value_of_any_type_has_words(value: Any, words: str) -> None:
    assert in_words(value) == words


def test_text_and_number_differ_in_json() -> None:
    assert (json_words("1"), json_words(1), json_words(None)) == ('"1"', "1", "null")


@pytest.mark.parametrize(
    ("moment", "shown_as_such"),
    [(NOON, True), (NOON.replace(second=1), False), (NOON.replace(tzinfo=None), False)],
)
def test_moment_with_seconds_or_without_zone_is_shown_in_full(moment: datetime, shown_as_such: bool) -> None:
    assert is_to_the_minute(moment) is shown_as_such
