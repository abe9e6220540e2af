from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import products
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

COLUMNS = {
    "Name": "name",
    "SKU": "sku",
    "Category": "category",
    "Price": "currency price",
    "Stock": "stock",
    "Status": "status",
    "Created": "created_at",
}


def names_by(server: Console, columns: str, *, descending: bool) -> list[str]:
    """Return the names of all products in the order of the list: by the columns, then by age."""

    def key(product: dict[str, Any]) -> Any:
        return [product[column] for column in (*columns.split(), "id")]

    return [product["name"] for product in sorted(products(server), key=key, reverse=descending)]


def test_every_column_sorts_up_and_then_down(page: Page, server: Console) -> None:
    listed = ProductListPage(page).open("?size=10")
    listed.table.expect_sorted("Created", "descending")
    listed.table.expect_names(*names_by(server, "created_at", descending=True)[:10])
    heads = listed.table.table.get_by_role("columnheader")
    for column, field in COLUMNS.items():
        listed.table.sort_by(column).expect_sorted(column, "ascending")
        listed.table.expect_names(*names_by(server, field, descending=False)[:10])
        listed.table.sort_by(column).expect_sorted(column, "descending")
        listed.table.expect_names(*names_by(server, field, descending=True)[:10])
        expect(heads.and_(page.locator("[aria-sort$=ending]"))).to_have_count(1)


def test_sorting_keeps_the_search_and_starts_at_page_one(page: Page) -> None:
    listed = ProductListPage(page).open("?q=LMP&size=10&page=2")
    listed.table.sort_by("Price").expect_sorted("Price", "ascending")
    listed.pager.expect_page(1, 2)
    expect(page).to_have_url("/admin/products/?q=LMP&sort=price&size=10")


def test_first_page_links_only_forward_and_the_last_only_back(page: Page) -> None:
    pager = ProductListPage(page).open().pager.expect_range(1, 25, 200).expect_page(1, 8)
    expect(pager.pages.get_by_role("link")).to_have_count(2)
    pager.go("Next").expect_range(26, 50, 200).expect_page(2, 8)
    pager.go("Previous").expect_range(1, 25, 200)
    pager.go("Last").expect_range(176, 200, 200).expect_page(8, 8)
    expect(pager.pages.get_by_role("link")).to_have_count(2)
    pager.go("First").expect_range(1, 25, 200)


@pytest.mark.parametrize("sort", ["status", "-status"])
def test_no_product_is_repeated_or_skipped_between_pages_of_ties(
    page: Page, server: Console, sort: str
) -> None:
    listed = ProductListPage(page).open(f"?sort={sort}&size=100")
    in_order = names_by(server, "status", descending=sort == "-status")
    listed.table.expect_names(*in_order[:100])
    listed.pager.go("Next").expect_page(2, 2)
    listed.table.expect_names(*in_order[100:])
    listed.pager.go("Previous").expect_page(1, 2)
    listed.table.expect_names(*in_order[:100])


def test_choosing_a_page_size_keeps_the_filters_and_starts_at_page_one(page: Page) -> None:
    listed = ProductListPage(page).open("?status=active&sort=name&page=3")
    listed.pager.show(10).expect_range(1, 10, 188).expect_page(1, 19)
    expect(listed.pager.sizes.get_by_role("link", name="10", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    expect(page).to_have_url("/admin/products/?status=active&sort=name&size=10")


def test_page_can_be_opened_by_its_number(page: Page) -> None:
    ProductListPage(page).open("?q=LMP&sort=name&size=10")
    expect(page.get_by_label("Go to page")).to_have_count(0)  # not offered for two pages
    listed = ProductListPage(page).open("?sort=-price&size=10")
    listed.pager.go_to(13).expect_range(121, 130, 200).expect_page(13, 20)
    listed.table.expect_sorted("Price", "descending")
    listed.pager.go("Next").expect_range(131, 140, 200)


def test_page_size_is_remembered(page: Page) -> None:
    ProductListPage(page).open().pager.show(50).expect_range(1, 50, 200)
    page.goto("/admin/")
    ProductListPage(page).open().pager.expect_range(1, 50, 200)


def test_page_number_beyond_the_last_shows_the_last_page(page: Page) -> None:
    ProductListPage(page).open("?page=999999999").pager.expect_range(176, 200, 200).expect_page(8, 8)
