"""The numbers of a check in the form of the person, while files and jobs have a point."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.importing.result import number_in_words, read_result
from dashboard.number_form import CHOSEN, numbers_in
from dashboard.testing.catalogue import a_product
from unit.importing.conftest import Importing
from unit.importing.pages import Pages, main, number_in

PRODUCTS = "/admin/products/import/"
FILE = "sku,name,price,currency,stock\nZZ-1,Elm,1.234,KWD,1234\nLMP-1,Oak,1234.5,EUR,20\nLMP-2,Yew,x,EUR,1\n"
WRITTEN = {
    "point": ("1.234", "1,234", "1,234.50", "12.50"),
    "comma": ("1,234", "1.234", "1.234,50", "12,50"),
    "space": ("1,234", "1 234", "1 234,50", "12,50"),
    "apostrophe": ("1.234", "1'234", "1'234.50", "12.50"),
}


@pytest.fixture
def products(app: Flask) -> Pages:
    """The pages of an import beside one product of 12.50 EUR."""
    with app.app_context():
        a_product("Oak", sku="LMP-1", price=Decimal("12.5"), stock=2)
        db.session.commit()
    return Pages(app, at=PRODUCTS)


def stored_result(app: Flask, address: str) -> Mapping[str, Any]:
    """The result of a check, as its job has it."""
    result: Mapping[str, Any] = Importing(app, "products").result(number_in(address))
    return result


@pytest.mark.parametrize("form", WRITTEN)
def test_check_shows_numbers_as_the_person_writes_them(form: str, products: Pages) -> None:
    check = products.check(FILE)
    products.client.set_cookie("numbers", form)
    price, stock, new, old = WRITTEN[form]
    rows = [[cell.text for cell in row.all("td")] for row in main(products.get(check)).all("tr")]
    [created] = [row for row in rows if "ZZ-1" in row]
    assert (price in created, stock in created) == (True, True)
    assert ["Price", old, new] in rows
    text = products.text(check)
    assert f"Price” becomes 10 times as high or as low in 1 row: row 3 from {old} to {new}." in text


def test_job_and_its_files_have_a_point_whoever_asks(products: Pages) -> None:
    products.client.set_cookie("numbers", "comma")
    check = products.check(FILE)
    result = stored_result(products.app, check)
    assert result["created"][0]["after"]["price"] == "1.234"
    assert result["changed"][0]["after"]["price"] == "1234.50"
    assert "1234.50" in result["warnings"][0]
    refused = products.get(f"{PRODUCTS}refused/?id={number_in(check)}").text
    assert "such as 12.50" in refused
    assert "LMP-2,Yew,x" in refused
    products.apply(check, "Import the good rows")
    with products.app.app_context():
        prices = {each.sku: each.price for each in db.session.scalars(select(Product))}
    assert prices == {"ZZ-1": Decimal("1.234"), "LMP-1": Decimal("1234.5")}


def test_check_of_own_records_shows_numbers_as_the_person_writes_them(pages: Pages) -> None:
    check = pages.check("name,rating,city\nElm,1.5,12.5\n")
    pages.client.set_cookie("numbers", "comma")
    rows = [[cell.text for cell in row.all("td")] for row in main(pages.get(check)).all("tr")]
    assert [row[2] for row in rows if row] == ["1,5", "12.5"]


def test_warning_of_an_older_check_is_shown_as_it_was_stored() -> None:
    result = read_result({"warnings": ["“Size” is emptied in 2 of 3 rows."]})
    assert result.sentences == ["“Size” is emptied in 2 of 3 rows."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("-1234.5", "-1.234,5"),
        ("0.000", "0,000"),
        ("1.5e+16", "1,5e+16"),
        ("NaN", "NaN"),
        ("1.2.3", "1.2.3"),
        ("123456789012345678901234.5…", "123456789012345678901234.5…"),
    ],
)
def test_text_that_is_a_number_is_written_in_the_form(text: str, words: str) -> None:
    with numbers_in(CHOSEN["comma"]):
        assert number_in_words(text) == words
