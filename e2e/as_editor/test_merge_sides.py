"""The merge page at a glance: one side chosen everywhere, and the words that differ."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import product_id, products
from e2e.colleagues import OpenAs, conflicts, saved_by_a_colleague
from e2e.pages.merge import MergePage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

ORIGINAL = "A lamp of solid oak with a linen shade, made in small series by hand."
MINE, THEIRS = ORIGINAL.replace("solid oak", "ash"), ORIGINAL.replace("linen", "paper")


def both_changed(page: Page, open_as: OpenAs, server: Console) -> MergePage:
    """Return the merge page after both changed price and stock."""
    key = product_id(server, "Oak Lamp")
    mine = ProductFormPage(page).edit(key).fill(price="85.00", stock="9")
    saved_by_a_colleague(open_as, key, price="90.00", stock="3")
    mine.save_button.click()
    return MergePage(page).expect_merging("Oak Lamp")


def stored(server: Console) -> tuple[Decimal, int]:
    """Price and stock of the lamp."""
    lamp = products(server)[product_id(server, "Oak Lamp") - 1]
    return lamp["price"], lamp["stock"]


@conflicts
def test_one_side_is_chosen_everywhere_and_can_be_changed(
    page: Page, open_as: OpenAs, server: Console
) -> None:
    merge = both_changed(page, open_as, server)
    address = page.url
    merge.all_theirs.click()
    expect(merge.option("Stock", "Theirs: 3")).to_be_checked()
    merge.all_mine.press("Enter")
    expect(merge.option("Price", "Yours: 85.00")).to_be_checked()
    expect(merge.option("Stock", "Yours: 9")).to_be_checked()
    expect(page.get_by_text("All mine chosen. Nothing is saved yet.")).to_be_visible()
    expect(page).to_have_url(address)
    assert stored(server) == (Decimal("90.00"), 3)
    merge.choose(Stock="Theirs: 3")
    expect(page.get_by_text("Nothing is saved yet.")).to_have_count(0)
    merge.save_button.click()
    ProductListPage(page).expect_open()
    assert stored(server) == (Decimal("85.00"), 3)


@conflicts
def test_without_javascript_a_side_is_chosen_by_the_server(
    page_without_javascript: Page, open_as: OpenAs, server: Console
) -> None:
    page = page_without_javascript
    merge = both_changed(page, open_as, server)
    merge.all_mine.click()
    expect(page.get_by_text("All mine chosen. Nothing is saved yet.")).to_be_visible()
    expect(merge.error_summary).to_have_count(0)
    expect(merge.option("Price", "Yours: 85.00")).to_be_checked()
    assert stored(server) == (Decimal("90.00"), 3)
    merge.save_button.click()
    ProductListPage(page).expect_open()
    assert stored(server) == (Decimal("85.00"), 9)


@conflicts
@pytest.mark.allow(status=422)
def test_enter_saves_and_chooses_no_side(
    page_without_javascript: Page, open_as: OpenAs, server: Console
) -> None:
    merge = both_changed(page_without_javascript, open_as, server)
    merge.option("Price", "Theirs: 90.00").check()
    merge.option("Price", "Theirs: 90.00").press("Enter")
    merge.expect_errors("Stock: Choose one of these.")


@conflicts
def test_words_that_differ_are_marked_in_long_texts(page: Page, open_as: OpenAs, server: Console) -> None:
    key = product_id(server, "Oak Lamp")
    saved_by_a_colleague(open_as, key, description=ORIGINAL)
    mine = ProductFormPage(page).edit(key).fill(description=MINE)
    saved_by_a_colleague(open_as, key, description=THEIRS)
    mine.save_button.click()
    MergePage(page).expect_merging("Oak Lamp")
    for side, removed, added in (("yours", "solid oak", "ash"), ("theirs", "linen", "paper")):
        text = page.get_by_role("region", name=f"Description: {side}")
        expect(text.get_by_role("deletion")).to_have_text(removed)
        expect(text.get_by_role("insertion")).to_have_text(added)
    expect(page.get_by_role("region", name="Description: original").get_by_role("insertion")).to_have_count(0)
