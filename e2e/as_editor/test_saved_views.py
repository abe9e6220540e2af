import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.pages.product_list import ProductListPage

OPEN = Callable[..., Page]


def test_saved_view_opens_the_list_by_its_tab(page: Page) -> None:
    listed = ProductListPage(page).open("?status=draft&sort=-price&size=10&column=price")
    listed.views.save_as("Drafts by price")
    listed.flashes.expect_only("View “Drafts by price” saved.", "success")
    listed.views.expect_tabs("All", "Drafts by price", at="Drafts by price")
    listed.views.tab("All").click()
    expect(listed.filters.chips).to_have_count(0)
    listed.views.expect_tabs("All", "Drafts by price", at="All")
    listed.pager.show(25).expect_range(1, 25, 200)
    listed.views.tab("Drafts by price").click()
    listed.filters.expect_chips("Status: Draft")
    expect(listed.pager.sizes.get_by_role("link", name="10", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    listed.columns.expect_shown("Name", "Price")
    listed.table.expect_sorted("Price", "descending")
    listed.views.tab("All").click()
    listed.pager.expect_range(1, 25, 200)


def test_cancel_saves_no_view_and_returns_to_the_filtered_list(page: Page) -> None:
    listed = ProductListPage(page).open("?status=draft&sort=-price")
    listed.views.save.click()
    listed.views.name.fill("Drafts by price")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Cancel").click()
    listed.views.expect_tabs("All", at="All")
    expect(page).to_have_url("/admin/products/?status=draft&sort=-price")


def test_changed_list_can_be_saved_in_its_view(page: Page) -> None:
    listed = ProductListPage(page).open("?status=draft")
    listed.views.save_as("Work")
    expect(listed.views.save_changes).to_have_count(0)
    listed.filters.search("sketch")
    listed.views.expect_tabs("All", "Work", at="Work")
    listed.views.save_changes.click()
    listed.flashes.expect_only("View “Work” saved.", "success")
    expect(listed.views.save_changes).to_have_count(0)
    listed.open().views.tab("Work").click()
    listed.filters.expect_chips("Search: sketch", "Status: Draft")


@pytest.mark.postgresql
def test_list_opens_with_the_default_view_of_the_user(page: Page) -> None:
    listed = ProductListPage(page).open("?status=draft")
    listed.views.save.click()
    listed.views.name.fill("Drafts")
    listed.views.opens.check()
    listed.views.name.press("Enter")
    listed.views.expect_tabs("All", "Drafts, default view", at="Drafts, default view")
    listed.nav.go_to("Products")
    listed.filters.expect_chips("Status: Draft")
    listed.filters.clear()
    expect(listed.filters.chips).to_have_count(0)
    listed.views.tab("All").click()
    listed.pager.expect_range(1, 25, 200)
    page.reload()
    listed.pager.expect_range(1, 25, 200)


def test_shared_view_is_shown_to_its_audience_and_changed_by_its_owner(page: Page, open_as: OPEN) -> None:
    listed = ProductListPage(page).open("?stock=out")
    listed.views.save_as("Order again", "Editors and above")
    expect(ProductListPage(open_as("viewer")).open().views.tab("Order again")).to_have_count(0)
    theirs = ProductListPage(open_as("editor")).open()
    theirs.views.tab("Order again").click()
    theirs.filters.expect_chips("Stock: Out of stock")
    colleague = ProductListPage(open_as("admin")).open()
    colleague.views.tab("Order again").click()
    for each in (colleague, listed):
        each.filters.search("lamp").expect_chips("Search: lamp", "Stock: Out of stock")
    expect(listed.views.save_changes).to_be_visible()
    expect(colleague.views.save_changes).to_have_count(0)


def test_view_is_renamed_and_deleted_after_a_question(page: Page) -> None:
    listed = ProductListPage(page).open("?status=draft")
    listed.views.save_as("Draughts")
    listed.views.settings.click()
    expect(page.get_by_role("region", name="This view shows")).to_contain_text("Draft")
    listed.views.name.fill("Drafts")
    listed.views.save_view.click()
    listed.views.expect_tabs("All", "Drafts", at="Drafts")
    listed.views.settings.click()
    listed.views.delete.click()
    listed.dialog.expect_asks("Delete view “Drafts”?").confirm("Delete view")
    listed.flashes.expect_only("View “Drafts” deleted.", "success")
    listed.views.expect_tabs("All", at="All")


def test_view_without_a_name_is_refused_at_its_field(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp")
    listed.views.save_as(" ")
    expect(page.get_by_role("link", name="Name: Enter a name.")).to_be_visible()
    expect(listed.views.name).to_have_attribute("aria-invalid", "true")
    listed.views.name.fill("Lamps")
    listed.views.save_view.click()
    listed.views.expect_tabs("All", "Lamps", at="Lamps")
    listed.filters.expect_chips("Search: lamp")


def test_views_work_without_javascript(page_without_javascript: Page) -> None:
    listed = ProductListPage(page_without_javascript).open("?status=draft")
    listed.views.save_as("Drafts")
    listed.filters.search("sketch")
    listed.views.save_changes.click()
    expect(listed.views.save_changes).to_have_count(0)
    listed.open().views.tab("Drafts").click()
    listed.filters.expect_chips("Search: sketch", "Status: Draft")


def test_current_tab_is_visible_on_a_phone(open_as: OPEN) -> None:
    page = open_as("editor", viewport={"width": 390, "height": 844})
    listed = ProductListPage(page).open("?status=draft")
    for name in ("A view with quite a long name", "Another with quite a long name", "Z"):
        listed.views.save_as(name)
    expect(listed.views.tab("Z")).to_be_in_viewport()
    expect(listed.views.tab("All")).not_to_be_in_viewport()


def test_view_keeps_days_by_their_name_until_others_are_typed(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.filters.open().panel.get_by_role("link", name="Last 7 days").click()
    listed.filters.expect_chips("Created: Last 7 days")
    listed.views.save_as("Fresh")
    expect(page).to_have_url(re.compile("created=last-7-days"))
    listed.filters.open().tick("Draft").apply()
    listed.filters.expect_chips("Status: Draft", "Created: Last 7 days")
    listed.filters.open().field("Created", "From").fill("2020-02-28")
    listed.filters.apply()
    listed.filters.expect_chips("Status: Draft", re.compile("Created: from 2020-02-28"))
