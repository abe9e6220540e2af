from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import add_category, product_id, products
from e2e.pages.category_form import CategoryFormPage
from e2e.pages.category_list import CategoryListPage
from e2e.pages.error import ErrorPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

TOLD = "Somebody else saved this while you were editing. Nothing of yours is saved yet."

conflicts = pytest.mark.allow(status=409)


def saved_by_a_colleague(open_as: Callable[..., Page], key: int, **fields: str) -> None:
    theirs = ProductFormPage(open_as("editor")).edit(key).fill(**fields)
    theirs.save_button.click()
    ProductListPage(theirs.page).expect_open()


def saved_too_late(page: Page, open_as: Callable[..., Page], server: Console) -> ProductFormPage:
    """I set the price to 85 while a colleague renames the lamp and sets the stock to 3."""
    key = product_id(server, "Oak Lamp")
    mine = ProductFormPage(page).edit(key).fill(price="85.00", description="Mine")
    saved_by_a_colleague(open_as, key, name="Ash Lamp", stock="3")
    mine.save_button.click()
    return mine


@pytest.mark.postgresql
@conflicts
def test_the_second_to_save_is_told_and_nothing_of_theirs_is_saved(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    form = saved_too_late(page, open_as, server)
    form.title = "Edit Ash Lamp"
    form.expect_errors(TOLD)
    expect(form.error_summary).to_be_focused()
    for row in ("Name Oak Lamp Ash Lamp", "Price 85.00 79.90", "Stock 27 3"):
        expect(form.conflict.get_by_role("row", name=row, exact=True)).to_be_visible()
    expect(form.conflict.get_by_role("row")).to_have_count(5)
    form.expect_values(name="Oak Lamp", price="85.00", stock="27", description="Mine")
    stored = products(server)[product_id(server, "Ash Lamp") - 1]
    assert (stored["price"], stored["stock"]) == (Decimal("79.90"), 3)


@conflicts
def test_saving_again_is_a_decision_and_wins_unless_a_third_saves_in_between(
    page_without_javascript: Page, open_as: Callable[..., Page], server: Console
) -> None:
    form = saved_too_late(page_without_javascript, open_as, server)
    expect(form.conflict).to_be_visible()
    saved_by_a_colleague(open_as, product_id(server, "Ash Lamp"), stock="4")
    form.save_button.click()
    expect(form.conflict.get_by_role("row", name="Stock 27 4", exact=True)).to_be_visible()
    form.save_button.click()
    listed = ProductListPage(page_without_javascript).expect_open()
    listed.flashes.expect_only("Product “Oak Lamp” saved.", "success")
    form.edit(product_id(server, "Oak Lamp")).expect_values(price="85.00", stock="27", description="Mine")


@conflicts
def test_starting_over_shows_their_values(page: Page, open_as: Callable[..., Page], server: Console) -> None:
    form = saved_too_late(page, open_as, server)
    page.on("dialog", lambda dialog: dialog.accept())
    form.conflict.get_by_role("link", name="start over from theirs").click()
    form.expect_values(name="Ash Lamp", price="79.90", stock="3")
    expect(form.conflict).to_have_count(0)


@conflicts
def test_a_conflict_tells_of_wrong_values_as_well(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    key = product_id(server, "Oak Lamp")
    form = ProductFormPage(page).edit(key).fill(name="")
    saved_by_a_colleague(open_as, key, stock="3")
    form.save_button.click()
    form.title = "Edit Oak Lamp"
    form.expect_errors(TOLD, "Name: Enter a name.").expect_values(name="", stock="27")


@conflicts
def test_a_bulk_change_in_between_is_a_conflict_too(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    form = ProductFormPage(page).edit(product_id(server, "Oak Lamp")).fill(stock="3")
    theirs = ProductListPage(open_as("editor")).open("?q=oak+lamp")
    theirs.table.select("Oak Lamp")
    theirs.bulk_bar.choose("Set to draft")
    theirs.dialog.confirm("Set to draft: 1 product")
    theirs.expect_open()
    form.save_button.click()
    expect(form.conflict.get_by_role("row", name="Status Active Draft", exact=True)).to_be_visible()


@conflicts
def test_two_who_rename_a_category_are_told_as_well(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    key = add_category(server, "Zips")
    form = CategoryFormPage(page).edit(key).fill(name="Zippers")
    theirs = CategoryFormPage(open_as("editor")).edit(key).fill(name="Zip Fasteners")
    theirs.save_button.click()
    CategoryListPage(theirs.page).expect_open()
    form.save_button.click()
    expect(form.conflict.get_by_role("row", name="Name Zippers Zip Fasteners", exact=True)).to_be_visible()


@pytest.mark.allow(status=404)
def test_saving_what_a_colleague_has_deleted_is_not_found(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    form = ProductFormPage(page).edit(product_id(server, "Oak Lamp")).fill(stock="3")
    theirs = ProductListPage(open_as("editor")).open("?q=oak+lamp")
    theirs.table.delete("Oak Lamp")
    theirs.dialog.confirm("Delete product")
    theirs.expect_open()
    form.save_button.click()
    ErrorPage(page).expect_error(404, "Not found")


def test_two_who_edit_different_products_are_not_in_each_others_way(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    form = ProductFormPage(page).edit(product_id(server, "Oak Lamp")).fill(stock="3")
    saved_by_a_colleague(open_as, product_id(server, "Salt Crystal Lamp"), stock="4")
    form.save_button.click()
    ProductListPage(page).expect_open().flashes.expect_only("Product “Oak Lamp” saved.", "success")
