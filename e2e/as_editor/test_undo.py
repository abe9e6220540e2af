"""The Undo button beside a message."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from e2e.catalogue import product_id, products
from e2e.components.cells import Cells
from e2e.pages.category_list import CategoryListPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

LAMP = "Oak Lamp"
UNDONE = "Undone. 1 product restored."


def saved(page: Page, server: Console, **fields: str) -> ProductListPage:
    """Return the list after the lamp was saved with these values."""
    form = ProductFormPage(page).edit(product_id(server, LAMP)).fill(**fields)
    form.save_button.click()
    return ProductListPage(page).expect_open()


def test_saved_change_is_undone(page: Page, server: Console) -> None:
    listed = saved(page, server, stock="3", price="84.50")
    listed.flashes.expect_only("Product “Oak Lamp” saved.", "success").undo()
    listed.expect_open().flashes.expect_only(UNDONE, "success")
    ProductListPage(page).open("?q=oak+lamp")
    expect(Cells(page).cell("stock", LAMP)).to_have_text("27")
    expect(Cells(page).cell("price", LAMP)).to_have_text("79.90 EUR")


def test_undo_of_a_saved_form_points_at_its_row(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp&sort=name")
    listed.table.edit(LAMP)
    ProductFormPage(page).fill(stock="3").save_button.click()
    expect(listed.table.link(LAMP)).to_be_focused()
    listed.flashes.undo().expect_only(UNDONE, "success")
    expect(listed.table.link(LAMP)).to_be_focused()
    expect(page).to_have_url("/admin/products/?q=lamp&sort=name")


def test_undo_can_be_undone(page: Page, server: Console) -> None:
    listed = saved(page, server, stock="3")
    listed.flashes.undo().expect_only(UNDONE, "success").undo().expect_only(UNDONE, "success")
    ProductListPage(page).open("?q=oak+lamp")
    expect(Cells(page).cell("stock", LAMP)).to_have_text("3")


def test_deletion_is_undone_and_the_list_keeps_its_state(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp&sort=price")
    listed.table.delete(LAMP)
    listed.dialog.confirm("Delete product")
    listed.expect_open().flashes.undo().expect_only(UNDONE, "success")
    expect(page).to_have_url("/admin/products/?q=lamp&sort=price")
    expect(listed.table.link(LAMP)).to_be_focused()
    row = listed.table.row(LAMP)
    for text in ("LMP-0012", "Lighting", "79.90 EUR", "27", "Active"):
        expect(row.get_by_text(text, exact=True)).to_be_visible()


def test_bulk_change_is_undone_by_keyboard(page: Page, server: Console) -> None:
    before = products(server)
    listed = ProductListPage(page).open("?q=lamp&sort=name")
    listed.table.select(LAMP, "Salt Crystal Lamp")
    listed.bulk_bar.choose("Move to draft")
    listed.dialog.confirm("Move 2 products to draft")
    expect(listed.flashes.all).to_be_focused()
    page.keyboard.press("Tab")
    expect(listed.flashes.undo_button).to_be_focused()
    page.keyboard.press("Enter")
    listed.flashes.expect_only("Undone. 2 products restored.", "success")
    assert [each["status"] for each in products(server)] == [each["status"] for each in before]


def test_deleted_category_is_restored_by_undo(page: Page) -> None:
    listed = CategoryListPage(page).open()
    listed.new_button.click()
    page.get_by_label("Name").fill("Zips")
    page.get_by_role("button", name="Create category").click()
    listed.expect_open().table.delete("Zips")
    listed.dialog.expect_asks("Delete Zips?", "You can undo this").confirm("Delete category")
    listed.expect_open().flashes.undo().expect_only("Undone. 1 category restored.", "success")
    expect(listed.table.link("Zips")).to_be_visible()


def test_record_changed_since_is_named_and_not_undone(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    listed = saved(page, server, stock="3")
    saved(open_as("admin"), server, price="99.00")
    listed.flashes.undo().expect_only("Nothing was reverted: “Oak Lamp” has since been changed.", "error")
    ProductListPage(page).open("?q=oak+lamp")
    expect(Cells(page).cell("price", LAMP)).to_have_text("99.00 EUR")
    expect(Cells(page).cell("stock", LAMP)).to_have_text("3")


def test_undo_button_disappears_with_the_message(page: Page, server: Console) -> None:
    listed = saved(page, server, stock="3")
    expect(listed.flashes.undo_button).to_be_visible()
    listed.reload().flashes.expect_none()
    expect(listed.flashes.undo_button).to_have_count(0)


def test_undo_works_without_javascript(new_context: object, server: Console) -> None:
    context: BrowserContext = new_context(  # type: ignore[operator]
        java_script_enabled=False, storage_state=server.storage_state("editor")
    )
    listed = saved(context.new_page(), server, stock="3")
    listed.flashes.undo().expect_only(UNDONE, "success")


def test_message_with_undo_is_not_shown_in_another_tab(
    page: Page, context: BrowserContext, server: Console
) -> None:
    other = CategoryListPage(context.new_page()).open()
    ProductFormPage(page).edit(product_id(server, LAMP))
    fields = page.locator("main form[data-guard]").evaluate("form => Object.fromEntries(new FormData(form))")
    # Sent without following the redirect: the page that shows the message is still to come.
    saved_now = page.request.post(page.url, form={**fields, "stock": "3"}, max_redirects=0)
    assert saved_now.status == 303
    other.reload().flashes.expect_none()
    listed = ProductListPage(page).open()
    listed.flashes.expect_only("Product “Oak Lamp” saved.", "success").undo()
    listed.expect_open().flashes.expect_only(UNDONE, "success")
