"""Texts and queries in plain letters."""

# ruff: noqa: RUF001 - letters that look alike are what this is about

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.search.keys import KEY_LENGTH, is_sort_key, sort_key, unique_sort_key
from dashboard.search.text import BLANKS, asked, fold, search_terms, searchable, selective_parts


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Oak Lamp", "oak lamp"),
        ("ÉCLAIR", "eclair"),
        ("e\u0301clair", "eclair"),
        ("Łódź", "lodz"),
        ("Smørrebrød", "smorrebrod"),
        ("STRASSE straße", "strasse strasse"),
        ("İstanbul ısı", "istanbul isi"),
        ("Æther œuvre þing", "aether oeuvre thing"),
        ("ﬁlter ｌａｍｐ №5", "filter lamp no5"),
        ("½ m²", "1/2 m2"),
        ("L’abat-jour – “grand”", 'l\'abat-jour - "grand"'),
        ("ΛΆΜΠΑ λάμπας", "λαμπα λαμπασ"),
        ("Лампа Ёлка", "лампа елка"),
        ("soft\u00adware zero\u200bwidth", "software zerowidth"),
        ("\u2615\ufe0f", "\u2615"),
        ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u062e\u0648"),
        ("lam\u034fp \u3164oak\u115f", "lamp oak"),
        ("\u845b\U000e0100\u57ce \u1820\u180b", "\u845b\u57ce \u1820"),
        ("one\u2028two\u2029three", "one two three"),
        ("a\0b\tc\ud800d", "a b c d"),
    ],
)
def test_letters_are_compared_without_case_and_accents(text: str, plain: str) -> None:
    assert fold(text) == plain


def test_control_characters_and_halves_of_others_become_blanks() -> None:
    for code in BLANKS:
        assert fold(f"Oak{chr(code)}lamp") == "oak lamp"
        assert fold(f"Öl{chr(code)}lamp") == "ol lamp"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_each_word_of_what_is_searched_stands_after_two_blanks() -> None:
    assert searchable("LMP-001", " Oak\u00a0 Lamp ") == "  lmp-001  oak  lamp  "


@given(st.text())
def test_what_is_asked_says_the_same_as_what_is_typed(text: str) -> None:
    assert search_terms(asked(text, 2_000)) == search_terms(text)


@given(st.text())
def test_a_sort_key_is_one_and_its_own(text: str) -> None:
    key = sort_key(text)
    assert sort_key(key) == key
    assert len(key) <= KEY_LENGTH
    assert is_sort_key(key)
    assert is_sort_key(unique_sort_key(text))


@given(st.text(max_size=80), st.text(max_size=80))
def test_unique_sort_keys_are_in_the_order_of_the_plain_ones(one: str, other: str) -> None:
    assert (unique_sort_key(one) == unique_sort_key(other)) == (one == other)
    if sort_key(one) < sort_key(other):
        assert unique_sort_key(one) < unique_sort_key(other)


@pytest.mark.parametrize("text", ["Banana", "\u00e4pfel", " apple", "a  b", "a" * 201])
def test_text_that_is_not_folded_is_no_sort_key(text: str) -> None:
    assert not is_sort_key(text)


@pytest.mark.parametrize("parts", [(), ("",), (" ", "\t\0")], ids=repr)
def test_what_has_no_words_is_empty(parts: tuple[str, ...]) -> None:
    assert searchable(*parts) == ""


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", ()),
        (" \0\t\u3000", ()),
        ("\u0301", ()),
        ("Oak LAMP", ("oak", "lamp")),
        ("lamp Lamp LÁMP", ("lamp",)),
        ("o", ("  o",)),
        ("oa", (" oa",)),
        ("ß", (" ss",)),
        ("🛋", ("  🛋",)),
        ("50%_\\ \"a'b*", ("50%_\\", "\"a'b*")),
        ("1 2 3 4 5 6 7 8 9", tuple(f"  {n}" for n in range(1, 9))),
    ],
)
def test_a_query_asks_for_its_words(query: str, asked: tuple[str, ...]) -> None:
    assert search_terms(query) == asked


@given(st.text())
def test_every_piece_asked_for_can_be_looked_up(query: str) -> None:
    assert all(len(term) >= 3 and "\0" not in term for term in search_terms(query))
    assert len(set(search_terms(query))) == len(search_terms(query)) <= 8


@given(st.text(), st.text())
def test_a_product_is_found_by_the_words_of_its_own_name(sku: str, name: str) -> None:
    assert all(term in searchable(sku, name) for term in search_terms(name))


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("lmp-03571428", ("571", "428")),
        ("571428571", ("428", "571")),
        ("03571428", ("03571428",)),
        ("lmp-03571428-", ("lmp-03571428-",)),
        ("lmp-035-71428", ("lmp-035-71428",)),
        ("chandelier", ("chandelier",)),
    ],
)
def test_a_long_code_is_looked_up_by_its_last_digits_three_by_three(
    word: str, parts: tuple[str, ...]
) -> None:
    assert selective_parts(word) == parts


@given(st.text(min_size=3))
def test_every_part_that_is_looked_up_is_in_its_word(word: str) -> None:
    assert all(len(part) >= 3 and part in word for part in selective_parts(word))
