"""Lists on a phone: rows of two lines that open, one select that sorts, and few screens to scroll."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.testing.harness import layout
from dashboard.testing.harness.accessibility import Accessibility
from e2e.catalogue import add_product
from e2e.components.cells import Cells
from e2e.own_kinds import Base, Supplier, Terms
from e2e.pages.category_list import CategoryListPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.suppliers import SupplierListPage
from e2e.server import Console

HIGHEST = 80
"""The height in pixels of a row that is not open."""
SCREENS = 4
LONG = "Stackable Modular Storage Cube with Removable Fabric Drawer and Label Window"
LAMP = "Oak Lamp"
ROLES = "row => [row, ...row.querySelectorAll('td, th')].map(e => e.getAttribute('role'))"
WIDE_TEXT = "document.documentElement.style.fontSize = '200%'"
# The text of a row as it is seen: that of its cells, each after what the style sheet puts before it.
SEEN = """row => [...row.children].filter(e => e.checkVisibility() && e.matches('th, [data-label]'))
    .map(e => [getComputedStyle(e, '::before').content, e.innerText.trim()])
    .map(([before, text]) => before === 'none' ? text : before.slice(1, -1) + text).join('')"""


@pytest.fixture
def phone(page: Page) -> Page:
    """A page of the size of a phone."""
    page.set_viewport_size(layout.PHONE)
    return page


def heights(rows: Locator) -> list[float]:
    """The heights of the rows of a list in pixels."""
    return [row.bounding_box()["height"] for row in rows.all()]


def test_rows_of_a_phone_are_low_and_25_fit_four_screens(phone: Page, server: Console) -> None:
    add_product(server, LONG, sku="W" * 40, price=Decimal(9999999999), stock=1_000_000_000)
    listed = ProductListPage(phone).open()
    expect(listed.table.names).to_have_count(25)
    assert max(heights(listed.table.table.locator("tbody tr"))) <= HIGHEST
    assert phone.evaluate("document.documentElement.scrollHeight") <= SCREENS * layout.PHONE["height"]


def test_row_shows_name_state_and_facts_of_chosen_columns(phone: Page) -> None:
    listed = ProductListPage(phone).open("?q=oak+lamp&column=price&column=stock&column=sku&column=status")
    row = listed.table.row(LAMP)
    assert row.evaluate(SEEN) == f"{LAMP}79.90 EUR · Stock 27 · LMP-0012Active"
    name, state = row.get_by_role("link", name=LAMP, exact=True), row.get_by_role("cell", name="Active")
    assert abs(name.bounding_box()["y"] + 18 - state.bounding_box()["y"] - 10) < 10
    assert state.bounding_box()["x"] > 200


def test_chosen_option_above_a_list_is_in_sight(page: Page) -> None:
    page.set_viewport_size(layout.SMALLEST)
    page.goto("/admin/products/?status=archived")
    row = page.get_by_role("navigation", name="Rows by status")
    expect(row.get_by_role("link", name="Archived")).to_be_in_viewport(ratio=1)
    page.goto("/admin/products/")
    expect(row.get_by_role("link", name="All")).to_be_in_viewport(ratio=1)


def test_row_with_a_picture_is_as_low(phone: Page, server: Console) -> None:
    listed = ProductListPage(phone).open("?column=photo&column=price")
    expect(listed.table.names).to_have_count(25)
    phone.evaluate(
        """() => { const cell = document.querySelector('tbody td[data-label=Photo]');
        cell.className = ''; cell.innerHTML = '<img class="thumb" alt="" width="40" height="40">'; }"""
    )
    row = listed.table.table.locator("tbody tr").first
    assert heights(row)[0] <= HIGHEST
    picture, whole = row.locator("img").bounding_box(), row.bounding_box()
    assert whole["y"] <= picture["y"]
    assert picture["y"] + picture["height"] <= whole["y"] + whole["height"]
    assert picture["x"] + picture["width"] <= row.get_by_role("link").first.bounding_box()["x"]


def test_row_opens_to_all_values_cells_and_actions(phone: Page) -> None:
    listed = ProductListPage(phone).open("?q=oak+lamp")
    expect(listed.table.table.get_by_role("link", name=f"Delete {LAMP}")).to_be_hidden()
    listed.table.more(LAMP).click()
    for action in ("Edit", "Delete"):
        expect(listed.table.table.get_by_role("link", name=f"{action} {LAMP}")).to_be_visible()
    cells = Cells(phone)
    cells.cell("stock", LAMP).click()
    cells.type("5").expect_saved("Stock", LAMP, "5")
    listed.table.more(LAMP).click()
    expect(listed.table.table.get_by_role("link", name=f"Delete {LAMP}")).to_be_hidden()


def test_one_row_is_open_at_a_time(phone: Page) -> None:
    listed = ProductListPage(phone).open("?q=lamp&sort=name")
    first, second = (listed.table.names.nth(place).inner_text().strip() for place in (0, 1))
    listed.table.more(first).click()
    listed.table.more(second).click()
    expect(listed.table.table.get_by_role("link", name=f"Edit {second}", exact=True)).to_be_visible()
    expect(listed.table.table.get_by_role("link", name=f"Edit {first}", exact=True)).to_be_hidden()


def test_row_opens_when_a_link_in_a_cell_gets_the_focus(phone: Page) -> None:
    listed = ProductListPage(phone).open("?q=oak+lamp")
    row = listed.table.row(LAMP)
    row.get_by_role("link", name="Lighting").focus()
    expect(row.get_by_role("link", name="Lighting")).to_be_in_viewport()
    assert heights(row)[0] > HIGHEST
    listed.table.tick(LAMP).focus()
    assert heights(row)[0] <= HIGHEST


@pytest.mark.phone_only
def test_tap_on_the_facts_of_a_row_opens_its_record(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    box = listed.table.row(LAMP).bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] - 14)
    expect(page.get_by_role("heading", level=1)).to_have_text(LAMP)


@pytest.mark.phone_only
def test_list_is_sorted_by_one_select(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp")
    order = page.get_by_role("combobox", name="Sort by")
    expect(order.locator("option:checked")).to_have_text("Best match first")
    order.tap()
    order.select_option("Price high to low, by currency")
    listed.table.expect_sorted("Price", "descending")
    expect(order.locator("option:checked")).to_have_text("Price high to low, by currency")


def test_list_is_sorted_by_one_select_and_a_button(phone: Page) -> None:
    listed = ProductListPage(phone).open("?q=lamp&column=sku")
    order = phone.get_by_role("combobox", name="Sort by")
    order.focus()
    order.select_option("SKU A\N{EN DASH}Z")
    phone.get_by_role("button", name="Sort", exact=True).press("Enter")
    listed.table.expect_sorted("SKU", "ascending")


def test_rows_open_and_sort_without_javascript(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.set_viewport_size(layout.PHONE)
    listed = ProductListPage(page).open("?q=lamp")
    page.get_by_role("combobox", name="Sort by").select_option("Name A\N{EN DASH}Z")
    page.get_by_role("button", name="Sort", exact=True).click()
    listed.table.expect_sorted("Name", "ascending")
    listed.table.more(LAMP).click()
    listed.table.edit(LAMP)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Edit {LAMP}")


def test_table_stays_a_table_for_screen_readers_on_a_phone(phone: Page) -> None:
    listed = ProductListPage(phone).open("?q=oak+lamp")
    tree = phone.context.new_cdp_session(phone).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if not node["ignored"]]
    assert roles.count("table") == 1
    assert roles.count("row") == 2
    assert roles.count("rowheader") == 1
    for column in ("Name", "SKU", "Price", "Stock", "Status"):
        expect(listed.table.header(column)).to_have_count(1)
    assert {"columnheader", "cell"} <= set(roles)
    written = listed.table.row(LAMP).evaluate(ROLES)
    assert set(written) <= {"row", "cell", "rowheader"}


def test_open_row_passes_axe_and_fits_every_width(phone: Page, accessibility: Accessibility) -> None:
    listed = ProductListPage(phone).open("?q=lamp&size=10")
    listed.table.more(listed.table.names.first.inner_text().strip()).click()
    accessibility.check_everywhere(phone)
    layout.check_everywhere(phone)


@pytest.mark.parametrize("width", [320, 390])
def test_list_with_text_of_200_percent_fits_a_phone(phone: Page, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 844})
    listed = ProductListPage(phone).open("?q=lamp&size=10")
    phone.evaluate(WIDE_TEXT)
    layout.nothing_sideways(phone, f"{width} px wide, text of 200 %")
    name = listed.table.names.first.get_by_role("link").bounding_box()
    assert name["width"] > 60
    assert name["x"] + name["width"] < width


def test_rows_of_own_kinds_and_categories_are_as_low(
    console_of: Callable[..., Console], page_at: Callable[..., Page]
) -> None:
    console = console_of("e2e.own_kinds", Base)
    with console.database() as session:
        session.add(Supplier(name="Acme", city="Bern", credit=Decimal("10.50"), terms=Terms.LATER))
    page = page_at(console)
    page.set_viewport_size(layout.PHONE)
    listed = SupplierListPage(page).open()
    assert listed.table.row("Acme").evaluate(SEEN) == "AcmeBern · Credit 10.50Later"
    assert heights(listed.table.row("Acme"))[0] <= HIGHEST
    categories = CategoryListPage(page).open()
    assert max(heights(categories.table.table.locator("tbody tr"))) <= HIGHEST
