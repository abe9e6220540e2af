"""Editing many products at once: what comes of each, and what cannot."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.catalogue.bulk_edit import Calculation, PriceChange, ProductEdit, StockChange
from dashboard.catalogue.models import ProductStatus
from dashboard.catalogue.rules import clean_price
from dashboard.refusal import Refusal

PRODUCT = {
    "price": Decimal("10.0000"),
    "currency": "EUR",
    "stock": 7,
    "status": ProductStatus.ACTIVE,
    "category_id": 3,
}


@pytest.mark.parametrize(
    ("calculation", "by", "step", "price", "new"),
    [
        ("set", "12.50", "0", "10", "12.50"),
        ("add", "0.45", "0", "10", "10.45"),
        ("subtract", "0.45", "0", "10", "9.55"),
        ("raise", "5", "0", "9.99", "10.49"),  # 10.4895
        ("lower", "5", "0", "9.99", "9.49"),  # 9.4905
        ("raise", "50", "0", "0.01", "0.02"),  # 0.015, half up and half even
        ("raise", "50", "0", "0.03", "0.05"),  # 0.045, half up alone
        ("raise", "10", "0.10", "0.50", "0.60"),  # 0.55, half up and half even
        ("add", "0.25", "0.10", "0.40", "0.70"),  # 0.65, half up alone
        ("raise", "10", "0.05", "9.99", "11.00"),  # 10.989
        ("raise", "3", "0.10", "9.99", "10.30"),  # 10.2897
        ("raise", "3", "1", "9.99", "10.00"),
        ("lower", "100", "0", "9.99", "0.00"),
        ("set", "12.50", "1", "10", "12.50"),  # what is set is set
    ],
)
def test_a_price_is_calculated_and_rounded_half_up(
    calculation: str, by: str, step: str, price: str, new: str
) -> None:
    change = PriceChange(Calculation(calculation), Decimal(by), Decimal(step))
    assert change.apply(Decimal(price), "EUR") == Decimal(new)


@pytest.mark.parametrize(("currency", "new"), [("JPY", "1050"), ("EUR", "1049.99"), ("KWD", "1049.990")])
def test_a_price_has_the_decimals_of_its_currency(currency: str, new: str) -> None:
    change = PriceChange(Calculation.RAISE, Decimal(5))
    assert str(change.apply(Decimal("999.99"), currency)) == new


def test_a_step_smaller_than_the_unit_of_the_currency_is_that_unit() -> None:
    assert PriceChange(Calculation.RAISE, Decimal(5), Decimal("0.05")).apply(Decimal(99), "JPY") == 104


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (
            {"price": PriceChange(Calculation.SUBTRACT, Decimal(12))},
            "The price would be -2.00 EUR, below zero.",
        ),
        ({"price": PriceChange(Calculation.RAISE, Decimal(10) ** 12)}, "The price would be more than"),
        ({"price": PriceChange(Calculation.SET, Decimal("1.005"))}, "EUR has 2 decimals; round the price."),
        ({"stock": StockChange(Calculation.SUBTRACT, 8)}, "The stock would be -1, below zero."),
        ({"stock": StockChange(Calculation.ADD, 1_000_000_000)}, "The stock would be more than"),
    ],
)
def test_what_cannot_be_is_said_in_plain_words(edit: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal, match=words.replace(".", r"\.")):
        ProductEdit(**edit).apply(PRODUCT)


def test_only_what_becomes_another_is_changed() -> None:
    edit = ProductEdit(
        ProductStatus.ACTIVE,
        moves=True,
        category_id=None,
        price=PriceChange(Calculation.SET, Decimal("10.00")),
        stock=StockChange(Calculation.ADD, 3),
    )
    assert edit.apply(PRODUCT) == {"category_id": None, "stock": 10}


def test_an_edit_of_nothing_says_so() -> None:
    assert not ProductEdit().changes_anything
    assert ProductEdit().apply(PRODUCT) == {}


@pytest.mark.parametrize(
    ("field", "edit"),
    [
        ("status", {"status": ProductStatus.DRAFT}),
        ("category_id", {"moves": True}),
        ("price", {"price": PriceChange(Calculation.SET, Decimal(0))}),
        ("stock", {"stock": StockChange(Calculation.SET, 0)}),
    ],
)
def test_an_edit_of_one_field_changes_that_alone(field: str, edit: dict[str, Any]) -> None:
    assert ProductEdit(**edit).changes_anything
    assert set(ProductEdit(**edit).apply(PRODUCT)) == {field}


@given(
    st.sampled_from(list(Calculation)),
    st.decimals(0, 10**6, places=2),
    st.sampled_from(["0", "0.05", "0.1", "1"]),
    st.decimals(0, 10**6, places=2),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_what_comes_of_a_price_is_one_that_a_form_would_take(
    calculation: Calculation, by: Decimal, step: str, price: Decimal, currency: str
) -> None:
    try:
        new = PriceChange(calculation, by, Decimal(step)).apply(price, currency)
    except Refusal:
        return
    assert clean_price(f"{new:f}", currency) == new


@given(
    st.sampled_from([Calculation.ADD, Calculation.RAISE, Calculation.LOWER]),
    st.decimals(0, 100, places=1),
    st.sampled_from(["0.01", "0.05", "0.1", "1"]),
    st.decimals(0, 1000, places=2),
)
def test_the_nearest_multiple_is_taken_and_the_upper_of_two(
    calculation: Calculation, by: Decimal, step: str, price: Decimal
) -> None:
    exact, size = calculation.apply(price, by), Decimal(step)
    new = PriceChange(calculation, by, size).apply(price, "EUR")
    assert new % size == 0
    assert exact - size / 2 < new <= exact + size / 2
