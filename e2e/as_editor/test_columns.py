from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.components.cells import Cells
from e2e.pages.product_list import ProductListPage


def test_chosen_columns_stay_while_the_list_is_searched(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp&status=active&sort=name")
    listed.columns.open().box("SKU").uncheck()
    listed.columns.box("Last changed").check()
    listed.columns.move("Stock", "up").move("Stock", "up").apply()
    listed.columns.expect_shown(
        "Name", "Stock", "Category", "Price", "Status", "Created UTC", "Last changed UTC"
    )
    listed.filters.search("shade")
    listed.columns.expect_shown(
        "Name", "Stock", "Category", "Price", "Status", "Created UTC", "Last changed UTC"
    )
    listed.columns.open().reset()
    listed.columns.expect_shown("Name", "SKU", "Category", "Price", "Stock", "Status", "Created UTC")
    listed.filters.expect_chips("Search: shade", "Status: Active")
    listed.table.expect_sorted("Name", "ascending")


def test_columns_are_moved_by_keyboard_and_each_move_is_announced(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    listed.columns.open_button.press("Enter")
    up = listed.columns.panel.get_by_role("button", name="Move Price up")
    up.press("Enter")
    expect(listed.columns.panel.get_by_role("status")).to_have_text("Price: 2 of 8")
    expect(up).to_be_focused()
    up.press("Space")
    up.press("Space")  # does nothing: it is already the first
    expect(listed.columns.panel.get_by_role("status")).to_have_text("Price: 1 of 8")
    listed.columns.box("SKU").press("Space")
    listed.columns.box("Category").press("Enter")
    listed.columns.expect_shown("Name", "Price", "Category", "Stock", "Status", "Created UTC")


def test_without_javascript_the_server_moves_a_column(page_without_javascript: Page) -> None:
    listed = ProductListPage(page_without_javascript).open("?q=oak+lamp&size=10")
    listed.columns.open().box("Category").uncheck()
    listed.columns.move("Stock", "up")
    listed.columns.expect_shown("Name", "SKU", "Stock", "Price", "Status", "Created UTC")
    listed.columns.open().expect_order(
        "SKU", "Stock", "Price", "Status", "Created", "Category", "Photo", "Last changed"
    )
    expect(listed.filters.search_field).to_have_value("oak lamp")


def test_cell_of_a_moved_column_can_be_edited(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp&column=stock&column=price")
    Cells(page).open("stock", "Oak Lamp").type("31").expect_saved("Stock", "Oak Lamp", "31")
    listed.columns.expect_shown("Name", "Stock", "Price")


def test_unknown_column_is_reported_and_the_others_are_shown(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp&column=weight&column=stock&status=sold")
    expect(page.get_by_text("The column “weight” no longer exists and was ignored.")).to_be_visible()
    expect(page.get_by_text("Status: This option no longer exists and was ignored.")).to_be_visible()
    listed.columns.expect_shown("Name", "Stock")


def test_address_shows_another_user_the_same_columns(page: Page, open_as: Callable[..., Page]) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    listed.columns.open().box("SKU").uncheck()
    listed.columns.apply()
    listed.columns.expect_shown("Name", "Category", "Price", "Stock", "Status", "Created UTC")
    theirs = ProductListPage(open_as("viewer"))
    theirs.page.goto(page.url)
    theirs.columns.expect_shown("Name", "Category", "Price", "Stock", "Status", "Created UTC")
