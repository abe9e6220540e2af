"""Pages show numbers in the form of the user; files and jobs have one form for everyone."""

from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.kit import bulk
from dashboard.testing.answers import is_redirect
from unit.admin.conftest import Fill, Make
from unit.admin.editing_many import ACTION, LIST, fields, preview
from unit.admin.editing_many import stored as stored_products
from unit.admin.number_forms import choose
from unit.admin.working import work
from unit.conftest import Submit


@pytest.mark.parametrize(
    ("form", "price", "stock"),
    [
        ("point", "1,234.50 EUR", "12,345"),
        ("comma", "1.234,50 EUR", "12.345"),
        ("space", "1\u202f234,50 EUR", "12\u202f345"),
        ("apostrophe", "1'234.50 EUR", "12'345"),
    ],
)
def test_every_page_shows_numbers_in_the_chosen_form(
    form: str, price: str, stock: str, editor: FlaskClient, make: Make
) -> None:
    key = make("products", price=Decimal("1234.5"), stock=12345)
    choose(editor, form)
    other = {"point": "1.234,50", "comma": "1,234.50"}.get(form, "1,234.50")
    for address in (LIST, f"/admin/products/details/?id={key}", f"/admin/products/history/?id={key}"):
        page = editor.get(address).text
        assert other not in page
        if "history" not in address:
            assert price in unescape(page)
            assert stock in unescape(page)


def test_pages_drawn_for_one_form_are_not_shown_in_another(editor: FlaskClient, make: Make) -> None:
    make("products", price=Decimal("1234.5"), stock=12345)
    for form, shown in (("point", "1,234.50"), ("comma", "1.234,50"), ("point", "1,234.50")):
        choose(editor, form)
        assert shown in editor.get(LIST).text


def test_exported_file_has_one_form(editor: FlaskClient, make: Make) -> None:
    make("products", price=Decimal("1234.5"), stock=12345)
    choose(editor, "comma")
    text = editor.get("/admin/products/export/csv/").text
    assert "1234.50" in text
    assert "12345" in text


def test_job_is_called_the_same_for_everyone(
    app: Flask, editor: FlaskClient, fill: Fill, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MANY", 20)
    fill("products", 1001)
    choose(editor, "comma")
    form = fields(submit(editor, ACTION, action="edit", matching=""))
    shown = preview(editor, form, price_how="set", price_by="1.234")
    assert "1.001 products" in shown.text
    assert is_redirect(editor.post(ACTION, data={**fields(shown), "confirm": "1"}))
    job = work(app)
    assert (job.title, job.message) == ("Edit 1,001 products", "1,001 products changed.")
    assert {product.price for product in stored_products(app)} == {Decimal(1234)}
