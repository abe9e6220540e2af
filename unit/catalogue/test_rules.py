"""The rules of the fields of a product, with valid and hostile input."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.catalogue.models import CATEGORY_LENGTH, NAME_LENGTH, SKU_LENGTH, ProductStatus
from dashboard.catalogue.rules import (
    DESCRIPTION_LENGTH,
    MAXIMUM_PRICE,
    MAXIMUM_STOCK,
    clean_category_name,
    clean_currency,
    clean_description,
    clean_name,
    clean_price,
    clean_sku,
    clean_status,
    clean_stock,
    currencies,
    format_price,
    plain_price,
)
from dashboard.refusal import Refusal

CONTROL = ["\0", "\x07", "\x1b[2J", "\x7f", "\x85", "\r\n", "\t", "\u2028", "\u2029", "\ud800"]
ONE_LINERS = [clean_name, clean_category_name]
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)  # lone surrogates too
NUMBERS = st.text("0123456789.-+, ", max_size=16)


@pytest.mark.parametrize("clean", ONE_LINERS)
@pytest.mark.parametrize(
    "name", ["Oak Lamp", "Ωμέγα", "灯", "مصباح", "🪔 lamp", "O'Brien & Söhne <b>", "50 % off_", "=1+1"]
)
def test_a_name_takes_any_script_and_any_sign(clean: Callable[[str], str], name: str) -> None:
    assert clean(name) == name


@pytest.mark.parametrize("clean", [*ONE_LINERS, clean_sku])
@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0", "\u2003 "])
def test_a_blank_name_is_refused_in_words(clean: Callable[[str], str], blank: str) -> None:
    with pytest.raises(Refusal, match=r"^Enter a"):
        clean(blank)


@pytest.mark.parametrize("clean", ONE_LINERS)
@pytest.mark.parametrize("control", CONTROL)
def test_name_with_control_character_or_surrogate_is_refused(
    clean: Callable[[str], str], control: str
) -> None:
    with pytest.raises(Refusal, match="control characters"):
        clean(f"Oak{control}Lamp")


@pytest.mark.parametrize("clean", ONE_LINERS)
@pytest.mark.parametrize("invisible", ["\u200b", "\u202e", "\u2060\u2060", "\ufeff", "\u00ad"])
def test_a_name_has_something_to_see(clean: Callable[[str], str], invisible: str) -> None:
    with pytest.raises(Refusal, match=r"that can be seen|change the direction"):
        clean(invisible)


def test_a_name_is_trimmed_and_composed() -> None:
    assert clean_name("  Cafe\u0301 chair \n") == "Caf\u00e9 chair"


@pytest.mark.parametrize(
    ("clean", "longest"),
    [(clean_name, NAME_LENGTH), (clean_category_name, CATEGORY_LENGTH), (clean_sku, SKU_LENGTH)],
)
def test_a_line_may_fill_its_column_and_no_more(clean: Callable[[str], str], longest: int) -> None:
    assert len(clean("x" * longest)) == longest
    with pytest.raises(Refusal, match=f"at most {longest} characters; this has {longest + 1}"):
        clean("x" * (longest + 1))


@given(ANYTHING)
def test_a_name_is_stored_as_the_rule_leaves_it(text: str) -> None:
    try:
        name = clean_name(text)
    except Refusal:
        return
    assert clean_name(name) == name == unicodedata.normalize("NFC", name).strip()
    name.encode()  # what cannot be encoded cannot be stored


@pytest.mark.parametrize("sku", ["A", "LMP-0001", "a.b_c/d+e-f", "0"])
def test_a_sku_takes_letters_digits_and_five_signs(sku: str) -> None:
    assert clean_sku(f" {sku} ") == sku


@pytest.mark.parametrize(
    "sku", ["-1", "=A1", "+A", "@x", "A B", "A,B", "ÄB", "A\u0660", "\uff21", "A\u200b", "A'B", "<b>"]
)
def test_a_sku_holds_nothing_else_and_begins_no_formula(sku: str) -> None:
    with pytest.raises(Refusal, match="letters A-Z"):
        clean_sku(sku)


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_the_line_breaks_of_a_description_become_one_kind(newline: str) -> None:
    assert clean_description(f" One{newline}\ttwo ") == "One\n\ttwo"


def test_a_description_may_be_empty() -> None:
    assert clean_description("  ") == ""


@pytest.mark.parametrize("control", ["\0", "\x07", "\x1b", "\u2028", "\udfff"])
def test_a_description_holds_no_other_control_characters(control: str) -> None:
    with pytest.raises(Refusal, match="control characters"):
        clean_description(f"a{control}b")


def test_a_description_may_be_long_but_not_endless() -> None:
    assert len(clean_description("x" * DESCRIPTION_LENGTH)) == DESCRIPTION_LENGTH
    with pytest.raises(Refusal, match="5,000 characters; this has 5,001"):
        clean_description("x" * (DESCRIPTION_LENGTH + 1))


@pytest.mark.parametrize("text", ["EUR", " eur ", "Eur"])
def test_a_currency_is_written_in_capitals(text: str) -> None:
    assert clean_currency(text) == "EUR"


@pytest.mark.parametrize("text", ["", "EU", "EURO", "€", "XXX", "ZZZ", "EU\0", "\uff25UR", "\u0415UR"])
def test_a_currency_is_one_that_exists(text: str) -> None:
    with pytest.raises(Refusal, match="three-letter currency code"):
        clean_currency(text)


@pytest.mark.parametrize(
    ("text", "currency", "price"),
    [
        ("0", "EUR", "0"),
        ("12.5", "EUR", "12.50"),
        (" 12.50 ", "EUR", "12.5"),
        ("12.5000", "EUR", "12.5"),
        ("007.10", "EUR", "7.1"),
        ("1200", "JPY", "1200"),
        ("1200.0", "JPY", "1200"),
        ("1.234", "KWD", "1.234"),
        ("1.2345", "CLF", "1.2345"),
        ("45,00", "EUR", "45"),
        ("1,200.00", "EUR", "1200"),
        ("1.200,5", "EUR", "1200.5"),
        ("1 200", "EUR", "1200"),
        ("1.200", "JPY", "1200"),
        ("1,200", "JPY", "1200"),
        (str(MAXIMUM_PRICE), "EUR", str(MAXIMUM_PRICE)),
    ],
)
def test_a_price_is_exact(text: str, currency: str, price: str) -> None:
    assert clean_price(text, currency) == Decimal(price)


NO_PRICES = "-1 -0.01 +1 1e5 1E5 NaN sNaN Infinity -inf ,5 1,00,000.00 1_000 .5 1. 0x10 ½ ² €5 --"
ENDLESS = ["9" * 13, "9" * 5000, "1." + "0" * 11]


@pytest.mark.parametrize(
    "text", ["", "1 00", "\u0661", "\uff11", "1\0", "1\n.5", *ENDLESS, *NO_PRICES.split()]
)
def test_a_price_is_written_in_plain_digits(text: str) -> None:
    with pytest.raises(Refusal, match=r"^Enter a price of 0 or more in digits"):
        clean_price(text, "EUR")


@pytest.mark.parametrize(
    ("text", "currency", "words"),
    [
        ("1,200", "EUR", "1,200 can mean 1200 or 1.2. Type 1200 or 1.2."),
        ("1.200", "EUR", "1.200 can mean 1200 or 1.2. Type 1200 or 1.2."),
        ("1.234", "EUR", "1.234 can mean 1234 or 1.234. Type 1234, or use at most 2 digits after the point."),
        ("1,234", "KWD", "1,234 can mean 1234 or 1.234. Type 1234 or 1.234."),
        ("1.234", "CLF", "1.234 can mean 1234 or 1.234. Type 1234 or 1.2340."),
        ("1,200", None, "1,200 can mean 1200 or 1.2. Type 1200 or 1.2."),
    ],
)
def test_a_price_with_two_meanings_is_a_question(text: str, currency: str | None, words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        clean_price(text, currency)
    assert str(refusal.value) == words


def test_a_price_has_an_upper_bound() -> None:
    with pytest.raises(Refusal, match="at most 9,999,999,999"):
        clean_price("9999999999.01", "EUR")


@pytest.mark.parametrize(
    ("currency", "text", "words"),
    [
        ("JPY", "0.5", "JPY has no decimals"),
        ("EUR", "0.001", "EUR has 2 decimals"),
        ("KWD", "0.0001", "KWD has 3 decimals"),
    ],
)
def test_a_price_has_no_more_decimals_than_its_currency(currency: str, text: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        clean_price(text, currency)


@given(st.sampled_from(sorted(currencies())), st.data())
def test_a_price_survives_being_written_and_read_again(currency: str, data: st.DataObject) -> None:
    places = currencies()[currency]
    price = data.draw(st.decimals(0, MAXIMUM_PRICE, places=places))
    assert clean_price(plain_price(price, currency), currency) == price


@pytest.mark.parametrize("clean", [partial(clean_price, currency="EUR"), clean_stock], ids=["price", "stock"])
@given(text=st.one_of(ANYTHING, NUMBERS))
def test_whatever_is_typed_as_a_price_or_stock_is_a_value_or_a_sentence(
    clean: Callable[[str], Decimal], text: str
) -> None:
    try:
        assert clean(text) >= 0
    except Refusal as error:
        assert re.match(r"Enter a|EUR has 2 decimals; round|[0-9].* can mean", str(error))


def test_no_currency_has_more_decimals_than_money_is_stored_with() -> None:
    assert max(currencies().values()) == 4


@pytest.mark.parametrize(
    ("price", "currency", "shown"),
    [("1234.5", "EUR", "1,234.50 EUR"), ("1234", "JPY", "1,234 JPY"), ("1", "KWD", "1.000 KWD")],
)
def test_a_price_is_shown_with_the_decimals_of_its_currency(price: str, currency: str, shown: str) -> None:
    assert format_price(Decimal(price), currency) == shown


@pytest.mark.parametrize(
    ("text", "stock"),
    [("0", 0), (" 12 ", 12), ("007", 7), ("1000000000", MAXIMUM_STOCK), ("1,200", 1200), ("1.200", 1200)],
)
def test_a_stock_is_a_whole_number(text: str, stock: int) -> None:
    assert clean_stock(text) == stock


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.0", "1e5", "NaN", "1_0", "\uff11", "²", "\0", "1\0", *ENDLESS]
)
def test_a_stock_is_written_in_plain_digits(text: str) -> None:
    with pytest.raises(Refusal, match=r"^Enter a whole number of 0 or more"):
        clean_stock(text)


def test_a_stock_fits_the_smallest_integer_column() -> None:
    assert MAXIMUM_STOCK < 2**31
    with pytest.raises(Refusal, match="at most 1,000,000,000"):
        clean_stock("1000000001")


@pytest.mark.parametrize("text", ["active", " ACTIVE ", "Active"])
def test_a_status_is_read_whatever_its_case(text: str) -> None:
    assert clean_status(text) is ProductStatus.ACTIVE


@pytest.mark.parametrize("text", ["", "live", "active\0", "0", "ProductStatus.ACTIVE"])
def test_an_unknown_status_is_answered_with_the_known_ones(text: str) -> None:
    with pytest.raises(Refusal, match="draft, active, archived"):
        clean_status(text)
