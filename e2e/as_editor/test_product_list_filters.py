import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import add_product
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

NOTHING_BLANK = re.compile(r"/\?\w+=[^&]+(&\w+=[^&]+)*$")
NONSENSE = [
    "?status=nonsense&category=999&category=x&stock=&page=-3&size=7&sort=password_hash&flt0_0=1",
    "?page=abc&size=1e9&sort=--name&q=%00%0d%0a&price_min=&created_to=&desc=1",
]


def test_filter_narrows_the_list_and_shows_its_chip(page: Page) -> None:
    listed = ProductListPage(page).open("?size=10")
    listed.filters.open().tick("Draft").apply()
    listed.filters.expect_chips("Status: Draft")
    expect(page).to_have_url(NOTHING_BLANK)
    listed.pager.expect_range(1, 6, 6)
    expect(listed.table.table.get_by_text("Draft", exact=True)).to_have_count(6)
    listed.filters.open().tick("Archived").apply()
    listed.filters.expect_chips("Status: Draft", "Archived")
    expect(listed.filters.chips).to_contain_text(re.compile(r"Status: Draft\s*or Archived"))
    listed.pager.expect_range(1, 10, 12)


@pytest.mark.postgresql
def test_filters_and_search_narrow_together(page: Page) -> None:
    listed = ProductListPage(page).open("?sort=price&size=10")
    listed.filters.search("light")
    listed.filters.open().tick("Active", "Lighting", "Low (1 to 5)").apply()
    listed.table.expect_names("Picture Light")
    listed.filters.expect_chips(
        "Search: light", "Status: Active", "Category: Lighting", "Stock: Low (1 to 5)"
    )


def test_products_without_a_category_can_be_filtered(page: Page, server: Console) -> None:
    add_product(server, "Lost Thing")
    listed = ProductListPage(page).open()
    listed.filters.open().tick("No category").apply()
    listed.table.expect_names("Lost Thing")


@pytest.mark.postgresql
def test_both_ends_of_a_range_are_included(page: Page, server: Console) -> None:
    day = datetime(2020, 2, 28, tzinfo=UTC)
    for hours in (-1, 0, 47, 48):
        add_product(server, f"Leap {hours}", created_at=day + timedelta(hours=hours))
    listed = ProductListPage(page).open("?q=LMP&sort=price")
    listed.filters.open()
    listed.filters.field("Price", "At least").fill("52")
    listed.filters.field("Price", "At most").fill("58.00")
    listed.filters.apply()
    listed.table.expect_names("Rattan Ceiling Shade", "Picture Light")
    listed.filters.expect_chips("Search: LMP", "Price: at least 52", "Price: at most 58.00")
    listed.open("?size=10").filters.open().field("Created", "From").fill("2020-02-28")
    listed.filters.field("Created", "To").fill("2020-02-29")
    listed.filters.apply()
    listed.table.expect_names("Leap 47", "Leap 0")


