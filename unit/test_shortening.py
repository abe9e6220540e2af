"""Names in sentences are shortened, and never within a grapheme cluster."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.text.shortening import NAME_SHOWN, shortened

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # man, woman and girl, seen as one
WAVE = "\U0001f44b\U0001f3fd"  # a hand and the tone of its skin
FLAG = "\U0001f1e9\U0001f1ea"  # two letters


@given(st.text(max_size=300), st.integers(1, 100))
def test_text_is_at_most_that_long_and_short_text_unchanged(text: str, most: int) -> None:
    found = shortened(text, most)
    assert len(found) <= most
    assert found == text if len(text) <= most else found.endswith("…")


def test_long_name_ends_in_an_ellipsis() -> None:
    assert shortened("a" * 60) == "a" * 60
    assert shortened("a" * 61) == "a" * 59 + "…"
    assert shortened("a" * 58 + " b c") == "a" * 58 + "…"


@pytest.mark.parametrize(
    "sign", ["e\u0301", "\u1100\u1161\u11a8", "\u0915\u093f", "☀\ufe0f", FAMILY, WAVE, FLAG]
)
@pytest.mark.parametrize("before", range(6))
def test_grapheme_cluster_is_not_cut(sign: str, before: int) -> None:
    found = shortened("a" * before + sign * NAME_SHOWN)
    whole, rest = divmod(len(found) - 1 - before, len(sign))
    assert (found, rest) == ("a" * before + sign * whole + "…", 0)
    assert len(found) > NAME_SHOWN - 1 - len(sign)


def test_endless_grapheme_cluster_is_cut() -> None:
    assert len(shortened("a" + "\u0301" * 200)) == NAME_SHOWN
