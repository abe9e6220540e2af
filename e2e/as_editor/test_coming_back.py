"""Coming back to a form by Back, Forward or a reload, after another user saved the record."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import add_product, product_id, products
from e2e.colleagues import conflicts, renamed_by_both, saved_by_a_colleague
from e2e.pages.merge import MergePage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

OpenAs = Callable[..., Page]
LAMP = "Oak Lamp"
DESCRIPTION = "Turned solid oak base with a cotton cord and a cream shade."
COMING_BACK = ("back", "forward", "reload")


def come_back(page: Page, how: str) -> None:
    """Leave the form and come back to it in one of the ways of a browser."""
    if how == "reload":
        page.reload()
    elif how == "forward":
        page.go_back()
        expect(page.get_by_role("heading", name="Products", level=1)).to_be_visible()
        page.go_forward()
    else:
        page.goto("/admin/categories/")
        page.go_back()


def typed_and_overtaken(page: Page, open_as: OpenAs, server: Console) -> ProductFormPage:
    """Type a price and a description, and let another user save another price. Leaving does not ask."""
    page.on("dialog", lambda dialog: dialog.accept())
    ProductListPage(page).open()
    form = ProductFormPage(page).edit(product_id(server, LAMP)).fill(price="85.00", description="Mine")
    saved_by_a_colleague(open_as, product_id(server, LAMP), price="90.00")
    return form


def expect_stored(server: Console, price: str, description: str) -> None:
    """The database has this price and description of the lamp."""
    stored = products(server)[product_id(server, LAMP) - 1]
    assert (stored["price"], stored["description"]) == (Decimal(price), description)


@conflicts
def test_back_from_the_merge_page_does_not_overwrite(page: Page, open_as: OpenAs, server: Console) -> None:
    form = typed_and_overtaken(page, open_as, server)
    form.save_button.click()
    MergePage(page).expect_merging(LAMP)
    page.go_back()
    form.expect_values(price="85.00", description="Mine").save_button.click()
    MergePage(page).expect_merging(LAMP).expect_choices(
        Price=["Yours: 85.00", "Theirs: 90.00", "Original: 79.90"]
    )
    expect_stored(server, "90.00", DESCRIPTION)


@conflicts
@pytest.mark.parametrize("how", COMING_BACK)
def test_typed_text_is_restored_with_its_version(
    page: Page, open_as: OpenAs, server: Console, how: str
) -> None:
    form = typed_and_overtaken(page, open_as, server)
    come_back(page, how)
    form.expect_values(price="85.00", description="Mine").save_button.click()
    MergePage(page).expect_merging(LAMP).choose(Price="Theirs: 90.00").save_button.click()
    ProductListPage(page).expect_open()
    expect_stored(server, "90.00", "Mine")


@conflicts
def test_without_javascript_back_from_merging_shows_stored_values(
    page_without_javascript: Page, open_as: OpenAs, server: Console
) -> None:
    page = page_without_javascript
    form = typed_and_overtaken(page, open_as, server)
    form.save_button.click()
    MergePage(page).expect_merging(LAMP)
    page.go_back()
    form.expect_values(price="90.00", description=DESCRIPTION).fill(stock="5").save_button.click()
    ProductListPage(page).expect_open()
    expect_stored(server, "90.00", DESCRIPTION)


@pytest.mark.parametrize("how", COMING_BACK)
def test_without_javascript_back_shows_stored_values(
    page_without_javascript: Page, open_as: OpenAs, server: Console, how: str
) -> None:
    form = typed_and_overtaken(page_without_javascript, open_as, server)
    come_back(page_without_javascript, how)
    form.expect_values(price="90.00", description=DESCRIPTION)


@conflicts
def test_restored_text_is_unsaved_and_restored_again(page: Page, open_as: OpenAs, server: Console) -> None:
    form = typed_and_overtaken(page, open_as, server)
    come_back(page, "back")
    form.expect_values(description="Mine")
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    form.heading.click()
    come_back(page, "back")
    assert asked == ["beforeunload"]
    form.expect_values(price="85.00", description="Mine").save_button.click()
    MergePage(page).expect_merging(LAMP)


def test_back_after_saving_shows_the_saved_values(page: Page, server: Console) -> None:
    form = ProductFormPage(page).edit(product_id(server, LAMP)).fill(price="85")
    form.save_button.click()
    ProductListPage(page).expect_open()
    page.go_back()
    form.expect_values(price="85.00").fill(description="Mine").save_button.click()
    ProductListPage(page).expect_open()
    expect_stored(server, "85.00", "Mine")


@conflicts
def test_back_after_saving_a_merge_shows_the_saved_values(
    page: Page, open_as: OpenAs, server: Console
) -> None:
    form = typed_and_overtaken(page, open_as, server)
    form.save_button.click()
    MergePage(page).expect_merging(LAMP).choose(Price="Yours: 85.00").save_button.click()
    ProductListPage(page).expect_open()
    page.evaluate("history.go(-2)")  # past the merge page, which the browser would ask about sending again
    form.expect_values(price="85.00", description="Mine").fill(description="Mine too").save_button.click()
    ProductListPage(page).expect_open()
    expect_stored(server, "85.00", "Mine too")


@pytest.mark.allow(status=502)
def test_text_that_never_reached_the_server_is_restored(page: Page, server: Console) -> None:
    form = ProductFormPage(page).edit(product_id(server, LAMP)).fill(description="Mine")
    page.route("**/edit/**", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    form.save_button.click()
    expect(page.get_by_role("heading", name="Bad gateway")).to_be_visible()
    page.unroute("**/edit/**")
    page.go_back()
    form.expect_values(description="Mine").save_button.click()
    ProductListPage(page).expect_open()
    expect_stored(server, "79.90", "Mine")


def test_change_reversed_by_hand_is_not_restored(page: Page, open_as: OpenAs, server: Console) -> None:
    form = typed_and_overtaken(page, open_as, server)
    page.keyboard.press("Tab")
    form.fill(price="79.90", description=DESCRIPTION)
    come_back(page, "back")
    form.expect_values(price="90.00", description=DESCRIPTION)


def test_typed_text_is_not_restored_for_another_user(page: Page, server: Console) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    form = ProductFormPage(page).edit(product_id(server, LAMP)).fill(description="Mine")
    page.goto("/admin/categories/")
    page.context.add_cookies(server.state_with(server.log_in("admin@example.test"))["cookies"])
    page.go_back()
    form.expect_values(description=DESCRIPTION)


@conflicts
def test_category_name_is_restored_with_its_version(page: Page, open_as: OpenAs, server: Console) -> None:
    form = renamed_by_both(page, open_as, server)
    MergePage(page, "category").expect_merging("Zip Fasteners")
    page.on("dialog", lambda dialog: dialog.accept())
    page.go_back()
    form.expect_values(name="Zippers").save_button.click()
    MergePage(page, "category").expect_merging("Zip Fasteners")


def away_while_another_takes_its_place(page: Page, server: Console) -> ProductListPage:
    """Select the second product and go back to the list after another product has moved it down."""
    listed = ProductListPage(page).open("?q=lamp&sort=name")
    listed.table.select("Oak Lamp")
    page.goto("/admin/categories/")
    add_product(server, "Aluminium Lamp")
    page.go_back()
    expect(listed.table.link("Aluminium Lamp")).to_be_visible()
    return listed


def test_back_selects_the_same_record_in_its_new_row(page: Page, server: Console) -> None:
    listed = away_while_another_takes_its_place(page, server)
    listed.bulk_bar.expect_count(1)
    expect(listed.table.table.get_by_role("checkbox", name="Select Oak Lamp")).to_be_checked()
    listed.bulk_bar.clear()
    page.reload()
    expect(listed.table.link("Aluminium Lamp")).to_be_visible()
    listed.bulk_bar.expect_hidden()


def test_without_javascript_back_selects_nothing(page_without_javascript: Page, server: Console) -> None:
    listed = away_while_another_takes_its_place(page_without_javascript, server)
    expect(listed.table.table.get_by_role("checkbox", checked=True)).to_have_count(0)
