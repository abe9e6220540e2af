"""The trash: deleted products are restored from it, and links to them lead there."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from e2e.catalogue import product_id, products, trashed_id
from e2e.components.dialog import ConfirmationPage
from e2e.pages.detail import ProductDetailPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.trash import TrashedProductPage, TrashPage
from e2e.server import Console

LAMP = "Oak Lamp"
RESTORED = "Product “Oak Lamp” restored."


def deleted(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp")
    listed.table.delete(LAMP)
    listed.dialog.expect_asks("Delete Oak Lamp?", "You can restore it from the trash for 30 days.").confirm(
        "Delete product"
    )
    expect(listed.flashes.all).to_be_visible()


def test_product_is_restored_from_the_trash_unchanged(page: Page, server: Console) -> None:
    (before,) = (each for each in products(server) if each["name"] == LAMP)
    deleted(page)
    ProductListPage(page).nav.go_to("Trash")
    trash = TrashPage(page).expect_open()
    trash.table.expect_names(LAMP).link(LAMP).click()
    lying = TrashedProductPage(page).expect_record(LAMP)
    expect(page.get_by_text("In the trash")).to_be_visible()
    lying.expect_fact("Deleted by", "editor@example.test").expect_fact("SKU", before["sku"])
    expect(page.get_by_role("link", name="Delete permanently")).to_have_count(0)
    lying.restore()
    trash.expect_open().flashes.expect_only(RESTORED, "success")
    expect(trash.nothing_yet).to_be_visible()
    (after,) = (each for each in products(server) if each["name"] == LAMP)
    assert {name for name in before if before[name] != after[name]} == {"updated_at", "version"}


def test_link_to_a_deleted_product_leads_to_the_trash(page: Page, server: Console) -> None:
    key = product_id(server, LAMP)
    deleted(page)
    ProductDetailPage(page).open_id(key)
    lying = TrashedProductPage(page).expect_record(LAMP)
    lying.flashes.expect_only("Product “Oak Lamp” is in the trash.", "warning")
    expect(page).to_have_url(f"/admin/trash/details/?id={trashed_id(server, LAMP)}")


def test_selected_products_are_restored(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp&sort=name")
    listed.table.select(LAMP, "Salt Crystal Lamp")
    listed.bulk_bar.choose("Delete")
    listed.dialog.confirm("Delete 2 products")
    expect(listed.flashes.all).to_be_visible()
    trash = TrashPage(page).open()
    trash.table.select_all.check()
    trash.bulk_bar.choose("Restore")
    trash.dialog.expect_asks("Restore 2 products?").confirm("Restore 2 products")
    trash.expect_open().flashes.expect_only("2 products restored.", "success")
    expect(trash.nothing_yet).to_be_visible()
    listed.open("?q=lamp&sort=name")
    expect(listed.table.link("Salt Crystal Lamp")).to_be_visible()
    listed.table.link(LAMP).click()
    ProductDetailPage(page).expect_record(LAMP)


def test_product_whose_sku_is_taken_stays_in_the_trash(page: Page, server: Console) -> None:
    (lamp,) = (each for each in products(server) if each["name"] == LAMP)
    deleted(page)
    with server.database() as session:
        session.connection().exec_driver_sql(
            "UPDATE products SET sku = ?, sku_key = lower(?) WHERE name = 'Salt Crystal Lamp'",
            (lamp["sku"], lamp["sku"]),
        )
    TrashedProductPage(page).open_id(trashed_id(server, LAMP)).restore()
    trash = TrashPage(page).expect_open()
    trash.flashes.expect_only(
        f"Another product now has this SKU: {lamp['sku']}. Change that SKU first.", "error"
    )
    trash.table.expect_names(LAMP)


def test_row_is_restored_without_a_question_and_undone(page: Page, server: Console) -> None:
    deleted(page)
    trash = TrashPage(page).open("?q=lamp")
    days = trash.table.row(LAMP).get_by_role("cell").filter(has_text=re.compile(r"^\d+ \w{3} \d{4}$"))
    expect(days).to_have_count(2)  # when it was deleted, and when it is deleted permanently
    trash.table.select(LAMP).restore(LAMP)
    expect(page).to_have_url("/admin/trash/?q=lamp")
    trash.flashes.expect_only(RESTORED, "success").undo()
    trash.expect_open().table.expect_names(LAMP)
    assert trashed_id(server, LAMP)


def test_without_javascript_a_row_is_restored_at_once(new_context: object, server: Console) -> None:
    context: BrowserContext = new_context(  # type: ignore[operator]
        java_script_enabled=False, storage_state=server.storage_state("editor")
    )
    page = context.new_page()
    listed = ProductListPage(page).open("?q=lamp")
    listed.table.delete(LAMP)
    ConfirmationPage(page).expect_asks("Delete Oak Lamp?").confirm("Delete product")
    TrashPage(page).open().table.restore(LAMP)
    TrashPage(page).expect_open().flashes.expect_only(RESTORED, "success")
