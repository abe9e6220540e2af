"""Layouts of narrow screens only; test_accessibility.py checks that every state fits."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.layout import PHONE
from e2e.catalogue import add_category, add_product
from e2e.components.cells import Cells
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage
from e2e.server import PASSWORD, Console, email_of

LONG_NAME = "W" * 80
COLUMNS = ("sku", "category", "price", "stock", "status", "created", "photo", "changed")
# Whether nothing lies over the middle of an element.
IS_ON_TOP = "(e, { x, y }) => e.contains(document.elementFromPoint(x, y))"

# Where the digits before the point of the price in a cell end, in pixels.
END_OF_INTEGER = """cell => {
    const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(text, text.data.match(/^[\\d,]+/)[0].length);
    return range.getBoundingClientRect().right;
}"""
TINT = "cell => cell.querySelector('.badge')?.className ?? ''"

pytestmark = pytest.mark.parametrize("role", ["editor"])


@pytest.fixture
def phone(page: Page) -> Page:
    """A page of the width of a phone."""
    page.set_viewport_size(PHONE)
    return page


def test_opened_row_names_its_values(phone: Page, role: str) -> None:
    products = ProductListPage(phone).open("?q=oak+lamp")
    row = products.table.row("Oak Lamp")
    products.table.more("Oak Lamp").click()
    for label, value in {"SKU": "LMP-0012", "Price": "79.90 EUR", "Stock": "27", "Status": "Active"}.items():
        cell = row.get_by_role("cell", name=value)
        expect(cell).to_be_visible()
        assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == f'"{label}"'
    assert row.bounding_box()["height"] > 200


def test_filters_are_a_sheet_at_the_bottom(phone: Page, role: str) -> None:
    products = ProductListPage(phone).open("?size=10")
    products.filters.open()
    expect(products.filters.panel).to_be_in_viewport()
    sheet = products.filters.panel.bounding_box()
    assert (sheet["x"], sheet["width"]) == (0, PHONE["width"])
    assert sheet["y"] > 0
    assert sheet["y"] + sheet["height"] == pytest.approx(PHONE["height"], abs=1)
    products.filters.tick("Draft").apply()
    products.filters.expect_chips("Status: Draft")
    expect(products.filters.panel).to_be_hidden()


def test_dialog_fits_a_window_of_little_height(phone: Page, role: str) -> None:
    phone.set_viewport_size({"width": 640, "height": 260})
    products = ProductListPage(phone).open("?sort=name")
    products.table.select_all.check()
    products.bulk_bar.choose("Delete")
    products.dialog.expect_asks("Delete 25 products?")
    box = products.dialog.inside.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 260


def test_text_fields_are_large_enough_to_prevent_zooming(phone: Page, role: str) -> None:
    phone.goto("/admin/products/new/")
    for field in phone.get_by_role("main").get_by_role("textbox").all():
        expect(field).to_have_css("font-size", "16px")


def test_long_name_without_blanks_fits_filters_and_chips(phone: Page, server: Console, role: str) -> None:
    products = ProductListPage(phone).open(f"?category={add_category(server, LONG_NAME)}")
    label = products.filters.chip("Category", LONG_NAME).get_by_text("Category:")
    assert label.bounding_box()["height"] < 30
    name = products.filters.open().panel.get_by_text(LONG_NAME)
    assert name.evaluate("name => name.scrollWidth <= name.clientWidth")
    box = name.bounding_box()
    assert box["x"] + box["width"] < PHONE["width"]


def test_names_and_actions_stay_in_sight_in_a_wide_table(page: Page, role: str) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    products = ProductListPage(page).open("?column=" + "&column=".join(COLUMNS))
    region, row = products.table.region, products.table.table.locator("tbody tr").first
    whole = region.bounding_box()
    for scrolled in (0, 150, 10_000):
        region.evaluate("(region, by) => { region.scrollLeft = by; }", scrolled)
        for part in (row.get_by_role("checkbox"), row.get_by_role("rowheader"), row.get_by_text("Delete")):
            box = part.bounding_box()
            assert whole["x"] <= box["x"]
            assert box["x"] + box["width"] <= whole["x"] + whole["width"]
            place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
            assert part.evaluate(IS_ON_TOP, place)
    assert region.evaluate("region => region.scrollLeft") > 150
    for control in [*row.get_by_role("button").all(), *row.get_by_role("cell").get_by_role("link").all()]:
        control.focus()
        box = control.bounding_box()
        for x in (box["x"] + 2, box["x"] + box["width"] - 2):
            assert control.evaluate(IS_ON_TOP, {"x": x, "y": box["y"] + box["height"] / 2}), "under a column"


def test_density_of_rows_survives_logging_in_again(page: Page, role: str) -> None:
    products = ProductListPage(page).open()
    row = products.table.table.locator("tbody tr").first
    assert row.bounding_box()["height"] > 36
    page.get_by_role("group", name="Rows of lists").get_by_role("button", name="Compact").click()
    assert row.bounding_box()["height"] < 30
    profile = ProfilePage(page).open()
    expect(page.get_by_role("radio", name="Compact")).to_be_checked()
    profile.nav.log_out()
    LoginPage(page).log_in(email_of(role), PASSWORD)
    products.open()
    assert row.bounding_box()["height"] < 30
    expect(page.get_by_role("button", name="Compact")).to_have_attribute("aria-pressed", "true")


def test_actions_show_where_the_mouse_or_the_focus_is(page: Page, role: str) -> None:
    products = ProductListPage(page).open("?q=lamp")
    action = products.table.row("Oak Lamp").get_by_role("link", name="Edit Oak Lamp")
    page.mouse.move(0, 0)
    expect(action).to_have_css("opacity", "0")
    products.table.row("Oak Lamp").hover()
    expect(action).to_have_css("opacity", "1")
    page.mouse.move(0, 0)
    expect(action).to_have_css("opacity", "0")
    action.focus()
    expect(action).to_have_css("opacity", "1")


def test_more_button_shows_the_actions_on_a_touch_screen(open_as: Callable[..., Page], role: str) -> None:
    tablet = open_as(role, has_touch=True, is_mobile=True, viewport={"width": 1024, "height": 768})
    products = ProductListPage(tablet).open("?q=oak+lamp")
    action = products.table.row("Oak Lamp").get_by_role("link", name="Delete Oak Lamp")
    expect(action).to_be_hidden()
    products.table.more("Oak Lamp").tap()
    expect(action).to_be_in_viewport()


def test_decimals_and_low_numbers_are_seen_at_a_glance(page: Page, server: Console, role: str) -> None:
    for name, price, currency, stock in (
        ("Tone A", "24.50", "EUR", 0),
        ("Tone B", "1980", "JPY", 5),
        ("Tone C", "7.125", "KWD", 6),
    ):
        add_product(server, name, price=Decimal(price), currency=currency, stock=stock)
    products = ProductListPage(page).open("?q=tone&sort=name&size=10")
    places = [
        products.table.row(name).get_by_role("cell", name=unit).evaluate(END_OF_INTEGER)
        for name, unit in (("Tone A", "EUR"), ("Tone B", "JPY"), ("Tone C", "KWD"))
    ]
    assert max(places) - min(places) < 1
    cells = Cells(page)
    tints = [cells.cell("stock", f"Tone {letter}").evaluate(TINT) for letter in "ABC"]
    assert tints == ["badge bad", "badge warn", ""]
    cells.open("stock", "Tone C").type("4").expect_saved("Stock", "Tone C", "4")
    expect(products.table.row("Tone C").locator(".badge.warn")).to_have_text("4")
