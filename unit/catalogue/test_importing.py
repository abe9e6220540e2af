"""Rows of a file become products, by the rules and with the defaults of the form."""

from decimal import Decimal

import pytest
from flask import Flask

from dashboard.catalogue.models import Product, ProductStatus
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.importing.fields import Does
from dashboard.testing.catalogue import a_category, a_product
from unit.catalogue.importing import LAMP, checked, errors, imported, number_of_products, product

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]
WHOLE = {
    "description": "One\r\ntwo",
    "currency": "jpy",
    "price": "1250",
    "stock": "7",
    "status": "active",
    "category": "Lamps",
}


def stored(its: Product) -> tuple[object, ...]:
    return (its.name, its.description, its.price, its.currency, its.stock, its.status, its.version)


@pytest.fixture
def lamp(context: Flask) -> Product:
    """A product that is there already."""
    lamp = a_product("Oak Lamp", sku="LMP-1", description="Old", category=a_category("Lamps"))
    db.session.commit()
    return lamp


def test_new_product_has_the_defaults_of_the_form() -> None:
    assert imported(LAMP) == [Does.CREATE]
    assert stored(product()) == ("Oak Lamp", "", Decimal("12.50"), "EUR", 0, ProductStatus.DRAFT, 1)
    assert product().category is None


def test_blank_cells_of_a_new_product_give_the_defaults_too() -> None:
    blank = dict.fromkeys(("description", "currency", "stock", "status", "category"), " ")
    assert imported({**LAMP, **blank}, blank="clear") == [Does.CREATE]
    assert stored(product()) == ("Oak Lamp", "", Decimal("12.50"), "EUR", 0, ProductStatus.DRAFT, 1)


def test_new_product_has_every_field_that_its_row_fills() -> None:
    category = a_category("Lamps").id
    db.session.commit()
    assert imported({**LAMP, **WHOLE}) == [Does.CREATE]
    expected = ("Oak Lamp", "One\ntwo", Decimal(1250), "JPY", 7, ProductStatus.ACTIVE, 1)
    assert stored(product()) == expected
    assert product().category_id == category


def test_new_product_is_shown_as_people_read_it() -> None:
    a_category("Lamps")
    [found] = checked({**LAMP, "stock": "1", "status": "active", "category": "Lamps"})
    assert (found.name, found.before) == ("Oak Lamp", {})
    assert found.after == {
        **LAMP,
        "currency": "EUR",
        "stock": "1",
        "status": "Active",
        "category": "Lamps",
    }


def test_changed_fields_are_stored_and_the_others_stay(lamp: Product) -> None:
    assert imported({"sku": "LMP-1", "price": "13", "status": "draft"}) == [Does.CHANGE]
    assert stored(product()) == ("Oak Lamp", "Old", Decimal(13), "EUR", 7, ProductStatus.DRAFT, 2)


def test_change_is_shown_before_and_after(lamp: Product) -> None:
    a_category("Chairs")
    row = {"sku": "LMP-1", "name": "Elm Lamp", "price": "13.5", "status": "draft", "category": "Chairs"}
    [found] = checked({**row, "stock": "7"})
    assert found.name == "Oak Lamp"
    before = {"name": "Oak Lamp", "price": "12.50", "status": "Active", "category": "Lamps"}
    assert found.before == before
    assert found.after == {"name": "Elm Lamp", "price": "13.50", "status": "Draft", "category": "Chairs"}


@pytest.mark.parametrize(
    "same", [{}, {"name": " Oak Lamp"}, {"price": "12.5000"}, {"currency": "eur"}, {"status": "ACTIVE "}]
)
def test_row_that_says_what_is_stored_does_nothing(lamp: Product, same: dict[str, str]) -> None:
    assert imported({"sku": "LMP-1", **same}) == [Does.NOTHING]
    assert product().version == 1


def test_values_older_than_the_rules_stay_where_nothing_changes_them(context: Flask) -> None:
    a_product("Oak\tLamp", sku="LMP 1", price=Decimal("1.005"), currency="XXX", description="a\x07")
    db.session.commit()
    same = {"sku": "LMP 1", "name": "Oak\tLamp", "price": "1.00", "currency": "XXX", "description": "a\x07"}
    assert imported(same) == [Does.NOTHING]
    assert imported({**same, "stock": "8", "price": "2"}) == [Does.CHANGE]
    assert (product("LMP 1").price, product("LMP 1").stock) == (Decimal(2), 8)


def test_blank_cells_change_nothing_unless_they_clear(lamp: Product) -> None:
    blank = {"sku": "LMP-1", "description": "", "category": " ", "name": "", "price": ""}
    assert imported(blank) == [Does.NOTHING]


def test_blank_cells_that_clear_empty_the_fields_that_may_be_empty(lamp: Product) -> None:
    assert imported({"sku": "LMP-1", "description": "", "category": " "}, blank="clear") == [Does.CHANGE]
    assert (product().description, product().category) == ("", None)


