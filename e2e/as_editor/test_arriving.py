"""Arriving at another state of a list: where the focus is, and what the title says."""

from playwright.sync_api import Page, expect

from e2e.pages.product_list import ProductListPage


def test_focus_is_at_the_table_after_another_page(page: Page) -> None:
    listed = ProductListPage(page).open("?sort=name")
    page.get_by_role("link", name="Next page").press("Enter")

    expect(page).to_have_title("Products, page 2 of 8 · Staff console")
    expect(listed.table.region).to_be_focused()
    expect(listed.table.region).to_have_accessible_description("Products, 26\N{EN DASH}50 of 200")


def test_focus_is_at_the_table_after_a_sort_and_a_search(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.table.sort_by("Price")
    expect(listed.table.region).to_be_focused()
    listed.filters.search_field.fill("lamp")
    listed.filters.search_field.press("Enter")

    expect(page).to_have_title("Products, “lamp” · Staff console")
    expect(listed.table.region).to_be_focused()


def test_focus_is_at_the_words_that_nothing_matches(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.filters.search_field.fill("no such thing")
    listed.filters.search_field.press("Enter")

    expect(page.get_by_role("heading", name="No products match")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link", name="Clear filters")).to_be_focused()


def test_list_that_is_opened_takes_no_focus(page: Page) -> None:
    page.goto("/admin/categories/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Products").click()
    listed = ProductListPage(page).expect_open()

    expect(listed.table.region).not_to_be_focused()
