from playwright.sync_api import Page, expect

from e2e.catalogue import product_id
from e2e.leaving import Asked
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console


def test_leaving_unsaved_changes_asks_and_can_be_cancelled(page: Page) -> None:
    asked = Asked(page, leave=False)
    form = ProductFormPage(page).new().fill(name="Folding Stool")
    form.nav.go_to("Categories")
    form.expect_values(name="Folding Stool")
    expect(form.heading).to_have_text("New product")
    assert asked.times == 1


def test_unchanged_form_is_left_without_a_question(page: Page, server: Console) -> None:
    asked = Asked(page, leave=False)
    form = ProductFormPage(page).edit(product_id(server, "Oak Lamp"))
    form.cancel.click()
    ProductListPage(page).expect_open()
    # A change that is reversed by hand does not count.
    form.edit(product_id(server, "Oak Lamp")).fill(name="Ash Lamp").fill(name="Oak Lamp").cancel.click()
    ProductListPage(page).expect_open()
    assert asked.times == 0


def test_saving_does_not_ask(page: Page) -> None:
    asked = Asked(page, leave=False)
    ProductFormPage(page).new().fill(name="Folding Stool", sku="FST-1", price="1").create_button.click()
    ProductListPage(page).expect_open().nav.go_to("Categories")
    expect(page.get_by_role("heading", level=1)).to_have_text("Categories")
    assert asked.times == 0


def test_form_shown_again_with_an_error_counts_as_unsaved(page: Page) -> None:
    asked = Asked(page, leave=False)
    form = ProductFormPage(page).new().fill(name="Folding Stool")
    form.create_button.click()
    expect(form.error_summary).to_be_focused()
    form.cancel.click()
    form.expect_values(name="Folding Stool")
    asked.leave = True
    form.cancel.click()
    ProductListPage(page).expect_open().pager.expect_range(1, 25, 200)
    assert asked.times == 2
