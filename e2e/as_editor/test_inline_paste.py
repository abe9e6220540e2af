"""Pasting cells from a spreadsheet into a list: shown first, saved as one change, undone at once."""

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from dashboard.catalogue.models import Product, ProductStatus
from e2e.components.cells import Cells
from e2e.server import Console

LAMPS = "/admin/products/?q=lamp&sort=name"


@pytest.fixture
def cells(page: Page) -> Cells:
    """The cells of all lamps, by name."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(LAMPS)
    return Cells(page)


def paste(page: Page, target: Locator, text: str) -> Locator:
    """Copy a text, paste it into a cell, and return the dialog that shows it."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    target.focus()
    page.keyboard.press("ControlOrMeta+v")
    return page.get_by_role("dialog", name="Paste")


def names_of(page: Page) -> list[str]:
    """The names of the rows, in their order."""
    return [name.strip() for name in page.get_by_role("table").get_by_role("rowheader").all_inner_texts()]


def stored(server: Console) -> dict[str, Product]:
    """The products by their names."""
    with server.database() as session:
        found = {product.name: product for product in session.scalars(select(Product))}
        session.expunge_all()
    return found


def other_status(product: Product) -> str:
    """The label of a status that the product does not have."""
    return "Active" if product.status is ProductStatus.ARCHIVED else "Archived"


def test_pasted_block_is_shown_saved_at_once_and_undone(page: Page, cells: Cells, server: Console) -> None:
    first, second, *_ = names_of(page)
    before = stored(server)
    one, two = (other_status(before[name]) for name in (first, second))
    block = f"45,50\t901\t{one}\r\n46\t902\t{two.upper()}\r\n"
    dialog = paste(page, cells.cell("price", first), block)
    expect(dialog.get_by_role("heading", name="Paste 6 cells")).to_be_visible()
    line = dialog.get_by_role("row").filter(has_text=first).filter(has_text="Price")
    expect(line).to_contain_text("45.50")
    assert stored(server)[first].stock == before[first].stock
    dialog.get_by_role("button", name="Change 6 cells").click()
    expect(dialog).to_have_count(0)
    expect(cells.cell("price", first)).to_have_text("45.50 EUR")
    expect(cells.cell("price", first)).to_be_focused()
    expect(cells.cell("stock", second)).to_have_text("902")
    expect(cells.cell("status", second)).to_have_text(two)
    expect(page.get_by_role("status").filter(has_text="6 cells changed")).to_be_visible()
    cells.undo.click()
    expect(cells.undone).to_have_text("6 cells undone")
    expect(cells.cell("stock", second)).to_have_text(f"{before[second].stock:,}")
    assert {name: product.stock for name, product in stored(server).items()} == {
        name: product.stock for name, product in before.items()
    }


def test_refused_cells_are_named_and_left_out(page: Page, cells: Cells) -> None:
    first, second, third, *_ = names_of(page)
    dialog = paste(page, cells.cell("stock", first), "901\nmany\n903")
    line = dialog.get_by_role("row").filter(has_text=second)
    expect(line).to_contain_text("many")
    expect(line).to_contain_text("Enter a whole number of 0 or more.")
    expect(line.get_by_role("checkbox")).to_be_disabled()
    dialog.get_by_role("checkbox", name=f"Change Stock of {third}").uncheck()
    dialog.get_by_role("button", name="Change 1 cell").click()
    expect(cells.cell("stock", first)).to_have_text("901")
    expect(cells.cell("stock", third)).not_to_have_text("903")


def test_block_beyond_the_list_is_told(page: Page, cells: Cells) -> None:
    last = names_of(page)[-1]
    dialog = paste(page, cells.cell("status", last), "Draft\tx\ty\nActive\tx\ty\n")
    expect(dialog.get_by_text("it can't be edited in the list: Created")).to_be_visible()
    expect(dialog.get_by_text("1 row below the last row of this page")).to_be_visible()
    expect(dialog.get_by_text("1 column to the right of the last one")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_one_value_is_pasted_into_the_field_of_its_cell(page: Page, cells: Cells) -> None:
    first = names_of(page)[0]
    expect(paste(page, cells.cell("stock", first), "77\r\n")).to_have_count(0)
    expect(cells.field).to_have_value("77")
    page.keyboard.press("Enter")
    cells.expect_saved("Stock", first, "77")


def test_block_is_pasted_into_an_open_cell(page: Page, cells: Cells) -> None:
    first, second, *_ = names_of(page)
    cells.open("stock", first)
    dialog = paste(page, cells.field, "901\n902")
    dialog.get_by_role("button", name="Change 2 cells").click()
    expect(cells.cell("stock", second)).to_have_text("902")


def test_quoted_cells_keep_their_tabs_and_quotes(page: Page, cells: Cells) -> None:
    first, second, *_ = names_of(page)
    dialog = paste(page, cells.cell("stock", first), '"9""0\t1"\n902')
    expect(dialog.get_by_role("row").filter(has_text=first)).to_contain_text('9"0 1')
    expect(dialog.get_by_role("button", name="Change 1 cell")).to_be_focused()
    expect(dialog.get_by_role("row").filter(has_text=second)).to_contain_text("902")


@pytest.mark.allow(status=409)
def test_cells_that_others_changed_since_are_looked_at_again(
    page: Page, cells: Cells, server: Console
) -> None:
    first, second, *_ = names_of(page)
    with server.database() as session:
        session.scalars(select(Product).where(Product.name == first)).one().stock = 3
    dialog = paste(page, cells.cell("stock", first), "901\n902")
    box = dialog.get_by_role("checkbox", name=f"Change Stock of {first}")
    expect(box).not_to_be_checked()
    expect(dialog.get_by_role("row").filter(has_text=first)).to_contain_text("changed this")
    box.check()
    with server.database() as session:
        session.scalars(select(Product).where(Product.name == second)).one().stock = 4
    dialog.get_by_role("button", name="Change 2 cells").click()
    expect(dialog.get_by_text("Nothing was saved")).to_be_visible()
    dialog.get_by_role("checkbox", name=f"Change Stock of {second}").check()
    dialog.get_by_role("button", name="Change 2 cells").click()
    expect(cells.cell("stock", second)).to_have_text("902")
    expect(cells.cell("stock", first)).to_have_text("901")


def test_the_same_values_change_nothing(page: Page, cells: Cells, server: Console) -> None:
    first, second, *_ = names_of(page)
    its = stored(server)
    dialog = paste(page, cells.cell("stock", first), f"{its[first].stock}\n{its[second].stock}")
    expect(dialog.get_by_text("2 cells have this value already.")).to_be_visible()
    expect(dialog.get_by_text("There is nothing to change.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(cells.cell("stock", first)).to_be_focused()
