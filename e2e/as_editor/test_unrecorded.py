"""A change that cannot be recorded in the history is not made; the page says so and keeps typed text."""

import pytest
from playwright.sync_api import Page

from e2e.catalogue import product_id, products
from e2e.components.cells import Cells
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

LAMP = "Oak Lamp"
UNRECORDED = "The change could not be recorded in the history, so it was not made. Try again later."
NOTED = "The history could not be written"
FAULT = "CREATE TRIGGER fault BEFORE INSERT ON {} BEGIN SELECT RAISE(ABORT, 'the disk is odd'); END"


def break_history(server: Console, table: str = "changes") -> None:
    """Let the database refuse new rows of the history."""
    with server.database() as session:
        session.connection().exec_driver_sql(FAULT.format(table))


def mend_history(server: Console) -> None:
    """Let the database take new rows of the history again."""
    with server.database() as session:
        session.connection().exec_driver_sql("DROP TRIGGER fault")


@pytest.mark.allow(exception=NOTED)
@pytest.mark.parametrize("table", ["changes", "change_seals"])
def test_form_is_saved_only_once_the_history_can_be_written(page: Page, server: Console, table: str) -> None:
    before = products(server)
    form = ProductFormPage(page).edit(product_id(server, LAMP)).fill(stock="3", name="Elm Lamp")
    break_history(server, table)
    form.save_button.click()
    form.title = "Edit Oak Lamp"
    form.expect_errors(UNRECORDED).expect_values(stock="3", name="Elm Lamp")
    assert products(server) == before
    mend_history(server)
    form.save_button.click()
    ProductListPage(page).expect_open().flashes.expect_only("Product “Elm Lamp” saved.", "success")


@pytest.mark.allow(status=422, exception=NOTED)
def test_cell_is_not_saved_without_history_and_keeps_the_typed_value(page: Page, server: Console) -> None:
    page.goto("/admin/products/?q=oak+lamp")
    cells = Cells(page)
    break_history(server)
    cells.open("stock", LAMP).type("5")
    cells.expect_problem(UNRECORDED, kept="5")
    mend_history(server)
    cells.type("5").expect_saved("Stock", LAMP, "5")


@pytest.mark.allow(exception=NOTED)
def test_deletion_without_history_is_refused(page: Page, server: Console) -> None:
    before = products(server)
    break_history(server)
    listed = ProductListPage(page).open("?q=lamp")
    listed.table.delete(LAMP)
    listed.dialog.confirm("Delete product")
    listed.expect_open().flashes.expect_only(UNRECORDED, "error")
    assert products(server) == before
