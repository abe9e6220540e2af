from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import add_product, product_id, products
from e2e.components.dialog import ConfirmationPage
from e2e.pages.detail import ProductDetailPage
from e2e.pages.error import ErrorPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.trash import TrashedProductPage
from e2e.server import Console

DELETED = "Product “Oak Lamp” deleted."


def asking(page: Page) -> ProductListPage:
    listed = ProductListPage(page).open("?q=lamp")
    listed.table.delete("Oak Lamp")
    return listed


def test_cancel_and_escape_keep_the_product_and_return_the_focus(page: Page, server: Console) -> None:
    listed = ProductListPage(page).open("?q=lamp")
    for leave in (listed.dialog.cancel, lambda: page.keyboard.press("Escape")):
        listed.table.delete("Oak Lamp")
        listed.dialog.expect_asks("Delete Oak Lamp?", "You can restore it from the trash for 30 days.")
        expect(listed.dialog.cancel_link).to_be_focused()
        leave()
        listed.dialog.expect_closed()
        expect(page.get_by_role("link", name="Delete Oak Lamp")).to_be_focused()
    listed.table.delete("Salt Crystal Lamp")
    listed.dialog.expect_asks("Delete Salt Crystal Lamp?")
    assert len(products(server)) == 200


def test_double_click_deletes_once_and_keeps_the_filtered_list(page: Page, server: Console) -> None:
    key = product_id(server, "Oak Lamp")
    listed = asking(page)
    listed.dialog.inside.get_by_role("button", name="Delete product").dblclick()
    listed.expect_open().flashes.expect_only(DELETED, "success")
    expect(page).to_have_url("/admin/products/?q=lamp")
    expect(listed.table.link("Salt Crystal Lamp")).to_be_visible()
    expect(listed.table.link("Oak Lamp")).to_have_count(0)
    assert len(products(server)) == 199
    ProductDetailPage(page).open_id(key)
    TrashedProductPage(page).expect_record("Oak Lamp")


def test_product_can_be_deleted_from_its_page(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp&sort=price")
    listed.table.link("Oak Lamp").click()
    detail = ProductDetailPage(page).expect_record("Oak Lamp")
    detail.delete()
    detail.dialog.expect_asks("Delete Oak Lamp?").confirm("Delete product")
    listed.expect_open().flashes.expect_only(DELETED, "success")
    expect(page).to_have_url("/admin/products/?q=lamp&sort=price")
    expect(listed.table.link("Salt Crystal Lamp")).to_be_visible()
    expect(listed.table.link("Oak Lamp")).to_have_count(0)


def test_further_actions_of_a_page_are_reached_and_left_by_keyboard(page: Page, server: Console) -> None:
    detail = ProductDetailPage(page).open_id(product_id(server, "Oak Lamp"))
    expect(detail.delete_link).to_have_count(0)
    detail.more.press("Enter")
    page.keyboard.press("Tab")
    expect(detail.delete_link).to_be_focused()
    page.keyboard.press("Escape")
    expect(detail.delete_link).to_have_count(0)
    expect(detail.more).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(detail.dialog.inside).to_be_visible()
    page.keyboard.press("Escape")
    expect(detail.delete_link).to_be_focused()


def test_deleting_the_last_row_of_a_page_shows_the_page_before(page: Page, server: Console) -> None:
    for number in range(11):
        add_product(server, f"Zither {number:02}")
    listed = ProductListPage(page).open("?q=zither&sort=name&size=10&page=2")
    listed.table.expect_names("Zither 10").delete("Zither 10")
    listed.dialog.confirm("Delete product")
    listed.expect_open().pager.expect_range(1, 10, 10)


@pytest.mark.allow(status=404)
def test_product_deleted_by_another_user_first_is_not_found(page: Page, open_as: Callable[..., Page]) -> None:
    mine, theirs = asking(page), asking(open_as("editor"))
    mine.dialog.confirm("Delete product")
    mine.expect_open()
    theirs.dialog.confirm("Delete product")
    ErrorPage(theirs.page).expect_error(404, "Not found")


@pytest.mark.security(45)
def test_without_javascript_a_page_asks_and_leads_back_to_the_list(
    page_without_javascript: Page,
) -> None:
    listed = asking(page_without_javascript)
    question = ConfirmationPage(page_without_javascript)
    question.expect_asks("Delete Oak Lamp?").cancel()
    listed.expect_open().flashes.expect_none()
    listed.table.delete("Oak Lamp")
    question.expect_asks("Delete Oak Lamp?", "You can restore it from the trash for 30 days.").confirm(
        "Delete product"
    )
    listed.expect_open().flashes.expect_only(DELETED, "success")
    expect(page_without_javascript).to_have_url("/admin/products/?q=lamp")
