"""Numbers as people write them: each is read as it was meant, or is a question."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.catalogue.rules import clean_stock
from dashboard.number_form import (
    CHOSEN,
    FORMS,
    LANGUAGES,
    MARKED,
    NumberForm,
    form_of_language,
    number_words,
    numbers_in,
)
from dashboard.refusal import Refusal
from dashboard.text.numbers import GAPS, as_written, for_page, from_page, plain_number, unambiguous
from unit.documents import INLINE, table

NOTATIONS = [
    *((mark, ".") for mark in ("", ",", *GAPS)),
    *((mark, ",") for mark in ("", ".", *GAPS)),
]
"""The mark between thousands, if any, and the one before decimals."""
FIELDS = [None, 0, 1, 2, 3, 4, 8]


def written(value: Decimal, decimals: int, thousands: str, point: str) -> str:
    """A value as a person writes it who uses these marks."""
    english = f"{value:,.{decimals}f}"
    return "".join({",": thousands, ".": point}.get(sign, sign) for sign in english)


@given(
    st.decimals(-(10**12), 10**12, places=6),
    st.integers(0, 6),
    st.sampled_from(NOTATIONS),
    st.sampled_from(FIELDS),
)
def test_number_in_any_notation_is_read_as_meant_or_refused(
    value: Decimal, decimals: int, marks: tuple[str, str], field: int | None
) -> None:
    if field == 0:
        decimals = 0  # whoever knows that the numbers are whole writes them so
    if field == 3:
        decimals = 3  # such a field shows each with three decimals, and a point before them
    value = round(value, decimals)
    text = written(value, decimals, *marks)
    try:
        read = plain_number(text, field)
    except ValueError as question:
        meanings = str(question).split(". ")[0].split(" can mean ")[1].split(" or ")
        assert value in map(Decimal, meanings)
    else:
        assert Decimal(read) == value


@given(st.decimals(-(10**12), 10**12, places=6), st.integers(0, 6), st.sampled_from(NOTATIONS))
def test_only_three_digits_after_the_only_mark_are_a_question(
    value: Decimal, decimals: int, marks: tuple[str, str]
) -> None:
    value = round(value, decimals)
    text = written(value, decimals, *marks)
    try:
        plain_number(text, None)
    except ValueError:
        digits = text.removeprefix("-")
        assert digits[-4] in ".,"
        assert digits[:-4].isdigit()
        assert 1 <= len(digits[:-4]) <= 3


@given(st.decimals(-(10**12), 10**12, places=3), st.sampled_from(FIELDS[2:]))
def test_number_that_the_console_writes_is_read_again(value: Decimal, field: int) -> None:
    text = f"{value:.{field}f}"
    assert Decimal(plain_number(unambiguous(text), field)) == Decimal(text)


@given(st.text(alphabet=f"0123456789.,+-{GAPS}e", max_size=12), st.sampled_from(FIELDS))
def test_text_is_read_with_all_its_digits_or_stays_as_it_is(text: str, field: int | None) -> None:
    try:
        read = plain_number(text, field)
    except ValueError:
        return
    assert [sign for sign in read if sign.isdigit()] == [sign for sign in text if sign.isdigit()]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("45,00", "45.00"),
        ("1,200.00", "1200.00"),
        ("1.200,00", "1200.00"),
        ("1 200", "1200"),
        ("1\u00a0200,5", "1200.5"),
        ("1\u202f200\u202f300", "1200300"),
        ("1\u2009200", "1200"),
        ("1'200.50", "1200.50"),
        ("1\u2019200", "1200"),
        ("1,200,300", "1200300"),
        ("1.200.300", "1200300"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1234,567", "1234.567"),
        ("1,2345", "1.2345"),
        ("\u22125,5", "-5.5"),
        (" 12 ", "12"),
        ("12 34", "12 34"),
        ("1,2,3", "1,2,3"),
        ("1.200 300", "1.200 300"),
        ("1,200.300,40", "1,200.300,40"),
        ("1e5", "1e5"),
        ("\u0661,5", "\u0661,5"),
        ("", ""),
    ],
)
def test_number_with_one_meaning_is_read_and_other_texts_stay(text: str, read: str) -> None:
    assert plain_number(text, None) == read


@pytest.mark.parametrize(
    ("text", "decimals", "question"),
    [
        ("1,200", None, "1,200 can mean 1200 or 1.2. Type 1200 or 1.2."),
        ("-1.200", 4, "-1.200 can mean -1200 or -1.2. Type -1200 or -1.2."),
        ("1.125", None, "1.125 can mean 1125 or 1.125. Type 1125 or 1.1250."),
        ("1.000", 2, "1.000 can mean 1000 or 1. Type 1000 or 1."),
        ("1,125", 3, "1,125 can mean 1125 or 1.125. Type 1125 or 1.125."),
        ("1,125", 1, "1,125 can mean 1125 or 1.125. Type 1125, or use at most 1 digit after the point."),
    ],
)
def test_number_with_two_meanings_is_a_question(text: str, decimals: int | None, question: str) -> None:
    with pytest.raises(ValueError, match="can mean") as refusal:
        plain_number(text, decimals)
    assert str(refusal.value) == question


@pytest.mark.parametrize(
    ("text", "decimals", "read"), [("1,200", 0, "1200"), ("1.200", 0, "1200"), ("1.200", 3, "1.200")]
)
def test_field_with_one_of_two_meanings_reads_that(text: str, decimals: int, read: str) -> None:
    assert plain_number(text, decimals) == read


@pytest.mark.parametrize("how", ["point", "comma"])
@given(text=st.text(alphabet=f"0123456789.,{GAPS}", max_size=60))
def test_number_that_is_written_one_way_has_no_other_sign(how: str, text: str) -> None:
    found = as_written(text, how)
    assert found is None or found.replace(".", "", 1).isdigit()


MARKS = [*MARKED.values()]


@given(
    st.decimals(-(10**12), 10**12, places=6),
    st.integers(0, 6),
    st.sampled_from(MARKS),
    st.sampled_from(MARKS),
)
def test_shown_input_is_read_as_the_same_number_on_any_page(
    value: Decimal, decimals: int, shown: NumberForm, sent: NumberForm
) -> None:
    number = unambiguous(f"{value:.{decimals}f}")
    typed = from_page(for_page(number, shown), sent)
    assert Decimal(plain_number(typed, None)) == Decimal(number)


@given(st.decimals(-(10**12), 10**12, places=6), st.integers(0, 6), st.sampled_from([*CHOSEN.values()]))
def test_shown_number_is_read_again_by_who_chose_its_form(
    value: Decimal, decimals: int, form: NumberForm
) -> None:
    with numbers_in(form):
        shown = number_words(round(value, decimals), decimals)
    assert Decimal(plain_number(from_page(shown, form), None)) == round(value, decimals)


@pytest.mark.parametrize(
    ("text", "mark", "read"),
    [
        ("1.234", "comma", "1234"),
        ("1,234", "comma", "1.2340"),
        ("1,234", "point", "1234"),
        ("1'234.5", "apostrophe", "1234.5"),
    ],
)
def test_number_in_the_chosen_form_is_no_question(text: str, mark: str, read: str) -> None:
    assert plain_number(from_page(text, MARKED[mark]), 2) == read


@pytest.mark.parametrize("mark", ["comma?", "space?", "space"])
@pytest.mark.parametrize("sign", ["", "-", "+", "\N{MINUS SIGN}"])
def test_point_on_a_page_with_commas_is_a_question(mark: str, sign: str) -> None:
    with pytest.raises(ValueError, match="can mean"):
        plain_number(from_page(f"{sign}1.234", MARKED[mark]), 3)


@pytest.mark.parametrize(
    ("decimals", "advice"),
    [
        (2, "Type 1234, or use at most 2 digits after the comma."),
        (3, "Type 1234 or 1,2340."),
        (None, "Type 1234 or 1,2340."),
    ],
)
@pytest.mark.parametrize("mark", ["comma", "comma?", "space?", "space"])
def test_advice_on_a_page_with_commas_is_read_as_it_says(
    mark: str, decimals: int | None, advice: str
) -> None:
    with numbers_in(MARKED[mark]), pytest.raises(ValueError, match="This can mean 1234 or 1,234") as refusal:
        plain_number("1,234", decimals)
    assert str(refusal.value).endswith(advice)
    for text, number in (("1234", "1234"), ("1,2340", "1.2340")):
        assert plain_number(from_page(text, MARKED[mark]), decimals) == number


@pytest.mark.parametrize(
    ("languages", "name"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "comma"),
        ("de-CH", "apostrophe"),
        ("fr", "space"),
        ("en-GB", "point"),
        ("", "point"),
        ("es-ES,es;q=0.9", "comma"),
        ("es-AR", "comma"),
        ("es-419,es;q=0.9", "point"),
        ("es-US", "point"),
        ("es-CR", "space"),
        ("ca", "comma"),
        ("sr-Latn-RS", "comma"),
        ("be-BY", "space"),
    ],
)
def test_language_of_the_browser_has_its_form(languages: str, name: str) -> None:
    assert form_of_language(languages).name == name


def test_documentation_names_the_form_of_each_language() -> None:
    told = {
        form.strip("`"): INLINE.findall(codes)
        for codes, form in table("docs/numbers.md", "The form of a language")
    }
    for name, form in FORMS.items():
        shown = form.write("1,200.00").replace("\u202f", " ")
        assert told[shown] == sorted(each for each, its in LANGUAGES.items() if its == name)


def test_whole_number_in_the_chosen_form_is_no_decimal_one() -> None:
    chosen = CHOSEN["comma"]
    assert plain_number(from_page("1.234", chosen), 0) == "1234"
    with pytest.raises(Refusal):
        clean_stock(from_page("1,234", chosen))


def test_numbers_outside_of_requests_have_one_form() -> None:
    assert number_words(1204) == "1,204"
    assert number_words(Decimal("1204.50")) == "1,204.50"
    with numbers_in(CHOSEN["comma"]):
        assert number_words(1204.5) == "1.204,5"
    assert number_words(-1204.5, 2) == "-1,204.50"
