"""Back to the list: to its row and to the height that it was left at, and on to the next record."""

from playwright.sync_api import Page, expect

from e2e.pages.detail import ProductDetailPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage

LONG = "?sort=name&size=100"


def last_product(page: Page) -> tuple[ProductListPage, str]:
    """A long list, and the name in its last row."""
    listed = ProductListPage(page).open(LONG)
    return listed, listed.table.table.get_by_role("rowheader").last.inner_text()


def test_saving_returns_to_the_row_and_says_so_with_it(page: Page) -> None:
    listed, name = last_product(page)
    listed.table.edit(name)
    ProductFormPage(page).fill(stock="3").save_button.click()

    listed.expect_open().flashes.expect_only(f"Product “{name}” saved.", "success")
    row = listed.table.link(name)
    expect(row).to_be_focused()
    expect(row).to_have_accessible_description(f"Product “{name}” saved.", ignore_case=True)
    expect(row).to_be_in_viewport()
    expect(listed.flashes.undo_button).to_be_in_viewport()


def test_row_is_pointed_at_without_scripts(page_without_javascript: Page) -> None:
    page = page_without_javascript
    listed, name = last_product(page)
    listed.table.edit(name)
    ProductFormPage(page).fill(stock="3").save_button.click()

    expect(listed.table.link(name)).to_be_focused()
    expect(listed.table.link(name)).to_be_in_viewport()


def test_cancel_returns_to_the_row(page: Page) -> None:
    listed, name = last_product(page)
    listed.table.edit(name)
    page.get_by_role("link", name="Cancel").click()

    listed.expect_open()
    expect(listed.table.link(name)).to_be_focused()
    expect(listed.table.link(name)).to_be_in_viewport()


def test_deleting_returns_to_the_height_that_the_list_was_left_at(page: Page) -> None:
    listed, name = last_product(page)
    listed.table.link(name).click()
    ProductDetailPage(page).expect_record(name)
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete product").click()

    listed.expect_open().flashes.expect_only(f"Product “{name}” deleted.", "success")
    expect(listed.table.table.get_by_role("rowheader").last).to_be_in_viewport()
    expect(listed.flashes.undo_button).to_be_in_viewport()


def test_next_record_is_edited_without_the_list_between(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp&sort=name")
    first, second = listed.table.table.get_by_role("rowheader").all_inner_texts()[:2]
    listed.table.edit(first)
    ProductFormPage(page).fill(stock="3")
    page.get_by_role("button", name="Save and next").click()

    listed.flashes.expect_only(f"Product “{first}” saved.", "success")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Edit {second}")


def test_product_is_duplicated_and_another_one_added(page: Page) -> None:
    listed = ProductListPage(page).open("?q=Oak Lamp")
    listed.table.link("Oak Lamp").click()
    page.get_by_role("link", name="Duplicate").click()
    form = ProductFormPage(page)
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Ash Lamp")
    page.get_by_role("button", name="Create and add another").click()

    listed.flashes.expect_only("Product “Ash Lamp” created.", "success")
    expect(page.get_by_role("heading", level=1)).to_have_text("New product")
    expect(form.create_button).to_be_visible()


def test_form_of_a_new_record_begins_at_its_first_field(page: Page) -> None:
    ProductListPage(page).open()
    page.get_by_role("link", name="New product").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.get_by_role("button", name="Create product", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