def test_invalid_bound_of_a_range_is_reported_and_ignored(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.filters.open().field("Price", "At least").fill("cheap")
    listed.filters.apply()
    expect(page.get_by_text("Price, at least: Enter a number, such as 12.50.")).to_be_visible()
    listed.pager.expect_range(1, 25, 200)
    field = listed.filters.open().field("Price", "At least")
    expect(field).to_have_value("cheap")
    expect(field).to_have_accessible_description("Enter a number, such as 12.50.")


def test_bound_is_read_as_people_write_it_or_is_a_question(page: Page) -> None:
    listed = ProductListPage(page).open("?q=LMP")
    listed.filters.open().field("Price", "At least").fill("52,00")
    listed.filters.field("Price", "At most").fill("1,200")
    listed.filters.apply()
    question = "1,200 can mean 1200 or 1.2. Type 1200 or 1.2."
    expect(page.get_by_text(f"Price, at most: {question}")).to_be_visible()
    listed.filters.expect_chips("Search: LMP", "Price: at least 52.00")


def test_options_of_a_filter_stand_above_the_list_with_their_rows(page: Page) -> None:
    listed = ProductListPage(page).open("?sort=name&size=10")
    expect(listed.counts.links).to_have_text(["All 200", "Draft 6", "Active 188", "Archived 6"])
    expect(listed.counts.current).to_have_text("All 200")
    listed.counts.choose("Draft")
    listed.pager.expect_range(1, 6, 6)
    listed.filters.expect_chips("Status: Draft")
    expect(listed.counts.current).to_have_text("Draft 6")
    expect(listed.counts.links).to_have_text(["All 200", "Draft 6", "Active 188", "Archived 6"])
    listed.filters.search("lamp")
    expect(listed.counts.links.first).to_have_text(re.compile(r"All \d{1,2}$"))
    listed.counts.choose("All")
    listed.filters.expect_chips("Search: lamp")
    expect(page).to_have_url(re.compile(r"/\?q=lamp&sort=name&size=10$"))


def test_chips_are_removed_one_by_one(page: Page) -> None:
    listed = ProductListPage(page).open("?status=draft&status=archived&stock=in&sort=name")
    listed.filters.chip("Status", "Draft").click()
    listed.filters.expect_chips("Status: Archived", "Stock: In stock (over 5)")
    listed.filters.chip("Stock", "In stock (over 5)").click()
    listed.filters.expect_chips("Status: Archived")
    listed.filters.chip("Status", "Archived").click()
    listed.pager.expect_range(1, 25, 200)
    expect(listed.filters.chips).to_have_count(0)
    expect(page).to_have_url("/admin/products/?sort=name")


def test_clear_all_keeps_sort_columns_and_page_size(page: Page) -> None:
    filtered = "?q=LMP&status=active&price_min=20&sort=-price&size=10&column=price&column=stock&page=2"
    listed = ProductListPage(page).open(filtered)
    listed.filters.clear()
    listed.pager.expect_range(1, 10, 200)
    listed.table.expect_sorted("Price", "descending")
    listed.columns.expect_shown("Name", "Price", "Stock")
    expect(page).to_have_url("/admin/products/?sort=-price&size=10&column=price&column=stock")


@pytest.mark.parametrize("query", NONSENSE)
def test_invalid_parameters_show_the_whole_list(page: Page, query: str) -> None:
    listed = ProductListPage(page).open(query).expect_open()
    listed.pager.expect_range(1, 25, 200).expect_page(1, 8)
    expect(listed.filters.chips).to_have_count(0)


def test_impossible_bounds_of_ranges_are_reported_and_ignored(page: Page) -> None:
    listed = ProductListPage(page)
    listed.open("?price_min=1e999999999&price_max=Infinity&created_from=0000-00-00&created_to=9999-12-31")
    expect(page.get_by_text("This filter was ignored.")).to_have_count(4)
    listed.pager.expect_range(1, 25, 200)


def test_more_filters_are_behind_one_line_that_is_open_while_one_is_on(page: Page) -> None:
    listed = ProductListPage(page).open("?sort=name&size=10")
    pieces = listed.filters.open().field("Pieces in stock", "At most")
    expect(pieces).to_be_hidden()
    listed.filters.open_more()
    pieces.fill("0")
    listed.filters.panel.get_by_role("group", name="Photo").get_by_label("No photo", exact=True).check()
    listed.filters.apply()
    listed.filters.expect_chips("Pieces in stock: at most 0", "Photo: No photo")
    expect(listed.filters.open().field("Pieces in stock", "At most")).to_be_visible()
    expect(listed.filters.field("Pieces in stock", "At most")).to_have_value("0")


def test_more_filters_work_by_keyboard_and_without_a_script(page_without_javascript: Page) -> None:
    listed = ProductListPage(page_without_javascript).open("?sort=name&size=10")
    listed.filters.open().panel.get_by_text("More filters", exact=True).press("Enter")
    listed.filters.field("Pieces in stock", "At least").fill("100000")
    listed.filters.field("Pieces in stock", "At least").press("Enter")
    listed.filters.expect_chips("Pieces in stock: at least 100000")
