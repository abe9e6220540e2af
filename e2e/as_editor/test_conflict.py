from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import product_id, products
from e2e.colleagues import OpenAs, conflicts, renamed_by_both, saved_by_a_colleague
from e2e.pages.category_list import CategoryListPage
from e2e.pages.error import ErrorPage
from e2e.pages.merge import MergePage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console, ServerClock

unmade_choices = pytest.mark.allow(status=422)


def saved_too_late(page: Page, open_as: OpenAs, server: Console, **theirs: str) -> MergePage:
    """Return the merge page after changing price and description over `theirs`, or over name and stock."""
    key = product_id(server, "Oak Lamp")
    mine = ProductFormPage(page).edit(key).fill(price="85.00", description="Mine")
    saved_by_a_colleague(open_as, key, **(theirs or {"name": "Ash Lamp", "stock": "3"}))
    mine.save_button.click()
    return MergePage(page).expect_merging(theirs.get("name", "Oak Lamp") if theirs else "Ash Lamp")


@pytest.mark.postgresql
@conflicts
def test_second_user_to_save_gets_the_merge_page_and_saves_nothing(
    page: Page, open_as: OpenAs, server: Console
) -> None:
    merge = saved_too_late(page, open_as, server, name="Ash Lamp", price="90.00", stock="3")
    expect(merge.error_summary).to_be_focused()
    merge.expect_choices(Price=["Yours: 85.00", "Theirs: 90.00", "Original: 79.90"])
    expect(merge.choice("Price")).to_contain_text("Account no. 3 changed this just now")
    merge.expect_settled(Name="Took theirs", Stock="Took theirs", Description="Kept yours")
    stored = products(server)[product_id(server, "Ash Lamp") - 1]
    assert (stored["price"], stored["stock"]) == (Decimal("90.00"), 3)


@pytest.mark.postgresql
@conflicts
def test_changes_of_different_fields_are_saved_in_one_click(
    page: Page, open_as: OpenAs, server: Console
) -> None:
    merge = saved_too_late(page, open_as, server)
    expect(merge.nothing_left).to_be_visible()
    merge.expect_choices().save_button.click()
    ProductListPage(page).expect_open().flashes.expect_only("Product “Ash Lamp” saved.", "success")
    stored = products(server)[product_id(server, "Ash Lamp") - 1]
    assert (stored["price"], stored["stock"], stored["description"]) == (Decimal("85.00"), 3, "Mine")


@conflicts
@pytest.mark.parametrize("button", ["Cancel", "Save"])
def test_merge_page_returns_to_the_filtered_list(
    page: Page, open_as: OpenAs, server: Console, button: str
) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    listed = ProductListPage(page).open("?q=lamp&sort=price")
    listed.table.edit("Oak Lamp")
    form = ProductFormPage(page).fill(description="Mine")
    saved_by_a_colleague(open_as, product_id(server, "Oak Lamp"), stock="3")
    form.save_button.click()
    merge = MergePage(page).expect_merging("Oak Lamp")
    merge.cancel.click() if button == "Cancel" else merge.save_button.click()
    listed.expect_open()
    expect(page).to_have_url("/admin/products/?q=lamp&sort=price")


@conflicts
def test_price_and_currency_are_chosen_together(page: Page, open_as: OpenAs, server: Console) -> None:
    key = product_id(server, "Oak Lamp")
    form = ProductFormPage(page).edit(key).fill(price="85.00")
    saved_by_a_colleague(open_as, key, currency="USD")
    form.save_button.click()
    merge = MergePage(page).expect_merging("Oak Lamp")
    merge.expect_choices(Price=["Yours: 85.00", "Theirs: 79.90"], Currency=["Yours: EUR", "Theirs: USD"])


