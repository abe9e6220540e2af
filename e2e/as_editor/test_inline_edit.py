"""Editing price, stock and status in the list: by keyboard, mouse and finger, with errors and conflicts."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.catalogue.models import Product
from dashboard.history.recording import describe
from e2e.catalogue import product_id
from e2e.components.cells import Cells
from e2e.leaving import Asked
from e2e.pages.merge import MergePage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console, email_of

LAMP = "Oak Lamp"
COLOURS = "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor].join()"


def saved_by_a_colleague(server: Console, **values: object) -> None:
    """Change the lamp as an admin."""
    with server.database() as session:
        admin = session.scalars(select(User).where(User.email == email_of("admin"))).one()
        describe(session, author_id=admin.id)
        lamp = session.scalars(select(Product).where(Product.name == LAMP)).one()
        for field, value in values.items():
            setattr(lamp, field, value)


def test_price_stock_and_status_are_edited_by_keyboard_alone(page: Page, cells: Cells) -> None:
    expect(cells.cell("price", LAMP)).to_have_text("79.90 EUR")
    cells.open("price", LAMP)
    expect(cells.dialog.get_by_label("Price in EUR")).to_have_value("79.90")
    cells.type("1.234,5").expect_saved("Price", LAMP, "1,234.50 EUR")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("F2")
    expect(cells.dialog.get_by_label("Stock")).to_have_value("27")
    cells.type("1 000").expect_saved("Stock", LAMP, "1,000")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(cells.dialog.get_by_role("radio", name="Active")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    cells.expect_saved("Status", LAMP, "Archived")
    page.reload()
    for column, shown in (("price", "1,234.50 EUR"), ("stock", "1,000"), ("status", "Archived")):
        expect(cells.cell(column, LAMP)).to_have_text(shown)


def test_cells_of_several_rows_are_saved_one_after_the_other(page: Page) -> None:
    page.goto("/admin/products/?q=lamp&sort=name")
    cells = Cells(page)
    for record, stock in ((LAMP, "5"), ("Salt Crystal Lamp", "6"), (LAMP, "7")):
        cells.open("stock", record).type(stock).expect_saved("Stock", record, stock)
    page.reload()
    expect(cells.cell("stock", LAMP)).to_have_text("7")
    expect(cells.cell("stock", "Salt Crystal Lamp")).to_have_text("6")


def test_arrows_move_between_cells_and_stop_at_the_edges(page: Page) -> None:
    page.goto("/admin/products/?q=lamp&sort=name")
    cells = Cells(page)
    first, second = "Adjustable Piano Lamp", "Bar Clamp Pair"
    cells.cell("category", first).focus()
    for key, column, record in (
        ("ArrowUp", "category", first),
        ("ArrowLeft", "SKU", first),
        ("ArrowLeft", "SKU", first),
        ("ArrowRight", "category", first),
        ("ArrowRight", "price", first),
        ("ArrowDown", "price", second),
        ("ArrowRight", "stock", second),
        ("ArrowRight", "status", second),
        ("ArrowRight", "status", second),
        ("ArrowUp", "status", first),
        ("Shift+Tab", "stock", first),
    ):
        page.keyboard.press(key)
        expect(cells.cell(column, record)).to_be_focused()


def test_escape_keeps_the_cell_unchanged(page: Page, cells: Cells) -> None:
    cells.open("price", LAMP).field.fill("1")
    page.keyboard.press("Escape")
    expect(cells.dialog).to_have_count(0)
    expect(cells.cell("price", LAMP)).to_be_focused()
    expect(cells.cell("price", LAMP)).to_have_text("79.90 EUR")


def test_leaving_with_a_changed_cell_open_asks_first(page: Page, cells: Cells) -> None:
    asked = Asked(page, leave=False)
    cells.open("stock", LAMP)
    page.reload()
    cells.open("stock", LAMP).field.fill("5")
    with page.expect_event("dialog"):
        page.evaluate("setTimeout(() => location.reload())")
    expect(cells.field).to_have_value("5")
    cells.cancel.click()
    page.reload()
    assert asked.times == 1


def test_click_or_double_click_opens_a_cell(page: Page, cells: Cells) -> None:
    cells.cell("stock", LAMP).click()
    expect(cells.field).to_be_focused()
    cells.cancel.click()
    expect(cells.cell("stock", LAMP)).to_be_focused()
    page.get_by_role("cell", name="79.90 EUR").dblclick(position={"x": 3, "y": 3})
    expect(cells.dialog.get_by_label("Price in EUR")).to_be_focused()


def test_click_outside_closes_only_an_unchanged_cell(page: Page, cells: Cells) -> None:
    cells.open("stock", LAMP)
    page.mouse.click(700, 880)
    expect(cells.dialog).to_have_count(0)
    cells.open("stock", LAMP).field.fill("5")
    page.mouse.click(700, 880)
    expect(cells.field).to_have_value("5")


def test_saved_status_shows_its_own_colours_and_name(page: Page, cells: Cells) -> None:
    badge = cells.cell("status", LAMP).get_by_text(re.compile("Active|Draft"))
    active = badge.evaluate(COLOURS)
    cells.cell("status", LAMP).click()
    cells.choose("Draft").expect_saved("Status", LAMP, "Draft")
    draft = badge.evaluate(COLOURS)
    assert draft != active
    expect(page.get_by_role("button", name=f"Edit status of {LAMP}, Draft")).to_be_focused()
    page.reload()
    assert badge.evaluate(COLOURS) == draft


@pytest.mark.allow(status=422)
def test_invalid_value_is_reported_at_the_cell_and_kept(cells: Cells) -> None:
    cells.open("price", LAMP).type("1,200")
    cells.expect_problem("1,200 can mean 1200 or 1.2. Type 1200 or 1.2.", kept="1,200")
    expect(cells.field).to_have_attribute("aria-invalid", "true")
    expect(cells.field).to_have_accessible_description(re.compile("^1,200 can mean"))
    cells.type("0.505").expect_problem("EUR has 2 decimals; round the price.", kept="0.505")
    cells.type("12.50").expect_saved("Price", LAMP, "12.50 EUR")


@pytest.mark.postgresql
@pytest.mark.allow(status=409)
@pytest.mark.parametrize("how", ["click", "Escape"])
def test_conflict_in_a_cell_keeps_theirs(page: Page, cells: Cells, server: Console, how: str) -> None:
    saved_by_a_colleague(server, stock=3)
    cells.open("stock", LAMP).type("5")
    cells.expect_problem("Account no. 3 changed this just now, to 3.", kept="5")
    cells.keep_theirs.click() if how == "click" else page.keyboard.press("Escape")
    expect(cells.dialog).to_have_count(0)
    expect(cells.cell("stock", LAMP)).to_have_text("3")
    page.reload()
    expect(cells.cell("stock", LAMP)).to_have_text("3")
    cells.open("stock", LAMP).type("5").expect_saved("Stock", LAMP, "5")


@pytest.mark.parametrize("how", ["click", "keys"])
@pytest.mark.allow(status=409)
def test_conflict_in_a_cell_saves_mine_anyway(page: Page, cells: Cells, server: Console, how: str) -> None:
    saved_by_a_colleague(server, stock=3)
    cells.open("stock", LAMP).type("5")
    cells.expect_problem("Account no. 3 changed this just now, to 3.", kept="5")
    if how == "click":
        cells.save_anyway.click()
    else:
        page.keyboard.press("Tab")
        expect(cells.keep_theirs).to_be_focused()
        page.keyboard.press("Tab")
        expect(cells.save_anyway).to_be_focused()
        page.keyboard.press("Enter")
    cells.expect_saved("Stock", LAMP, "5")
    page.reload()
    expect(cells.cell("stock", LAMP)).to_have_text("5")


@pytest.mark.allow(status=409)
def test_enter_again_after_a_conflict_does_not_overwrite(cells: Cells, server: Console) -> None:
    saved_by_a_colleague(server, stock=3)
    cells.open("stock", LAMP).type("5").expect_problem("changed this just now, to 3.", kept="5")
    cells.type("6").expect_problem("changed this just now, to 3.", kept="6")
    expect(cells.save).to_be_hidden()
    cells.keep_theirs.click()
    expect(cells.cell("stock", LAMP)).to_have_text("3")


@pytest.mark.allow(status=409)
@pytest.mark.allow(status=422)
def test_error_after_a_conflict_offers_save_and_cancel_again(cells: Cells, server: Console) -> None:
    saved_by_a_colleague(server, stock=3)
    cells.open("stock", LAMP).type("5")
    cells.field.fill("many")
    cells.save_anyway.click()
    cells.expect_problem("Enter a whole number of 0 or more.", kept="many")
    expect(cells.save).to_be_visible()
    expect(cells.cancel).to_be_visible()


@pytest.mark.allow(status=409)
def test_conflict_in_a_cell_updates_all_cells_of_its_row(cells: Cells, server: Console) -> None:
    saved_by_a_colleague(server, price=Decimal(90), stock=3, status="draft")
    cells.open("stock", LAMP).type("5").expect_problem("changed this just now, to 3.", kept="5")
    cells.keep_theirs.click()
    expect(cells.cell("price", LAMP)).to_have_text("90.00 EUR")
    expect(cells.cell("status", LAMP)).to_have_text("Draft")
    cells.open("price", LAMP)
    expect(cells.field).to_have_value("90.00")


@pytest.mark.parametrize("columns", ["stock", "stock&column=status&column=price"])
@pytest.mark.allow(status=409)
def test_conflict_is_shown_with_hidden_or_moved_columns(page: Page, server: Console, columns: str) -> None:
    page.goto(f"/admin/products/?q=oak+lamp&column=name&column={columns}")
    cells = Cells(page)
    saved_by_a_colleague(server, price=Decimal(90), stock=3)
    cells.open("stock", LAMP).type("5").expect_problem("changed this just now, to 3.", kept="5")
    cells.save_anyway.click()
    cells.expect_saved("Stock", LAMP, "5")


@pytest.mark.allow(status=409)
def test_list_shown_by_back_detects_later_changes(page: Page, cells: Cells, server: Console) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    cells.open("price", LAMP).field.fill("80")
    saved_by_a_colleague(server, price=Decimal(90))
    page.goto("/admin/categories/")
    page.go_back()
    expect(cells.cell("price", LAMP)).to_have_text("90.00 EUR")
    expect(cells.dialog).to_have_count(0)
    saved_by_a_colleague(server, price=Decimal(91))
    cells.open("price", LAMP).type("80").expect_problem("changed this just now, to 91.00 EUR.", kept="80")


@pytest.mark.allow(status=409)
def test_second_tab_and_open_form_detect_a_saved_cell(
    cells: Cells, open_as: Callable[..., Page], server: Console
) -> None:
    other = open_as("editor")
    other.goto("/admin/products/?q=oak+lamp")
    form = ProductFormPage(open_as("editor")).edit(product_id(server, LAMP)).fill(description="Mine")
    cells.open("price", LAMP).type("80").expect_saved("Price", LAMP, "80.00 EUR")
    Cells(other).open("stock", LAMP).type("5").expect_problem(
        "You (in another window) changed this product just now. This field is still 27.", kept="5"
    )
    form.save_button.click()
    MergePage(form.page).expect_merging(LAMP).expect_settled(Price="Took", Description="Kept yours")


def test_cell_sent_twice_is_saved_once(page: Page, cells: Cells) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if "/cell/" in request.url else None)
    cells.open("stock", LAMP)
    cells.field.fill("5")
    cells.dialog.locator("form").evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")
    cells.expect_saved("Stock", LAMP, "5")
    assert sent == ["POST"]


@pytest.mark.phone_only
def test_cells_are_edited_by_taps_on_a_phone(page: Page, cells: Cells) -> None:
    ProductListPage(page).table.more(LAMP).tap()
    cells.cell("price", LAMP).tap()
    cells.field.fill("80")
    cells.save.tap()
    cells.expect_saved("Price", LAMP, "80.00 EUR")
    cells.cell("status", LAMP).tap()
    cells.choose("Draft").expect_saved("Status", LAMP, "Draft")


def test_viewer_cannot_edit_cells(open_as: Callable[..., Page]) -> None:
    page = open_as("viewer")
    page.goto("/admin/products/?q=oak+lamp")
    expect(page.get_by_role("cell", name="79.90 EUR")).to_be_visible()
    expect(Cells(page).all).to_have_count(0)


def test_without_javascript_rows_link_to_the_edit_page(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/admin/products/?q=oak+lamp")
    expect(Cells(page).all).to_have_count(0)
    ProductListPage(page).table.edit(LAMP)
    ProductFormPage(page).expect_values(price="79.90", stock="27")
