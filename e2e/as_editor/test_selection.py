"""Selecting rows: ranges, on several pages, and the way from a row to the actions."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.catalogue import product_id, products
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

SORTED = "?sort=name&size=10"


def ticks(listed: ProductListPage) -> list[bool]:
    """Which rows of the page are ticked."""
    boxes = listed.table.table.get_by_role("checkbox", name="Select ").all()
    return [box.is_checked() for box in boxes[1:]]  # the first one ticks them all


def test_shift_and_click_select_a_range(page: Page) -> None:
    listed = ProductListPage(page).open(SORTED)
    names = listed.table.names.all_inner_texts()
    listed.table.select(names[2])
    listed.table.tick(names[6]).click(modifiers=["Shift"])
    listed.bulk_bar.expect_count(5)
    listed.table.tick(names[4]).click(modifiers=["Shift"])

    listed.bulk_bar.expect_count(2)
    assert ticks(listed) == [False, False, True, True, False, False, False, False, False, False]


def test_shift_and_space_select_a_range_upwards(page: Page) -> None:
    listed = ProductListPage(page).open(SORTED)
    names = listed.table.names.all_inner_texts()
    listed.table.tick(names[5]).press("Space")
    listed.table.tick(names[3]).press("Shift+Space")

    listed.bulk_bar.expect_count(3)
    assert ticks(listed)[3:6] == [True, True, True]


def test_selection_survives_the_next_page_and_is_archived_as_a_whole(page: Page, server: Console) -> None:
    listed = ProductListPage(page).open(SORTED)
    first = listed.table.names.first.inner_text()
    listed.table.select(first)
    page.get_by_role("link", name="Next page").click()
    expect(listed.bulk_bar.count).to_have_text("1 selected, 1 of them not on this page")
    second = listed.table.names.first.inner_text()
    listed.table.select(second)
    expect(listed.bulk_bar.count).to_have_text("2 selected, 1 of them not on this page")
    listed.bulk_bar.choose("Archive")
    listed.dialog.confirm("Archive 2 products")

    listed.flashes.expect_only("2 products archived.", "success")
    listed.bulk_bar.expect_hidden()
    assert {each["status"] for each in products(server) if each["name"] in (first, second)} == {"archived"}


def test_selection_is_cleared_on_all_pages(page: Page) -> None:
    listed = ProductListPage(page).open(SORTED)
    listed.table.select(listed.table.names.first.inner_text())
    page.get_by_role("link", name="Next page").click()
    listed.bulk_bar.clear().expect_hidden()
    page.get_by_role("link", name="Previous page").click()

    listed.bulk_bar.expect_hidden()
    assert not any(ticks(listed))


def test_selection_is_there_again_after_a_refused_answer(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    listed = ProductListPage(page).open("?q=lamp&sort=name")
    listed.table.select("Oak Lamp", "Salt Crystal Lamp")
    listed.bulk_bar.choose("Archive")
    theirs = open_as("admin")
    theirs.goto(f"/admin/products/edit/?id={product_id(server, 'Oak Lamp')}")
    theirs.get_by_label("Stock").fill("9")
    theirs.get_by_role("button", name="Save product").click()
    expect(theirs.get_by_text("Product “Oak Lamp” saved.")).to_be_visible()
    listed.dialog.confirm("Archive 2 products")

    expect(page.get_by_role("alert")).to_contain_text("changed since you opened this page")
    listed.bulk_bar.expect_count(2)


def test_selection_is_gone_after_another_screen(page: Page) -> None:
    listed = ProductListPage(page).open(SORTED)
    listed.table.select(listed.table.names.first.inner_text())
    page.get_by_role("navigation").get_by_role("link", name="Categories").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Categories")
    page.get_by_role("navigation").get_by_role("link", name="Products").click()

    listed.expect_open().bulk_bar.expect_hidden()


def test_one_key_leads_from_a_row_to_the_actions(page: Page) -> None:
    listed = ProductListPage(page).open(SORTED)
    listed.table.tick(listed.table.names.nth(4).inner_text()).press("Space")
    page.keyboard.press("b")

    expect(listed.bulk_bar.menu).to_be_focused()


def test_next_stop_after_a_tick_leads_to_the_actions(page: Page) -> None:
    listed = ProductListPage(page).open(SORTED)
    listed.table.tick(listed.table.names.nth(4).inner_text()).press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Go to the actions")).to_be_focused()
    page.keyboard.press("Enter")

    expect(listed.bulk_bar.menu).to_be_focused()


def test_menu_closes_by_escape_and_when_it_is_left(page: Page) -> None:
    listed = ProductListPage(page).open(SORTED)
    listed.table.select(listed.table.names.first.inner_text())
    menu, choice = listed.bulk_bar.menu, page.get_by_role("button", name="Move to draft")
    menu.press("Enter")
    expect(choice).to_be_visible()
    page.keyboard.press("Escape")
    expect(choice).to_be_hidden()
    expect(menu).to_be_focused()
    menu.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(choice).to_be_hidden()


def test_head_and_actions_stay_in_sight_on_a_long_page(page: Page) -> None:
    listed = ProductListPage(page).open("?sort=name&size=100")
    listed.table.select(listed.table.names.nth(40).inner_text())
    listed.table.names.nth(60).scroll_into_view_if_needed()

    expect(listed.table.header("Name")).to_be_in_viewport()
    expect(listed.bulk_bar.tools).to_be_in_viewport()
    expect(page.get_by_role("button", name="Filters")).to_be_visible()
