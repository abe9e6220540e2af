"""Editing many cells in a row: Tab and the arrows save and open the next one, and each save can be undone."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from dashboard.catalogue.models import Product
from e2e.catalogue import add_product
from e2e.components.cells import Cells
from e2e.leaving import Asked
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

LAMP = "Oak Lamp"
HOSTILE = "<img src=x onerror=alert(1)>\u202egnp"
LAMPS = "/admin/products/?q=lamp&sort=name"
ADDRESS = "**/admin/products/cell/"
TICK = "cell => getComputedStyle(cell.closest('td'), '::after').content"


def stocks(server: Console) -> dict[str, int]:
    """The stored stocks by name."""
    with server.database() as session:
        return {product.name: product.stock for product in session.scalars(select(Product))}


@pytest.fixture
def lamps(page: Page) -> Cells:
    """The cells of all lamps, by name."""
    page.goto(LAMPS)
    return Cells(page)


def names_of(page: Page) -> list[str]:
    """The names of the rows, in their order."""
    return [name.strip() for name in page.get_by_role("rowheader").all_inner_texts()]


def test_tab_saves_and_opens_the_next_cell_of_the_row(page: Page, lamps: Cells) -> None:
    first = names_of(page)[0]
    lamps.open("price", first).field.fill("45")
    page.keyboard.press("Tab")
    expect(lamps.dialog.get_by_label("Stock")).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    expect(lamps.dialog.get_by_role("radio", name=re.compile("Active|Draft")).first).to_be_visible()
    expect(lamps.cell("price", first)).to_have_text("45.00 EUR")
    expect(lamps.cell("stock", first)).to_have_text("12")
    page.keyboard.press("Shift+Tab")
    expect(lamps.dialog.get_by_label("Stock")).to_be_focused()
    expect(lamps.field).to_have_value("12")
    page.keyboard.press("Escape")
    expect(lamps.cell("stock", first)).to_be_focused()


def test_tab_goes_from_the_last_cell_of_a_row_to_the_next_row(page: Page, lamps: Cells) -> None:
    first, second, *_ = names_of(page)
    lamps.cell("status", first).click()
    lamps.dialog.get_by_role("radio", name="Archived").check()
    page.keyboard.press("Tab")
    expect(page.get_by_role("dialog", name=f"SKU of {second}")).to_be_visible()
    expect(lamps.cell("status", first)).to_have_text("Archived")


def test_down_saves_and_opens_the_cell_below(page: Page, lamps: Cells, server: Console) -> None:
    names = names_of(page)
    lamps.open("stock", names[0])
    for number, name in enumerate(names, start=500):
        expect(page.get_by_role("dialog", name=f"Stock of {name}")).to_be_visible()
        page.keyboard.type(str(number))
        page.keyboard.press("ArrowDown")
    expect(lamps.dialog).to_have_count(0)
    expect(lamps.cell("stock", names[-1])).to_be_focused()
    for number, name in enumerate(names, start=500):
        expect(lamps.cell("stock", name)).to_have_text(str(number))
    stored = stocks(server)
    assert [stored[name] for name in names] == [*range(500, 500 + len(names))]


def test_nothing_typed_is_lost_while_a_slow_server_saves(page: Page, lamps: Cells, server: Console) -> None:
    held: list[Route] = []
    page.route(ADDRESS, lambda route: held.append(route), times=1)
    first, second, third, *_ = names_of(page)
    asked = Asked(page, leave=False)
    lamps.open("stock", first)
    for text in ("501", "502", "503"):
        page.keyboard.type(text)
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    with page.expect_event("dialog"):
        page.evaluate("setTimeout(() => location.reload())")
    assert asked.times == 1
    held[0].continue_()
    for name, stock in ((first, "501"), (second, "502"), (third, "503")):
        expect(lamps.cell("stock", name)).to_have_text(stock)
    assert [stocks(server)[name] for name in (first, second, third)] == [501, 502, 503]


@pytest.mark.allow(status=422)
def test_refused_value_stays_with_its_cell_while_others_are_typed(page: Page, lamps: Cells) -> None:
    first, second, third, *_ = names_of(page)
    lamps.open("stock", first)
    for text in ("many", "502"):
        page.keyboard.type(text)
        page.keyboard.press("ArrowDown")
    expect(lamps.refused).to_have_text(
        f"Stock of {first} is not saved: many. Enter a whole number of 0 or more."
    )
    expect(lamps.cell("stock", second)).to_have_text("502")
    page.keyboard.type("503")
    page.keyboard.press("Enter")
    expect(lamps.cell("stock", third)).to_have_text("503")
    lamps.edit_again.click()
    lamps.expect_problem("Enter a whole number of 0 or more.", kept="many")
    lamps.type("501").expect_saved("Stock", first, "501")
    expect(lamps.refused).to_be_empty()


@pytest.mark.allow(status=409)
def test_later_cells_of_a_row_do_not_pass_over_a_conflict(page: Page, lamps: Cells, server: Console) -> None:
    first = names_of(page)[0]
    with server.database() as session:
        session.scalars(select(Product).where(Product.name == first)).one().stock = 3
    lamps.open("price", first).field.fill("45")
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    expect(lamps.cell("stock", first)).to_have_text("3")
    page.keyboard.press("Escape")
    expect(lamps.refused).to_contain_text(f"Price of {first} is not saved: 45.")
    lamps.edit_again.click()
    expect(lamps.problem).to_contain_text("This field is still")
    lamps.save_anyway.click()
    expect(lamps.cell("price", first)).to_have_text("45.00 EUR")
    expect(lamps.refused).to_contain_text(f"Stock of {first} is not saved: 12.")
    lamps.edit_again.click()
    lamps.keep_theirs.click()
    expect(lamps.refused).to_be_empty()
    assert stocks(server)[first] == 3


def test_saved_cell_has_a_tick_and_is_undone_in_its_place(page: Page, cells: Cells, server: Console) -> None:
    cells.open("stock", LAMP).type("5").expect_saved("Stock", LAMP, "5")
    assert "✓" in cells.cell("stock", LAMP).evaluate(TICK)
    cells.undo.click()
    expect(cells.undone).to_have_text(f"Stock of {LAMP} undone: 27")
    expect(cells.cell("stock", LAMP)).to_have_text("27")
    expect(cells.cell("stock", LAMP)).to_be_focused()
    assert "✓" not in cells.cell("stock", LAMP).evaluate(TICK)
    assert stocks(server)[LAMP] == 27
    expect(cells.undo).to_be_hidden()
    cells.open("stock", LAMP).type("6").expect_saved("Stock", LAMP, "6")


def test_undo_key_takes_saved_cells_back_one_after_the_other(page: Page, cells: Cells) -> None:
    cells.open("stock", LAMP).type("5").expect_saved("Stock", LAMP, "5")
    cells.open("price", LAMP).type("80").expect_saved("Price", LAMP, "80.00 EUR")
    page.keyboard.press("ControlOrMeta+z")
    expect(cells.undone).to_have_text(f"Price of {LAMP} undone: 79.90 EUR")
    page.keyboard.press("ControlOrMeta+z")
    expect(cells.undone).to_have_text(f"Stock of {LAMP} undone: 27")
    page.reload()
    expect(cells.cell("price", LAMP)).to_have_text("79.90 EUR")
    expect(cells.cell("stock", LAMP)).to_have_text("27")


@pytest.mark.allow(status=422)
def test_cell_that_changed_since_is_not_undone(page: Page, cells: Cells, server: Console) -> None:
    cells.open("stock", LAMP).type("5").expect_saved("Stock", LAMP, "5")
    with server.database() as session:
        session.scalars(select(Product).where(Product.name == LAMP)).one().stock = 3
    cells.undo.click()
    expect(page.get_by_role("main").get_by_text("has since been changed")).to_be_visible()
    assert stocks(server)[LAMP] == 3


def test_undone_cell_is_one_line_in_the_history(page: Page, cells: Cells) -> None:
    cells.open("stock", LAMP).type("5").expect_saved("Stock", LAMP, "5")
    cells.undo.click()
    expect(cells.undone).to_be_visible()
    page.goto("/admin/history/")
    expect(page.get_by_role("main").get_by_text("Undid changes of").filter(visible=True)).to_have_count(1)


def test_hostile_name_stays_text(page: Page, server: Console) -> None:
    add_product(server, HOSTILE)
    page.goto("/admin/products/?q=onerror")
    Cells(page).open("stock", HOSTILE).type("5").expect_saved("Stock", HOSTILE, "5")
    expect(page.locator("main img")).to_have_count(0)


def test_rows_keep_their_order_after_a_save(page: Page) -> None:
    products = ProductListPage(page).open("?q=oak&sort=-stock")
    names = products.table.names.all_inner_texts()
    cells = Cells(page)
    first = names[0].strip()
    cells.open("stock", first).type("0").expect_saved("Stock", first, "0")
    products.table.expect_names(*(name.strip() for name in names))


@pytest.mark.allow(status=409)
def test_tab_does_not_overwrite_after_a_conflict(page: Page, cells: Cells, server: Console) -> None:
    with server.database() as session:
        session.scalars(select(Product).where(Product.name == LAMP)).one().stock = 900
    cells.open("stock", LAMP).type("1").expect_problem("to 900.", kept="1")
    cells.field.fill("2")
    page.keyboard.press("Tab")
    expect(cells.keep_theirs).to_be_focused()
    assert stocks(server)[LAMP] == 900


@pytest.mark.allow(request="undo")
def test_undo_that_was_not_reached_can_be_pressed_again(page: Page, cells: Cells, server: Console) -> None:
    cells.open("stock", LAMP).type("5").expect_saved("Stock", LAMP, "5")
    page.route("**/cell/undo/", lambda route: route.abort("connectionrefused"))
    cells.undo.click()
    expect(cells.refused).to_contain_text(f"Stock of {LAMP} was not undone. The console cannot be reached.")
    page.unroute("**/cell/undo/")
    cells.undo.click()
    expect(cells.undone).to_have_text(f"Stock of {LAMP} undone: 27")


@pytest.mark.allow(status=409)
def test_undo_does_not_hide_what_another_user_saved_since(page: Page, cells: Cells, server: Console) -> None:
    held: list[Route] = []
    cells.open("stock", LAMP).type("5").expect_saved("Stock", LAMP, "5")
    page.route("**/cell/undo/", lambda route: held.append(route), times=1)
    with server.database() as session:
        session.scalars(select(Product).where(Product.name == LAMP)).one().price = Decimal(777)
    page.keyboard.press("ControlOrMeta+z")
    cells.open("price", LAMP)
    held[0].continue_()
    expect(cells.undone).to_be_attached()
    cells.type("11").expect_problem("changed this", kept="11")


def test_undo_key_waits_for_the_cell_that_is_being_saved(page: Page, lamps: Cells, server: Console) -> None:
    held: list[Route] = []
    first, second, *_ = names_of(page)
    before = stocks(server)[second]
    lamps.open("stock", first).type("501").expect_saved("Stock", first, "501")
    page.route(ADDRESS, lambda route: held.append(route), times=1)
    lamps.open("stock", second).field.fill("502")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("ControlOrMeta+z")
    held[0].continue_()
    expect(lamps.undone).to_have_text(f"Stock of {second} undone: {before:,}")
    assert stocks(server)[first] == 501
