from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import add_product, product_id
from e2e.pages.detail import ProductDetailPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

NARROWEST = 320
TARGET = 44


def expect_nothing_sideways(page: Page) -> None:
    """The page is no wider than the narrowest screen."""
    assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST


@pytest.fixture
def narrow(page: Page) -> Page:
    """A page on the narrowest screen."""
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    return page


@pytest.mark.phone_only
def test_a_product_is_created_on_a_phone(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.new_button.tap()
    form = ProductFormPage(page).fill(name="Folding Stool", sku="FST-1", price="24.50")
    form.choose(status="Active", category="Garden").create_button.tap()
    listed.expect_open().flashes.expect_only("Product “Folding Stool” created.", "success")
    expect(listed.table.link("Folding Stool")).to_be_visible()


@pytest.mark.phone_only
def test_a_product_is_deleted_on_a_phone(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    listed.table.table.get_by_role("link", name="Delete Oak Lamp").tap()
    listed.dialog.expect_asks("Delete Oak Lamp?")
    listed.dialog.inside.get_by_role("button", name="Delete product").tap()
    listed.expect_open().flashes.expect_only("Product “Oak Lamp” deleted.", "success")


@pytest.mark.phone_only
def test_the_filters_are_a_sheet_at_the_bottom(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.filters.open_button.tap()
    expect(listed.filters.panel).to_be_in_viewport()
    sheet = listed.filters.panel.bounding_box()
    assert (sheet["x"], sheet["width"]) == (0, 390)
    assert sheet["y"] > 0
    assert round(sheet["y"] + sheet["height"]) == 844
    listed.filters.tick("Draft").apply()
    listed.filters.expect_chips("Status: Draft")
    expect(listed.filters.panel).to_be_hidden()


@pytest.mark.phone_only
def test_rows_are_cards_that_label_their_values(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    card = listed.table.row("Oak Lamp")
    for label, value in {"SKU": "LMP-0012", "Price": "79.90 EUR", "Stock": "27", "Status": "Active"}.items():
        cell = card.get_by_role("cell", name=value)
        expect(cell).to_be_visible()
        assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == f'"{label}"'


@pytest.mark.phone_only
def test_what_is_tapped_is_big_enough_for_a_thumb(page: Page) -> None:
    listed = ProductListPage(page).open("?size=10&q=lamp")
    targets = [
        *page.get_by_role("main").get_by_role("link").all(),
        *page.get_by_role("main").get_by_role("button").all(),
    ]
    targets += page.get_by_role("main").get_by_role("checkbox").all()
    small = [target for target in targets if target.is_visible() and target.bounding_box()["height"] < TARGET]
    assert [str(target.inner_text()) for target in small] == []
    expect(listed.heading).to_have_text("Products")


@pytest.mark.phone_only
def test_a_list_never_scrolls_sideways(narrow: Page, server: Console) -> None:
    add_product(server, "W" * 200, sku="W" * 40, price=Decimal(9999999999), stock=1_000_000_000)
    listed = ProductListPage(narrow).open("?status=active&status=draft&price_min=1&q=w&size=10")
    expect(listed.table.link("W" * 200)).to_be_visible()
    expect_nothing_sideways(narrow)
    listed.table.select("W" * 200)
    listed.bulk_bar.expect_count(1)
    expect_nothing_sideways(narrow)


@pytest.mark.phone_only
def test_the_page_of_a_product_and_its_question_never_scroll_sideways(narrow: Page, server: Console) -> None:
    key = add_product(server, "W" * 200, sku="W" * 40, description="W" * 400, price=Decimal(9999999999))
    detail = ProductDetailPage(narrow).open_id(key).expect_record("W" * 200)
    expect_nothing_sideways(narrow)
    detail.delete_link.click()
    detail.dialog.expect_asks(f"Delete {'W' * 200}?")
    expect_nothing_sideways(narrow)
    box = detail.dialog.inside.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROWEST


@pytest.mark.phone_only
def test_a_form_with_errors_never_scrolls_sideways(narrow: Page) -> None:
    form = ProductFormPage(narrow).new().fill(name="W" * 200, sku="-" * 40, price="W" * 60)
    form.create_button.click()
    expect(form.error_summary).to_be_visible()
    expect_nothing_sideways(narrow)


@pytest.mark.phone_only
@pytest.mark.allow(status=409)
def test_a_conflict_never_scrolls_sideways(narrow: Page, server: Console) -> None:
    form = ProductFormPage(narrow).edit(product_id(server, "Oak Lamp")).fill(name="W" * 200)
    theirs = (
        ProductFormPage(narrow.context.new_page()).edit(product_id(server, "Oak Lamp")).fill(name="V" * 200)
    )
    theirs.save_button.click()
    ProductListPage(theirs.page).expect_open()
    form.save_button.click()
    expect(form.conflict).to_be_visible()
    expect_nothing_sideways(narrow)
