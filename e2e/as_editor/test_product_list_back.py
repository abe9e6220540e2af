from playwright.sync_api import Page, expect

from e2e.pages.product_list import ProductListPage


def test_back_puts_the_search_field_and_the_filters_back_too(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.filters.search("lamp").expect_chips("Search: lamp")
    listed.filters.open().tick("Draft").apply()
    listed.filters.expect_chips("Search: lamp", "Status: Draft")
    page.go_back()
    listed.filters.expect_chips("Search: lamp")
    expect(listed.filters.open().panel.get_by_role("checkbox", checked=True)).to_have_count(0)
    page.go_back()
    listed.pager.expect_range(1, 25, 200)
    expect(listed.filters.search_field).to_have_value("")