def test_blank_cells_that_clear_are_refused_where_the_form_refuses_them(lamp: Product) -> None:
    blank = dict.fromkeys(("name", "price", "currency", "stock", "status"), "")
    assert errors({"sku": "LMP-1", **blank}, blank="clear") == [
        {
            "name": "Enter a name.",
            "price": "Enter a price of 0 or more in digits, with a point for decimals, such as 12.50.",
            "currency": "Enter a three-letter currency code, such as EUR.",
            "stock": "Enter a whole number of 0 or more.",
            "status": "Choose one of draft, active, archived.",
        }
    ]


def test_price_is_checked_in_the_currency_of_the_product(context: Flask) -> None:
    a_product(sku="YEN-1", price=Decimal(100), currency="JPY")
    found = errors({"sku": "YEN-1", "price": "1.5"}, {**LAMP, "price": "0.005"})
    assert found == [
        {"price": "JPY has no decimals; round the price."},
        {"price": "EUR has 2 decimals; round the price."},
    ]


def test_new_currency_is_refused_where_the_price_has_too_many_decimals(lamp: Product) -> None:
    told = {"price": "JPY has no decimals; round the price."}
    assert errors({"sku": "LMP-1", "currency": "JPY"}) == [told]
    assert errors({"sku": "LMP-1", "currency": "JPY", "price": "12"}) == [{}]


def test_rows_of_products_that_are_there_are_refused_where_all_are_new(lamp: Product) -> None:
    assert errors(LAMP, mode="create") == [{"sku": "A product has this SKU already."}]


def test_rows_of_unknown_products_are_refused_where_none_is_new(lamp: Product) -> None:
    found = errors({**LAMP, "sku": "LMP-2"}, {"sku": ""}, mode="change")
    assert found == [{"sku": "No product has this SKU."}, {"sku": "No product has this SKU."}]


def test_without_a_key_each_row_is_a_new_product(lamp: Product) -> None:
    assert imported({**LAMP, "sku": "LMP-2"}, LAMP, key="") == [Does.CREATE, Does.REFUSE]
    assert errors(LAMP, {**LAMP, "sku": "lmp-1"}, key="") == [
        {"sku": "This SKU is already in use."},
        {"sku": "Another product has the SKU LMP-1, which differs in case only."},
    ]
    assert number_of_products() == 2


def test_sku_that_differs_from_a_stored_one_in_case_only_is_refused(lamp: Product) -> None:
    told = "Another product has the SKU LMP-1, which differs in case only."
    assert errors({**LAMP, "sku": "lmp-1"}) == [{"sku": told}]


def test_sku_that_differs_from_an_earlier_row_in_case_only_is_refused() -> None:
    told = "Another product has the SKU LMP-1, which differs in case only."
    assert errors(LAMP, {**LAMP, "sku": "Lmp-1"}) == [{}, {"sku": told}]


def test_sku_of_an_earlier_row_that_is_refused_is_free() -> None:
    assert imported({**LAMP, "price": "x"}, {**LAMP, "sku": "lmp-1"}) == [Does.REFUSE, Does.CREATE]


def test_two_rows_about_one_product_are_not_both_written(lamp: Product) -> None:
    other = {**LAMP, "sku": "LMP-2"}
    rows = [
        {"sku": "LMP-1", "stock": "1"},
        {"sku": " LMP-1", "stock": "2"},
        other,
        {**other, "sku": "LMP-2 "},
    ]
    told = [{}, {"sku": "Row 2 has the same SKU."}, {}, {"sku": "Row 4 has the same SKU."}]
    assert errors(*rows) == told
    imported(*rows)
    assert product().stock == 1


def test_sku_of_a_product_in_the_trash_is_free(lamp: Product) -> None:
    trash_products([lamp.id])
    db.session.commit()
    assert imported(LAMP) == [Does.CREATE]


def test_all_faults_of_a_row_are_told_at_once() -> None:
    row = {"sku": "a b", "name": "", "price": "1,5,0", "currency": "E", "stock": "-1", "status": "new"}
    [found] = errors({**row, "category": "None", "description": "\x07"})
    assert found.keys() == {*row, "category", "description"}


@pytest.mark.parametrize("text", ["a\0", "a\ud800", "9" * 50_000])
@pytest.mark.parametrize("field", ["sku", "name", "price", "currency", "stock", "status", "category"])
def test_texts_that_no_database_takes_are_refused(lamp: Product, field: str, text: str) -> None:
    for key in ("", "sku"):
        [found] = errors({**LAMP, "sku": "LMP-2", field: text}, key=key, related=("category",))
        assert found.keys() == {field}
    assert errors({"sku": "LMP-1", field: text})[0].keys() - {"name", "price"} <= {field}


def test_checking_writes_nothing(lamp: Product) -> None:
    checked({**LAMP, "stock": "99", "category": "New"}, {**LAMP, "sku": "NEW"}, related=("category",))
    db.session.commit()
    assert (product().version, number_of_products()) == (1, 1)
