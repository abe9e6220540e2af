"""Names in sentences are short, and cut where people see one sign end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.text.shortening import NAME_SHOWN, shortened

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # man, woman and girl, seen as one
WAVE = "\U0001f44b\U0001f3fd"  # a hand and the tone of its skin
FLAG = "\U0001f1e9\U0001f1ea"  # two letters


@given(st.text(max_size=300), st.integers(1, 100))
def test_no_text_is_longer_than_asked_and_a_short_one_is_as_it_was(text: str, most: int) -> None:
    found = shortened(text, most)
    assert len(found) <= most
    assert found == text if len(text) <= most else found.endswith("…")


def test_a_long_name_begins_as_it_is_and_ends_in_an_ellipsis() -> None:
    assert shortened("a" * 60) == "a" * 60
    assert shortened("a" * 61) == "a" * 59 + "…"
    assert shortened("a" * 58 + " b c") == "a" * 58 + "…"


@pytest.mark.parametrize(
    "sign", ["e\u0301", "\u1100\u1161\u11a8", "\u0915\u093f", "☀\ufe0f", FAMILY, WAVE, FLAG]
)
@pytest.mark.parametrize("before", range(6))
def test_what_people_see_as_one_sign_is_not_cut(sign: str, before: int) -> None:
    found = shortened("a" * before + sign * NAME_SHOWN)
    whole, rest = divmod(len(found) - 1 - before, len(sign))
    assert (found, rest) == ("a" * before + sign * whole + "…", 0)
    assert len(found) > NAME_SHOWN - 1 - len(sign)


def test_a_sign_without_end_is_cut_all_the_same() -> None:
    assert len(shortened("a" + "\u0301" * 200)) == NAME_SHOWN
