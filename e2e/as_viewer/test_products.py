import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import category_id, empty, product_id, products
from e2e.forgery import csrf_token, post
from e2e.pages.category_list import CategoryListPage
from e2e.pages.detail import CategoryDetailPage, ProductDetailPage
from e2e.pages.error import ErrorPage
from e2e.pages.listing import ListPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

STOOL = {
    "name": "Folding Stool",
    "sku": "FST-1",
    "price": "1",
    "currency": "EUR",
    "stock": "1",
    "status": "draft",
}
FORGED = {
    "create": ("products/new/", STOOL),
    "edit": ("products/edit/?id=1", {**STOOL, "version": "forged"}),
    "delete": ("products/delete/", {"id": 1}),
    "bulk status": ("products/action/", {"action": "draft", "confirm": 1, "rowid": 1}),
    "question": ("products/action/", {"action": "delete", "rowid": 1}),
    "create category": ("categories/new/", {"name": "Zips"}),
    "rename category": ("categories/edit/?id=1", {"name": "Zips", "version": "forged"}),
    "delete category": ("categories/delete/", {"id": 1}),
    "bulk delete categories": ("categories/action/", {"action": "delete", "confirm": 1, "rowid": 1}),
}
CLOSED = ["new/", "edit/?id=1", "delete/?id=1", "export/csv/"]


@pytest.mark.parametrize("screen", [ProductListPage, CategoryListPage])
def test_list_offers_no_change_and_no_export(page: Page, screen: type[ListPage]) -> None:
    listed = screen(page).open()
    expect(listed.table.names.first).to_be_visible()
    expect(listed.new_button).to_have_count(0)
    expect(listed.export_button).to_have_count(0)
    expect(listed.table.table.get_by_role("checkbox")).to_have_count(0)
    expect(listed.table.table.get_by_role("link", name="Edit")).to_have_count(0)
    expect(listed.table.table.get_by_role("link", name="Delete")).to_have_count(0)
    expect(listed.bulk_bar.tools).to_have_count(0)


def test_record_is_shown_without_edit_and_delete(page: Page, server: Console) -> None:
    product = ProductDetailPage(page).open_id(product_id(server, "Oak Lamp"))
    product.expect_record("Oak Lamp").expect_fact("Price", "79.90 EUR").expect_fact("Stock", "27")
    expect(product.edit_link).to_have_count(0)
    expect(product.more).to_have_count(0)
    category = CategoryDetailPage(page).open_id(category_id(server, "Garden"))
    category.expect_record("Garden")
    expect(category.section("Referred to by").get_by_role("link", name="20 products")).to_be_visible()
    expect(category.edit_link).to_have_count(0)
    expect(category.more).to_have_count(0)


def test_viewer_can_search_filter_and_sort(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.filters.search("lamp").open().tick("Active", "Lighting").apply()
    listed.table.sort_by("Price").expect_sorted("Price", "ascending")
    listed.filters.expect_chips("Search: lamp", "Status: Active", "Category: Lighting")
    expect(listed.table.names.first).to_have_text("Bedside Touch Lamp")


def test_empty_list_says_whom_to_ask(page: Page, server: Console) -> None:
    empty(server)
    listed = ProductListPage(page).open()
    expect(listed.nothing_yet).to_be_visible()
    expect(page.get_by_text("You can view but not add products. Ask an admin for access.")).to_be_visible()
    expect(listed.new_button).to_have_count(0)


@pytest.mark.allow(status=403)
def test_addresses_that_change_or_export_are_forbidden(page: Page) -> None:
    page.goto("/admin/products/edit/?id=1")
    ErrorPage(page).expect_error(403, "No permission")
    paths = [f"/admin/{screen}/{path}" for screen in ("products", "categories") for path in CLOSED]
    answers = {path: page.request.get(path).status for path in paths}
    assert set(answers.values()) == {403}, answers


@pytest.mark.allow(status=403)
def test_forged_requests_are_refused_and_change_nothing(page: Page, server: Console) -> None:
    before = products(server)
    token = csrf_token(ProductListPage(page).open("?size=10").page)
    answers = {
        name: page.request.post(
            f"/admin/{path}", form={"csrf_token": token, **fields}, max_redirects=0
        ).status
        for name, (path, fields) in FORGED.items()
    }
    assert set(answers.values()) == {403}, answers
    post(page, "/admin/products/action/", action="delete", confirm=1, rowid=[1, 2])
    ErrorPage(page).expect_error(403, "No permission")
    assert products(server) == before
    CategoryListPage(page).open().pager.expect_range(1, 10, 10)
