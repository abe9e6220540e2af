import pytest
from playwright.sync_api import BrowserContext, Page, expect

from e2e.catalogue import add_product, empty
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

LITERAL = {
    "00%": "100% Cotton Sack",
    "e_c": "Snake_Case Mug",
    "k\\s": "Back\\Slash Rack",
    "r''": "Sailor''s Knot",
}


def search(page: Page, words: str) -> ProductListPage:
    listed = ProductListPage(page).open()
    listed.filters.search(words)
    return listed


def test_search_finds_every_word_in_name_and_sku(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp")
    for words in ("LMP-0012", "  lam   OAK "):
        listed.filters.search(words).expect_chips(f"Search: {words.strip()}")
        listed.table.expect_names("Oak Lamp")
        listed.pager.expect_range(1, 1, 1)
    listed.filters.search_field.fill("salt crystal")
    page.get_by_role("button", name="Search", exact=True).click()
    listed.table.expect_names("Salt Crystal Lamp")
    expect(page).to_have_url("/admin/products/?q=salt+crystal")


def test_best_matches_come_first_until_an_order_is_chosen(page: Page, server: Console) -> None:
    for name in ("Table zither", "Zither", "Bazither"):  # the newest one is the worst match
        add_product(server, name)
    listed = search(page, "zither")
    listed.table.expect_names("Zither", "Table zither", "Bazither").expect_sorted_by_none()
    listed.table.sort_by("Name").expect_names("Bazither", "Table zither", "Zither")
    listed.table.expect_sorted("Name", "ascending")
    page.go_back()
    listed.table.expect_names("Zither", "Table zither", "Bazither")


def test_pasted_column_of_codes_finds_each_product(page: Page, context: BrowserContext) -> None:
    listed = ProductListPage(page).open()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('LMP-0012\\nXXX-1\\nLMP-0011\\n')")
    listed.filters.search_field.focus()
    page.keyboard.press("ControlOrMeta+v")
    page.keyboard.press("Enter")
    listed.pager.expect_range(1, 2, 2)
    expect(page.get_by_role("status").filter(has_text="1 of 3 codes not found: XXX-1.")).to_be_visible()


@pytest.mark.postgresql
def test_signs_with_a_meaning_in_sql_are_searched_literally(page: Page, server: Console) -> None:
    for name in LITERAL.values():
        add_product(server, name)
    listed = ProductListPage(page).open("?q=lamp")
    for sign, name in LITERAL.items():
        listed.filters.search(sign).expect_chips(f"Search: {sign}")
        listed.table.expect_names(name)


def test_search_without_results_offers_to_clear_the_filters(page: Page) -> None:
    listed = search(page, "no such thing")
    expect(listed.no_match).to_be_visible()
    expect(listed.export_button).to_have_count(0)
    listed.clear_filters.click()
    listed.pager.expect_range(1, 25, 200)
    expect(listed.filters.search_field).to_have_value("")
    expect(page).to_have_url("/admin/products/")
    listed.filters.search("   ")
    listed.pager.expect_range(1, 25, 200)
    expect(listed.filters.chips).to_have_count(0)


def test_search_starts_at_page_one_and_keeps_sort_and_size(page: Page) -> None:
    listed = ProductListPage(page).open("?sort=name&size=10&page=3")
    listed.filters.search("LMP")
    listed.pager.expect_range(1, 10, 20).expect_page(1, 2)
    listed.table.expect_sorted("Name", "ascending")
    expect(page).to_have_url("/admin/products/?sort=name&size=10&q=LMP")


def test_empty_catalogue_explains_products_and_offers_to_add_one(page: Page, server: Console) -> None:
    empty(server)
    listed = ProductListPage(page).open()
    expect(listed.nothing_yet).to_be_visible()
    expect(page.get_by_text("Products are what you sell")).to_be_visible()
    expect(listed.export_button).to_have_count(0)
    listed.new_button.click()
    expect(ProductFormPage(page).heading).to_have_text("New product")
