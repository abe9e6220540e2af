import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from e2e.catalogue import product_id
from e2e.pages.detail import ProductDetailPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

STATE = "?q=s&status=active&stock=in&price_min=20&price_max=900&sort=-price&size=10&page=2"


def lights(page: Page) -> ProductListPage:
    """Open the lamps by price: Oak Lamp is neither the first nor the last."""
    return ProductListPage(page).open("?q=lamp&status=active&sort=price")


def link(detail: ProductDetailPage, name: str) -> Locator:
    return detail.neighbours.get_by_role("link", name=name)


def expect_state(listed: ProductListPage) -> list[str]:
    """Check that every control shows the state in the address, and return the listed names."""
    listed.pager.expect_page(2, 5)
    listed.table.expect_sorted("Price", "descending")
    listed.filters.expect_chips(
        "Search: s",
        "Status: Active",
        "Stock: In stock (over 5)",
        "Price: at least 20",
        "Price: at most 900",
    )
    expect(listed.filters.search_field).to_have_value("s")
    expect(listed.table.names).to_have_count(10)
    panel = listed.filters.open().panel
    expect(panel.get_by_role("checkbox", checked=True)).to_have_count(2)
    expect(panel.get_by_role("checkbox", name="Active")).to_be_checked()
    expect(listed.filters.field("Price", "At most")).to_have_value("900")
    listed.page.keyboard.press("Escape")
    return listed.table.names.all_inner_texts()


def test_choices_made_step_by_step_are_all_in_the_address(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.pager.show(10)
    listed.table.sort_by("Price").sort_by("Price").expect_sorted("Price", "descending")
    listed.filters.search("s").open().tick("Active", "In stock (over 5)")
    listed.filters.field("Price", "At least").fill("20")
    listed.filters.field("Price", "At most").fill("900")
    listed.filters.apply()
    listed.pager.go("Next")
    expect(page).to_have_url(re.compile(re.escape(f"/admin/products/{STATE}&after=")))
    expect_state(listed)


def test_address_shows_another_user_the_same_list(page: Page, open_as: Callable[..., Page]) -> None:
    mine = ProductListPage(page).open(STATE)
    seen = expect_state(mine)
    theirs = ProductListPage(open_as("viewer")).open("?" + page.url.partition("?")[2])
    assert expect_state(theirs) == seen
    assert expect_state(mine.reload()) == seen


def test_back_and_forward_step_through_the_states_of_a_list(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.filters.search("lamp")
    listed.filters.expect_chips("Search: lamp")
    listed.table.sort_by("Price").expect_sorted("Price", "ascending")
    page.go_back()
    listed.table.expect_sorted_by_none()
    listed.filters.expect_chips("Search: lamp")
    page.go_back()
    listed.pager.expect_range(1, 25, 200)
    page.go_forward()
    listed.filters.expect_chips("Search: lamp")


def test_back_from_a_product_shows_the_same_list(page: Page) -> None:
    listed = ProductListPage(page).open(STATE)
    before = expect_state(listed)
    listed.table.names.first.get_by_role("link").click()
    expect(ProductDetailPage(page).facts).to_be_visible()
    page.go_back()
    assert expect_state(listed) == before


def test_previous_and_next_follow_the_filtered_and_sorted_list(page: Page) -> None:
    listed = lights(page)
    names = listed.table.names.all_inner_texts()
    listed.table.link(names[0]).click()
    detail = ProductDetailPage(page)
    for name in names[:-1]:
        detail.expect_record(name)
        expect(link(detail, "Previous")).to_have_count(0 if name == names[0] else 1)
        link(detail, "Next").click()
    detail.expect_record(names[-1])
    expect(link(detail, "Next")).to_have_count(0)
    link(detail, "Previous").click()
    detail.expect_record(names[-2])
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Products").click()
    listed.expect_open()
    expect(page).to_have_url("/admin/products/?q=lamp&status=active&sort=price")


def test_product_opened_by_address_has_neighbours_of_the_whole_list(page: Page, server: Console) -> None:
    names = ProductListPage(page).open().table.names.all_inner_texts()
    lights(page)  # the list that was open last does not count
    detail = ProductDetailPage(page).open_id(product_id(server, names[1])).expect_record(names[1])
    link(detail, "Previous").click()
    detail.expect_record(names[0])
    detail.open_id(product_id(server, names[1])).expect_record(names[1])
    link(detail, "Next").click()
    detail.expect_record(names[2])


def test_way_back_to_another_site_leads_to_the_list(page: Page, server: Console) -> None:
    key = product_id(server, "Oak Lamp")
    page.goto(f"/admin/products/details/?id={key}&next=//elsewhere.invalid/admin/products/")
    ProductDetailPage(page).expect_record("Oak Lamp")
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Products").click()
    ProductListPage(page).expect_open().pager.expect_range(1, 25, 200)


def test_back_restores_the_search_field_and_the_filters(page: Page) -> None:
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
