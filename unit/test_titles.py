"""The visible characters, those that turn a page around, and what reads like an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.text.titles import reads_like_address, shows, title_fault

UNSEEN = {
    "blank": " ",
    "no-break space": "\u00a0",
    "ideographic space": "\u3000",
    "soft hyphen": "\u00ad",
    "combining grapheme joiner": "\u034f",
    "Arabic letter mark": "\u061c",
    "Hangul choseong filler": "\u115f",
    "Hangul jungseong filler": "\u1160",
    "Hangul filler": "\u3164",
    "halfwidth Hangul filler": "\uffa0",
    "inherent vowel of Khmer": "\u17b4",
    "Mongolian vowel separator": "\u180e",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "right-to-left mark": "\u200f",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "empty braille": "\u2800",
    "variation selector": "\ufe0f",
    "another variation selector": "\U000e0101",
    "tag": "\U000e0041",
    "reserved for such": "\U000e0fff",
    "place of an object": "\ufffc",
    "empty note": "\U0001d159",
    "control of shorthand": "\U0001bca0",
    "mark without a letter": "\u0301",
    "enclosing mark": "\u20dd",
    "several": "\u3164 \u2800\u200b\ufe0f",
}
SEEN = {
    "Persian with a non-joiner": "می\u200cشود",
    "Hindi with a joiner": "क्\u200dष",
    "a letter and a mark": "e\u0301",
    "a heart as a picture": "\u2764\ufe0f",
    "a family": "👨\u200d👩\u200d👧",
    "the flag of Wales": "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "the flag of Japan": "🇯🇵",
    "Hangul": "한글",
    "braille": "\u2801",
    "a sign": "§",
    "an emoji that is newer than Python's tables": "\U0001fae8",
}


@pytest.mark.parametrize("text", ["", *UNSEEN.values()], ids=["nothing", *UNSEEN])
def test_what_shows_nothing_is_no_title(text: str) -> None:
    assert not shows(text)
    assert title_fault(text) == "Enter a name that can be seen."


@pytest.mark.parametrize("text", SEEN.values(), ids=SEEN)
def test_what_shows_anything_is_a_title(text: str) -> None:
    assert shows(text)
    assert title_fault(text) is None
    assert title_fault(f"Kim\u00a0{text}") is None


@given(st.lists(st.sampled_from([*UNSEEN.values()])).map("".join), st.sampled_from([*SEEN.values()]))
def test_one_sign_that_is_seen_makes_a_title(unseen: str, seen: str) -> None:
    assert not shows(unseen)
    assert shows(unseen + seen)


@pytest.mark.parametrize("sign", [*map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])])
def test_no_title_turns_the_direction_of_a_page(sign: str) -> None:
    assert "direction" in (title_fault(f"Lamp{sign}pmaL") or "")


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c"])
def test_a_mark_of_direction_that_turns_nothing_is_kept(mark: str) -> None:
    assert title_fault(f"שלום{mark}!") is None


@pytest.mark.parametrize(
    "name",
    [
        "boss@example.test",
        "BOSS@EXAMPLE.TEST",
        "Boss (boss@example.test)",
        "“boss@example.test”",
        "boss@localhost",
        "boss @ example.test",
        "boss\u00a0@\u3164example.test",
        "boss\uff20example.test",
        "boss\ufe6bexample.test",
        "boss @ example\u3002test",
        "boss @ example\uff61test",
        "boss @ example\u2024test",
        "boss @ example\u0660test",
        "bo\u200bss@exam\u00adple.test",
        "b\u043ess@example.test",
        "\uff42oss@example.test",
        "kim@example.test boss@example.test",
        "kim@example.testing",
        "akim@example.test",
    ],
)
def test_a_name_with_the_address_of_another_reads_like_it(name: str) -> None:
    assert reads_like_address(name, "kim@example.test")


@pytest.mark.parametrize(
    "name",
    [
        "Kim",
        "kim@example.test",
        "Kim <Kim@Example.test>",
        "Write to kim@example.test.",
        "@kim",
        "Kim @ Sales",
        "50 @ 3.20",
        "Kim.Quill",
        "@",
        "",
    ],
)
def test_any_other_name_does_not(name: str) -> None:
    assert not reads_like_address(name, "kim@example.test")
