"""Layouts of narrow screens only; test_accessibility.py checks that every state fits."""

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.layout import PHONE
from e2e.catalogue import add_category
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

LONG_NAME = "W" * 80

pytestmark = pytest.mark.parametrize("role", ["editor"])


@pytest.fixture
def phone(page: Page) -> Page:
    """A page of the width of a phone."""
    page.set_viewport_size(PHONE)
    return page


def test_opened_row_names_its_values(phone: Page, role: str) -> None:
    products = ProductListPage(phone).open("?q=oak+lamp")
    row = products.table.row("Oak Lamp")
    products.table.more("Oak Lamp").click()
    for label, value in {"SKU": "LMP-0012", "Price": "79.90 EUR", "Stock": "27", "Status": "Active"}.items():
        cell = row.get_by_role("cell", name=value)
        expect(cell).to_be_visible()
        assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == f'"{label}"'
    assert row.bounding_box()["height"] > 200


def test_filters_are_a_sheet_at_the_bottom(phone: Page, role: str) -> None:
    products = ProductListPage(phone).open("?size=10")
    products.filters.open()
    expect(products.filters.panel).to_be_in_viewport()
    sheet = products.filters.panel.bounding_box()
    assert (sheet["x"], sheet["width"]) == (0, PHONE["width"])
    assert sheet["y"] > 0
    assert sheet["y"] + sheet["height"] == pytest.approx(PHONE["height"], abs=1)
    products.filters.tick("Draft").apply()
    products.filters.expect_chips("Status: Draft")
    expect(products.filters.panel).to_be_hidden()


def test_dialog_fits_a_window_of_little_height(phone: Page, role: str) -> None:
    phone.set_viewport_size({"width": 640, "height": 260})
    products = ProductListPage(phone).open("?sort=name")
    products.table.select_all.check()
    products.bulk_bar.choose("Delete")
    products.dialog.expect_asks("Delete 25 products?")
    box = products.dialog.inside.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 260


def test_text_fields_are_large_enough_to_prevent_zooming(phone: Page, role: str) -> None:
    phone.goto("/admin/products/new/")
    for field in phone.get_by_role("main").get_by_role("textbox").all():
        expect(field).to_have_css("font-size", "16px")


def test_long_name_without_blanks_fits_filters_and_chips(phone: Page, server: Console, role: str) -> None:
    products = ProductListPage(phone).open(f"?category={add_category(server, LONG_NAME)}")
    label = products.filters.chip("Category", LONG_NAME).get_by_text("Category:")
    assert label.bounding_box()["height"] < 30
    name = products.filters.open().panel.get_by_text(LONG_NAME)
    assert name.evaluate("name => name.scrollWidth <= name.clientWidth")
    box = name.bounding_box()
    assert box["x"] + box["width"] < PHONE["width"]
