"""Deleting permanently: only owners, by typing the name."""

from playwright.sync_api import Page, expect

from e2e.catalogue import trashed_id
from e2e.components.dialog import ConfirmationPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.trash import TrashedProductPage, TrashPage
from e2e.server import Console

LAMP = "Oak Lamp"


def test_product_is_deleted_permanently_by_typing_its_name(page: Page, server: Console) -> None:
    listed = ProductListPage(page).open("?q=lamp")
    listed.table.delete(LAMP)
    listed.dialog.confirm("Delete product")
    expect(listed.flashes.all).to_be_visible()
    TrashedProductPage(page).open_id(trashed_id(server, LAMP)).choose("Delete permanently")
    asked = TrashPage(page).dialog.expect_asks(
        "Delete Oak Lamp permanently?", "This permanently deletes the product. Its history is kept."
    )
    asked.inside.get_by_label("Type “Oak Lamp” to confirm").fill("oak")
    asked.confirm("Delete permanently")
    again = ConfirmationPage(page).expect_asks("Delete Oak Lamp permanently?", "The name doesn't match.")
    expect(page).to_have_title("Error: Delete Oak Lamp permanently? · Staff console")
    name = again.inside.get_by_label("Type “Oak Lamp” to confirm")
    expect(again.inside.get_by_role("alert")).to_be_focused()
    name.fill(LAMP)
    again.confirm("Delete permanently")
    trash = TrashPage(page).expect_open()
    trash.flashes.expect_only("Product “Oak Lamp” permanently deleted.", "success")
    expect(trash.flashes.undo_button).to_have_count(0)
    expect(trash.nothing_yet).to_be_visible()
