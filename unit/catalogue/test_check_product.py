"""Several fields of a product checked together."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from dashboard.catalogue.models import Product, ProductStatus
from dashboard.catalogue.rules import check_product

FIELDS = ("sku", "name", "description", "price", "currency", "stock", "status")
GOOD = {
    "sku": "LMP-1",
    "name": "Oak Lamp",
    "description": "",
    "price": "12.50",
    "currency": "EUR",
    "stock": "3",
    "status": "draft",
}
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=20)


def test_good_fields_become_the_values_to_store() -> None:
    checked = check_product(GOOD)
    assert checked.errors == {}
    assert checked.values == {
        **GOOD,
        "price": Decimal("12.50"),
        "stock": 3,
        "status": ProductStatus.DRAFT,
    }


def test_every_wrong_field_is_told_at_once() -> None:
    assert set(check_product(dict.fromkeys(FIELDS, "\0")).errors) == set(FIELDS)


def test_a_wrong_field_leaves_the_good_ones_good() -> None:
    checked = check_product({**GOOD, "stock": "many"})
    assert set(checked.errors) == {"stock"}
    assert {**checked.values, "stock": 3} == check_product(GOOD).values


def test_the_price_follows_the_currency_wherever_it_stands() -> None:
    assert "JPY has no decimals" in check_product({"price": "1.50", "currency": "jpy"}).errors["price"]


def test_a_wrong_currency_is_told_once_and_not_again_at_the_price() -> None:
    checked = check_product({**GOOD, "currency": "???"})
    assert set(checked.errors) == {"currency"}
    assert "currency" not in checked.values


def test_fields_that_are_not_given_are_not_asked_for() -> None:
    checked = check_product({"stock": "4"})
    assert (checked.values, checked.errors) == ({"stock": 4}, {})


def test_fields_that_are_no_product_fields_are_ignored() -> None:
    assert check_product({**GOOD, "id": "7", "version": "9", "created_at": "x"}) == check_product(GOOD)


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, ANYTHING)))
def test_whatever_is_typed_each_field_is_a_value_or_a_sentence(raw: dict[str, str]) -> None:
    checked = check_product(raw)
    assert set(checked.values) | set(checked.errors) == set(FIELDS)
    assert not set(checked.values) & set(checked.errors)
    assert all(error.endswith(".") for error in checked.errors.values())


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, ANYTHING)))
def test_what_passes_fits_its_column(raw: dict[str, str]) -> None:
    for name, value in check_product({**GOOD, **raw}).values.items():
        length = getattr(Product.__table__.c[name].type, "length", None)
        assert length is None or len(value) <= length
