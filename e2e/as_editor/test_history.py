"""The changes of an editor in the history: of the record, of all records, with old and new values."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.catalogue.models import Product
from e2e.accounts import add_account
from e2e.catalogue import add_category, product_id
from e2e.pages.detail import ProductDetailPage
from e2e.pages.history import HistoryPage, TimelinePage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console, email_of

EDITED, CREATED = "Edited product “Oak Lamp”", "Created product “Oak Lamp”"


@pytest.fixture
def lamp(server: Console) -> int:
    return product_id(server, "Oak Lamp")


def edit(page: Page, number: int, **fields: str) -> None:
    ProductFormPage(page).edit(number).fill(**fields).save_button.click()
    ProductListPage(page).expect_open()


def test_edit_is_shown_in_the_history_of_the_product(page: Page, lamp: int) -> None:
    edit(page, lamp, price="84.50", stock="3")
    ProductDetailPage(page).open_id(lamp)
    section = page.get_by_role("region", name="History")
    expect(section.get_by_role("listitem").first).to_contain_text("Price 79.90 EUR → 84.50 EUR")
    expect(section.get_by_role("listitem").first).to_contain_text(email_of("editor"))
    section.get_by_role("link", name="All history").click()
    timeline = TimelinePage(page)
    expect(timeline.heading).to_have_text("History of product “Oak Lamp”")
    expect(timeline.entries.get_by_role("heading")).to_have_text(["Edited", "Created"])
    timeline.expect_change("Price", "79.90 EUR", "84.50 EUR").expect_change("Stock", "27", "3")
    expect(timeline.field("SKU", entry=1)).to_have_count(0)
    timeline.unfold(1).expect_field("SKU", "LMP-0012", entry=1)


def test_edit_is_listed_in_the_whole_history_and_has_an_address(page: Page, lamp: int) -> None:
    edit(page, lamp, price="84.50")
    history = HistoryPage(page).open().expect_open()
    row = history.table.row(EDITED)
    for said in ("Price", email_of("editor"), "Form"):
        expect(row).to_contain_text(said)
    history.follow(EDITED).expect_change("Price", "79.90 EUR", "84.50 EUR")
    expect(history.facts).to_contain_text(email_of("editor"))
    page.reload()
    history.expect_change("Price", "79.90 EUR", "84.50 EUR")
    page.get_by_role("link", name="product “Oak Lamp”", exact=True).click()
    ProductDetailPage(page).expect_record("Oak Lamp")


def test_changed_words_of_a_long_text_are_marked_and_announced(page: Page, lamp: int) -> None:
    edit(page, lamp, description="A lamp of solid oak, with a shade of linen.")
    edit(page, lamp, description="A lamp of oiled elm, with a shade of linen.")
    description = TimelinePage(page).open_of("products", lamp).field("Description")
    removed, added = description.get_by_role("deletion"), description.get_by_role("insertion")
    expect(removed).to_have_text("solid oak")
    expect(added).to_have_text("oiled elm")
    expect(removed).to_have_css("text-decoration-line", "line-through")
    expect(added).to_have_css("text-decoration-line", "underline")
    expect(description).to_match_aria_snapshot("""
        - definition:
          - text: A lamp of
          - deletion: removed solid oak
          - insertion: added oiled elm
          - text: ", with a shade of linen."
    """)


def test_history_is_filtered_by_action_user_and_type(
    page: Page, open_as: Callable[..., Page], server: Console, lamp: int
) -> None:
    add_category(server, "Outdoors")
    edit(open_as("admin"), lamp + 1, stock="4")
    edit(page, lamp, stock="3")
    history = HistoryPage(page).open()
    history.filters.open().tick("Edited", email_of("editor")).apply()
    history.table.expect_names(f"{EDITED} Stock 27 → 3")
    history.filters.expect_chips("Action: Edited", f"User: {email_of('editor')}")
    history.filters.chip("User", email_of("editor")).click()
    expect(history.table.names).to_have_count(2)
    history.filters.chip("Action", "Edited").click()
    history.filters.open().tick("Categories", "Created").apply()
    expect(history.table.link("Created category “Outdoors”")).to_be_visible()
    expect(history.table.link(EDITED)).to_have_count(0)


def test_history_is_filtered_by_record_until_its_chip_is_removed(page: Page, lamp: int) -> None:
    edit(page, lamp, stock="3")
    edit(page, lamp + 1, stock="4")
    history = HistoryPage(page).open(f"?record=products:{lamp}&kind=edit")
    history.table.expect_names(f"{EDITED} Stock 27 → 3")
    history.filters.chip("Record", "product “Oak Lamp”").click()
    expect(history.table.names).to_have_count(2)


def test_history_says_who_changed_prices_in_the_last_days(
    page: Page, open_as: Callable[..., Page], lamp: int
) -> None:
    edit(open_as("admin"), lamp + 1, stock="3")
    edit(page, lamp, price="84.50")
    history = HistoryPage(page).open()
    history.filters.open().tick("Price").apply()
    history.days.get_by_role("link", name="Last 7 days").click()
    history.table.expect_names(f"{EDITED} Price 79.90 EUR → 84.50 EUR")
    expect(history.days.get_by_role("link", name="Last 7 days")).to_have_attribute("aria-current", "true")
    expect(history.table.row(EDITED)).to_contain_text(email_of("editor"))
    history.filters.expect_chips("Changed field: Price", "When: Last 7 days")
    expect(history.table.names.get_by_role("deletion")).to_have_text("79.90 EUR")
    expect(history.table.names.get_by_role("insertion")).to_have_text("84.50 EUR")


def test_history_is_searched_by_keyboard(page: Page, lamp: int) -> None:
    edit(page, lamp, price="84.50")
    edit(page, lamp, stock="3")
    HistoryPage(page).open()
    page.keyboard.press("/")
    page.keyboard.type("oak 84.5")
    page.keyboard.press("Enter")
    history = HistoryPage(page)
    history.table.expect_names(f"{EDITED} Price 79.90 EUR → 84.50 EUR")
    history.filters.expect_chips("Search: oak 84.5")


def test_history_is_filtered_and_searched_without_javascript(
    page_without_javascript: Page, page: Page, lamp: int
) -> None:
    edit(page, lamp, price="84.50")
    history = HistoryPage(page_without_javascript).open("?field=products:price")
    history.days.get_by_role("link", name="Today").click()
    history.table.expect_names(f"{EDITED} Price 79.90 EUR → 84.50 EUR")
    history.filters.search_field.fill("oak")
    page_without_javascript.get_by_role("button", name="Search", exact=True).click()
    expect(history.table.names).to_have_count(1)


def test_deleted_product_keeps_its_history(page: Page, lamp: int) -> None:
    page.goto(f"/admin/products/delete/?id={lamp}")
    page.get_by_role("button", name="Delete product").click()
    timeline = TimelinePage(page).open_of("products", lamp)
    expect(page.get_by_text("This product was deleted. Its history is kept.")).to_be_visible()
    expect(timeline.entries.get_by_role("heading")).to_have_text(["Deleted", "Created"])
    timeline.unfold(0).expect_field("Price", "79.90 EUR")


@pytest.mark.parametrize("role", ["viewer", "editor"])
@pytest.mark.allow(status=403)
@pytest.mark.allow(status=404)
def test_roles_that_see_no_users_see_no_changes_of_users(page: Page, server: Console, role: str) -> None:
    add_account(server, "newcomer@example.test")
    history = HistoryPage(page).open().expect_open()
    expect(history.table.names).not_to_have_count(0)
    expect(page.get_by_text("newcomer@example.test")).to_have_count(0)
    history.open("details/?id=2")
    expect(history.heading).to_have_text("Not found")
    TimelinePage(page).open_of("users", 1)
    expect(history.heading).to_have_text("No permission")


def test_long_history_is_paged_without_javascript(
    page_without_javascript: Page, server: Console, lamp: int
) -> None:
    for stock in range(100, 130):
        with server.database() as session:
            session.get_one(Product, lamp).stock = stock
    timeline = TimelinePage(page_without_javascript).open_of("products", lamp)
    timeline.expect_change("Stock", "128", "129").expect_change("Stock", "104", "105", entry=24)
    timeline.older.click()
    timeline.expect_change("Stock", "103", "104")
    expect(timeline.entries.get_by_role("heading").last).to_have_text("Created")
    timeline.newer.click()
    timeline.expect_change("Stock", "128", "129")


def test_keys_open_the_history(page: Page) -> None:
    ProductListPage(page).open()
    page.keyboard.press("g")
    page.keyboard.press("y")
    HistoryPage(page).expect_open()
