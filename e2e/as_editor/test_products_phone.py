from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness import layout
from e2e.catalogue import add_product
from e2e.pages.detail import ProductDetailPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console


@pytest.fixture
def narrow(page: Page) -> Page:
    """A page on the smallest screen."""
    page.set_viewport_size(layout.SMALLEST)
    return page


@pytest.mark.phone_only
def test_product_is_created_on_a_phone(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.new_button.tap()
    form = ProductFormPage(page).fill(name="Folding Stool", sku="FST-1", price="24.50")
    form.choose(status="Active", category="Garden").create_button.tap()
    listed.expect_open().flashes.expect_only("Product “Folding Stool” created.", "success")
    expect(listed.table.link("Folding Stool")).to_be_visible()


@pytest.mark.phone_only
def test_product_is_deleted_on_a_phone(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    listed.table.more("Oak Lamp").tap()
    listed.table.table.get_by_role("link", name="Delete Oak Lamp").tap()
    listed.dialog.expect_asks("Delete Oak Lamp?")
    listed.dialog.inside.get_by_role("button", name="Delete product").tap()
    listed.expect_open().flashes.expect_only("Product “Oak Lamp” deleted.", "success")


@pytest.mark.phone_only
def test_list_does_not_scroll_sideways_on_a_phone(narrow: Page, server: Console) -> None:
    add_product(server, "W" * 200, sku="W" * 40, price=Decimal(9999999999), stock=1_000_000_000)
    listed = ProductListPage(narrow).open("?status=active&status=draft&price_min=1&q=w&size=10")
    expect(listed.table.link("W" * 200)).to_be_visible()
    layout.nothing_sideways(narrow, "320 px wide")
    listed.table.select("W" * 200)
    listed.bulk_bar.expect_count(1)
    layout.nothing_sideways(narrow, "320 px wide")


@pytest.mark.phone_only
def test_dialog_about_a_long_name_fits_a_phone(narrow: Page, server: Console) -> None:
    key = add_product(server, "W" * 200, sku="W" * 40, description="W" * 400, price=Decimal(9999999999))
    detail = ProductDetailPage(narrow).open_id(key).expect_record("W" * 200)
    detail.delete()
    detail.dialog.expect_asks(f"Delete {'W' * 200}?")
    layout.nothing_sideways(narrow, "320 px wide")
    box = detail.dialog.inside.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= layout.SMALLEST["width"]