@conflicts
def test_versions_are_chosen_by_keyboard_alone(page: Page, open_as: OpenAs, server: Console) -> None:
    merge = saved_too_late(page, open_as, server, price="90.00", description="Theirs\nof two lines")
    expect(merge.error_summary).to_be_focused()
    page.keyboard.press("Tab")
    expect(merge.discard_link).to_be_focused()
    page.keyboard.press("Tab")
    expect(merge.all_mine).to_be_focused()
    page.keyboard.press("Tab")
    expect(merge.all_theirs).to_be_focused()
    page.keyboard.press("Tab")
    expect(merge.option("Description", "Yours: Mine")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(merge.option("Description", "Theirs")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Description: theirs")).to_be_focused()  # arrow keys scroll it
    merge.option("Price", "Yours: 85.00").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+s")
    ProductListPage(page).expect_open()
    stored = products(server)[product_id(server, "Oak Lamp") - 1]
    assert (stored["price"], stored["description"]) == (Decimal("85.00"), "Theirs\nof two lines")


@conflicts
def test_same_change_by_both_needs_no_choice(page: Page, open_as: OpenAs, server: Console) -> None:
    merge = saved_too_late(page, open_as, server, price="85.00")
    merge.expect_choices().expect_settled(Price="Same in both", Description="Kept yours")


@conflicts
@unmade_choices
def test_missing_choice_is_reported_and_the_others_stay_checked(
    page: Page, open_as: OpenAs, server: Console
) -> None:
    merge = saved_too_late(page, open_as, server, price="90.00", description="Theirs")
    merge.choose(Price="Original: 79.90").save_button.click()
    merge.expect_errors("Description: Choose one of these.")
    expect(merge.option("Price", "Original: 79.90")).to_be_checked()
    merge.error_summary.get_by_role("link").click()
    expect(merge.option("Description", "Yours: Mine")).to_be_focused()
    merge.choose(Description="Theirs: Theirs").save_button.click()
    ProductListPage(page).expect_open()
    stored = products(server)[product_id(server, "Oak Lamp") - 1]
    assert (stored["price"], stored["description"]) == (Decimal("79.90"), "Theirs")


@conflicts
@unmade_choices
def test_without_javascript_a_third_users_change_is_merged_too(
    page_without_javascript: Page, open_as: OpenAs, server: Console
) -> None:
    merge = saved_too_late(page_without_javascript, open_as, server, price="90.00", name="Ash Lamp")
    merge.save_button.click()
    merge.expect_errors("Price: Choose one of these.")
    saved_by_a_colleague(open_as, product_id(server, "Ash Lamp"), stock="4", name="Elm Lamp")
    merge.choose(Price="Yours: 85.00").save_button.click()
    merge.expect_merging("Elm Lamp").expect_choices()
    merge.expect_settled(
        Name="Took theirs", Stock="Took theirs", Price="Kept yours", Description="Kept yours"
    )
    merge.save_button.click()
    listed = ProductListPage(page_without_javascript).expect_open()
    listed.flashes.expect_only("Product “Elm Lamp” saved.", "success")
    form = ProductFormPage(page_without_javascript).edit(product_id(server, "Elm Lamp"))
    form.expect_values(price="85.00", stock="4", description="Mine")


@conflicts
def test_reviewing_shows_the_merge_in_the_form_and_leaving_asks_first(
    page: Page, open_as: OpenAs, server: Console
) -> None:
    merge = saved_too_late(page, open_as, server, price="90.00", stock="3")
    merge.choose(Price="Theirs: 90.00").review_button.click()
    form = ProductFormPage(page)
    expect(form.heading).to_have_text("Edit Oak Lamp")
    form.expect_values(price="90.00", stock="3", description="Mine")
    assert products(server)[product_id(server, "Oak Lamp") - 1]["description"] != "Mine"
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    form.cancel.click()
    expect(form.heading).to_have_text("Edit Oak Lamp")
    assert asked == ["beforeunload"]
    form.fill(stock="5").save_button.click()
    ProductListPage(page).expect_open().flashes.expect_only("Product “Oak Lamp” saved.", "success")


@conflicts
def test_discarding_mine_shows_the_stored_values(page: Page, open_as: OpenAs, server: Console) -> None:
    merge = saved_too_late(page, open_as, server)
    page.on("dialog", lambda dialog: dialog.accept())
    merge.discard_link.click()
    form = ProductFormPage(page)
    expect(form.heading).to_have_text("Edit Ash Lamp")
    form.expect_values(name="Ash Lamp", price="79.90", stock="3")


@conflicts
def test_invalid_value_is_merged_first_and_refused_after(
    page: Page, open_as: OpenAs, server: Console
) -> None:
    key = product_id(server, "Oak Lamp")
    form = ProductFormPage(page).edit(key).fill(name="", price="much")
    saved_by_a_colleague(open_as, key, stock="3")
    form.save_button.click()
    merge = MergePage(page).expect_merging("Oak Lamp")
    merge.expect_settled(Name="Kept yours", Price="Kept yours", Stock="Took theirs").save_button.click()
    form.title = "Edit Oak Lamp"
    expect(form.error_summary.get_by_role("listitem")).to_have_count(2)
    form.expect_open().expect_values(name="", price="much", stock="3")


@conflicts
def test_bulk_change_while_editing_is_a_conflict_too(page: Page, open_as: OpenAs, server: Console) -> None:
    form = ProductFormPage(page).edit(product_id(server, "Oak Lamp")).fill(stock="3")
    theirs = ProductListPage(open_as("admin")).open("?q=oak+lamp")
    theirs.table.select("Oak Lamp")
    theirs.bulk_bar.choose("Move to draft")
    theirs.dialog.confirm("Move 1 product to draft")
    theirs.expect_open()
    form.save_button.click()
    merge = MergePage(page).expect_merging("Oak Lamp")
    merge.expect_settled(Status="Took theirs", Stock="Kept yours")
    expect(page.get_by_role("region", name="Status", exact=True)).to_contain_text("Theirs Draft")


@conflicts
def test_category_renamed_by_two_users_needs_a_choice(page: Page, open_as: OpenAs, server: Console) -> None:
    renamed_by_both(page, open_as, server)
    merge = MergePage(page, "category").expect_merging("Zip Fasteners")
    merge.choose(Name="Yours: Zippers").save_button.click()
    CategoryListPage(page).expect_open().flashes.expect_only("Category “Zippers” saved.", "success")


@pytest.mark.allow(status=404)
def test_text_typed_into_a_deleted_record_can_be_copied(page: Page, open_as: OpenAs, server: Console) -> None:
    form = ProductFormPage(page).edit(product_id(server, "Oak Lamp")).fill(description="Two\nlines")
    theirs = ProductListPage(open_as("admin")).open("?q=oak+lamp")
    theirs.table.delete("Oak Lamp")
    theirs.dialog.confirm("Delete product")
    theirs.expect_open()
    form.save_button.click()
    ErrorPage(page).expect_error(404, "This product is no longer available")
    typed = page.get_by_role("region", name="Your unsaved changes")
    expect(typed).to_contain_text("Oak Lamp")
    expect(typed.get_by_text("Two\nlines", exact=True)).to_be_visible()


def test_edits_of_different_products_do_not_conflict(page: Page, open_as: OpenAs, server: Console) -> None:
    form = ProductFormPage(page).edit(product_id(server, "Oak Lamp")).fill(stock="3")
    saved_by_a_colleague(open_as, product_id(server, "Salt Crystal Lamp"), stock="4")
    form.save_button.click()
    ProductListPage(page).expect_open().flashes.expect_only("Product “Oak Lamp” saved.", "success")
    stocks = {each["name"]: each["stock"] for each in products(server)}
    assert (stocks["Oak Lamp"], stocks["Salt Crystal Lamp"]) == (3, 4)


def test_two_users_see_that_the_other_has_the_form_open(
    page: Page, open_as: OpenAs, server: Console, server_clock: ServerClock
) -> None:
    key = product_id(server, "Oak Lamp")
    page.clock.install()
    with page.expect_response("**/editing/**"):  # sent as soon as the form is open
        first = ProductFormPage(page).edit(key)
    second = ProductFormPage(open_as("admin")).edit(key)
    expect(second.others).to_have_text("editor@example.test is editing this too.")
    expect(first.others).to_have_count(0)  # opened before the other form
    with page.expect_response("**/editing/**"):
        page.clock.run_for(30_000)
    expect(first.others).to_have_text("Account no. 3 is editing this too.")
    expect(first.others.get_by_text("Account no. 3", exact=True)).to_have_class("person")
    second.save_button.click()
    ProductListPage(second.page).expect_open()
    page.clock.run_for(30_000)
    expect(first.others).to_have_count(0)
    server_clock.advance(minutes=3)  # a lease that is not renewed ends
    expect(second.edit(key).heading).to_have_text("Edit Oak Lamp")
    expect(second.others).to_have_count(0)


def test_without_javascript_other_editors_are_named_on_opening(
    page_without_javascript: Page, open_as: OpenAs, server: Console
) -> None:
    key = product_id(server, "Oak Lamp")
    other = open_as("admin")
    with other.expect_response("**/editing/**"):
        ProductFormPage(other).edit(key)
    form = ProductFormPage(page_without_javascript).edit(key)
    expect(form.others).to_have_text("Account no. 3 is editing this too.")


def test_hidden_page_does_not_count_as_editing(page: Page, server: Console) -> None:
    page.clock.install()
    with page.expect_response("**/editing/**"):
        ProductFormPage(page).edit(product_id(server, "Oak Lamp"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "editing/" in request.url else None)
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, writable: true })")
    page.clock.run_for(90_000)
    assert asked == []
    with page.expect_request("**/editing/**"):
        page.evaluate("document.hidden = false")
        page.clock.run_for(30_000)


def test_idle_user_does_not_count_as_editing(page: Page, server: Console) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "editing/" in request.url else None)
    page.clock.install()
    form = ProductFormPage(page).edit(product_id(server, "Oak Lamp"))
    page.clock.run_for(420_000)  # seven minutes; the script asks in the first five, and at once
    with page.expect_request("**/editing/**"):
        form.fill(stock="3")
        page.keyboard.press("Tab")
        page.clock.run_for(30_000)
    assert len(asked) <= 12
