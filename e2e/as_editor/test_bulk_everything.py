"""Selecting all records that match, on all pages of a list, and changing them at once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness import layout
from e2e.catalogue import add_category, add_product, products
from e2e.components.dialog import ConfirmationPage
from e2e.forgery import post
from e2e.keyboard import press, tab_to
from e2e.pages.category_list import CategoryListPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

ROPES = 23


@pytest.fixture(autouse=True)
def ropes(server: Console) -> None:
    """Add more products of one kind than a page of ten shows."""
    for number in range(1, ROPES + 1):
        add_product(server, f"Climbing rope {number:02}", sku=f"ROPE-{number:02}")


def listing(page: Page, query: str = "?q=climbing&sort=name&size=10") -> ProductListPage:
    return ProductListPage(page).open(query)


def statuses(server: Console) -> dict[str, int]:
    """Return the number of products of this test with each status."""
    found: dict[str, int] = {}
    for product in products(server):
        if product["name"].startswith("Climbing"):
            found[product["status"].value] = found.get(product["status"].value, 0) + 1
    return found


def test_whole_page_selected_offers_to_select_all_that_match(page: Page) -> None:
    listed = listing(page)
    listed.bulk_bar.expect_no_offer()
    expect(listed.bulk_bar.everything).to_be_hidden()
    listed.table.select("Climbing rope 01")
    listed.bulk_bar.expect_count(1).expect_no_offer()
    expect(listed.table.select_all).to_be_checked(indeterminate=True)
    listed.table.select_all.check()
    expect(listed.table.select_all).to_have_js_property("indeterminate", False)
    listed.bulk_bar.expect_count(10).expect_offers("all 23 products that match")
    listed.bulk_bar.take_offer().expect_everything("All 23 products that match").expect_no_offer()
    expect(listed.bulk_bar.clear_button).to_be_focused()


def test_page_that_shows_all_results_offers_nothing_more(page: Page) -> None:
    listed = listing(page, "?q=climbing&size=25")
    listed.table.select_all.check()
    listed.bulk_bar.expect_count(23).expect_no_offer()


def test_unchecking_one_row_leaves_only_the_page_selected(page: Page) -> None:
    listed = listing(page)
    listed.table.select_all.check()
    listed.bulk_bar.take_offer().clear().expect_hidden()
    expect(listed.table.select_all).to_be_focused()
    listed.table.select_all.check()
    listed.bulk_bar.expect_count(10).take_offer().expect_everything("All 23 products that match")
    listed.table.table.get_by_role("checkbox", name="Select Climbing rope 04").uncheck()
    listed.bulk_bar.expect_count(9).choose("Move to draft")
    listed.dialog.expect_asks("Move 9 products to draft?")


@pytest.mark.postgresql
def test_action_on_all_that_match_changes_nothing_else(page: Page, server: Console) -> None:
    listed = listing(page)
    listed.table.select_all.check()
    listed.bulk_bar.take_offer().choose("Archive")
    listed.dialog.expect_asks("Archive 23 products?", "You can undo this.")
    named = [f"Climbing rope {number:02}" for number in range(1, 21)]
    expect(listed.dialog.inside.get_by_role("listitem")).to_have_text([*named, "and 3 more"])
    listed.dialog.confirm("Archive 23 products")
    listed.expect_open().flashes.expect_only("23 products archived.", "success")
    expect(page).to_have_url("/admin/products/?q=climbing&sort=name&size=10")
    assert statuses(server) == {"archived": 23}
    others = [each for each in products(server) if not each["name"].startswith("Climbing")]
    assert "active" in {each["status"].value for each in others}
    assert {each["version"] for each in others} == {1}


def test_cancel_keeps_all_that_match_selected(page: Page, server: Console) -> None:
    listed = listing(page)
    listed.table.select_all.check()
    listed.bulk_bar.take_offer().choose("Delete")
    listed.dialog.expect_asks(
        "Delete 23 products?", "You can restore them from the trash for 30 days."
    ).cancel()
    listed.dialog.expect_closed()
    listed.bulk_bar.expect_everything("All 23 products that match")
    assert statuses(server) == {"active": 23}


def test_list_changed_since_the_question_stops_the_action(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    listed = listing(page)
    listed.table.select_all.check()
    listed.bulk_bar.take_offer().choose("Delete")
    listed.dialog.expect_asks("Delete 23 products?")
    theirs = listing(open_as("editor"))
    theirs.table.select("Climbing rope 02")
    theirs.bulk_bar.choose("Delete")
    theirs.dialog.confirm("Delete 1 product")
    theirs.expect_open()
    listed.dialog.confirm("Delete 23 products")
    listed.expect_open().flashes.expect_only(
        "The list has changed: it now has 22 products, not 23. Nothing was changed. Review it and try again.",
        "error",
    )
    assert statuses(server) == {"active": 22}
    listed.table.select_all.check()
    listed.bulk_bar.expect_offers("all 22 products that match")


def test_going_back_does_not_select_all_that_match_again(page: Page) -> None:
    listed = listing(page)
    listed.table.select_all.check()
    listed.bulk_bar.take_offer()
    listed.table.link("Climbing rope 01").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Climbing rope 01")
    page.go_back()
    expect(listed.table.link("Climbing rope 01")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="are selected")).to_have_count(0)


def test_all_that_match_are_changed_by_keyboard_alone(page: Page, server: Console) -> None:
    listed = listing(page)
    press(listed.table.select_all, "Space")
    listed.bulk_bar.expect_count(10)
    page.keyboard.press("b")
    expect(listed.bulk_bar.offer).to_be_focused()
    page.keyboard.press("Enter")
    listed.bulk_bar.expect_everything("All 23 products that match")
    expect(listed.bulk_bar.clear_button).to_be_focused()
    tab_to(listed.bulk_bar.menu, "Shift+Tab")
    page.keyboard.press("Enter")
    press(listed.bulk_bar.tools.get_by_role("button", name="Move to draft"))
    press(listed.dialog.inside.get_by_role("button", name="Move 23 products to draft"))
    listed.expect_open().flashes.expect_only("23 products moved to draft.", "success")
    assert statuses(server) == {"draft": 23}


def test_all_that_match_are_changed_without_javascript(
    page_without_javascript: Page, server: Console
) -> None:
    listed = listing(page_without_javascript)
    expect(listed.bulk_bar.everything).to_be_visible()
    listed.bulk_bar.expect_hidden()
    page_without_javascript.get_by_label("All 23 products that match, on every page").check()
    listed.bulk_bar.choose("Delete")
    question = ConfirmationPage(page_without_javascript).expect_asks("Delete 23 products?")
    question.confirm("Delete 23 products")
    listed.flashes.expect_only("23 products deleted.", "success")
    assert statuses(server) == {}
    assert len(products(server)) == 200


@pytest.mark.phone_only
def test_all_that_match_are_changed_on_a_phone(page: Page, server: Console) -> None:
    page.set_viewport_size(layout.SMALLEST)
    listed = listing(page)
    listed.table.select_all.tap()
    listed.bulk_bar.expect_offers("all 23 products that match")
    layout.nothing_sideways(page, "320 px wide")
    listed.bulk_bar.offer.tap()
    listed.bulk_bar.expect_everything("All 23 products that match")
    layout.nothing_sideways(page, "320 px wide")
    listed.bulk_bar.choose("Move to draft")
    listed.dialog.inside.get_by_role("button", name="Move 23 products to draft").tap()
    listed.expect_open().flashes.expect_only("23 products moved to draft.", "success")
    assert statuses(server) == {"draft": 23}


def test_all_matching_empty_categories_are_deleted(page: Page, server: Console) -> None:
    for number in range(12):
        add_category(server, f"Zone {number:02}")
    listed = CategoryListPage(page).open("?q=zone&size=10")
    listed.table.select_all.check()
    listed.bulk_bar.expect_offers("all 12 categories that match").take_offer().choose("Delete")
    listed.dialog.confirm("Delete 12 categories")
    listed.flashes.expect_only("12 categories deleted.", "success")
    expect(listed.no_match).to_be_visible()


def test_forged_query_changes_nothing(page: Page, server: Console) -> None:
    listed = listing(page)
    fields = {"action": "delete", "confirm": "1", "number": "23"}
    post(page, "/admin/products/action/", matching="role=owner&q=climbing", **fields)
    listed.flashes.expect_only(
        "This selection no longer matches the list. Nothing was changed. Select again.", "error"
    )
    assert statuses(server) == {"active": 23}
