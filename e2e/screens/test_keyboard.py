"""The way of a user without a mouse through the console."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import email_of

ACTIVE = """() => {
    const e = document.activeElement;
    const words = e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? e.innerText;
    return words.trim().replace(/\\s+/g, ' ');
}"""
RINGED = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""

BEHIND = "document.activeElement !== document.body && !document.activeElement.closest('dialog')"

editor = pytest.mark.parametrize("role", ["editor"])


def tab_through(page: Page, steps: int) -> list[str]:
    """Return the name of the focused control after each press of Tab."""
    names = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        names.append(page.evaluate(ACTIVE))
    return names


@editor
def test_first_tab_offers_to_skip_to_the_content(page: Page, role: str) -> None:
    page.goto("/admin/products/?q=oak+lamp")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


@editor
def test_tab_moves_through_navigation_and_account_to_the_page(page: Page, role: str) -> None:
    page.goto("/admin/products/?sort=name")
    assert tab_through(page, 16) == [
        "Skip to content",
        "Staff console",
        "Search everything Ctrl K",
        "Home",
        "History",
        "Jobs",
        "Products",
        "Categories",
        "Trash",
        "Keyboard shortcuts ?",
        "Light",
        "Dark",
        "System",
        email_of("editor"),
        "Log out",
        "Home",
    ]


@editor
def test_tab_moves_through_a_form_in_reading_order(page: Page, role: str) -> None:
    form = ProductFormPage(page).new()
    page.get_by_label("Name", exact=True).focus()
    assert tab_through(page, 10) == [
        "SKU",
        "Description",
        "Price",
        "Currency",
        "Stock",
        "Status",
        "Category",
        "Add photos Or drop or paste them anywhere on this page.",
        "Create product",
        "Create and add another",
    ]
    expect(form.cancel).to_be_in_viewport()


@editor
@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/products/?status=active",
        "/admin/products/?q=oak+lamp",
        "/admin/products/edit/?id=1",
    ],
)
def test_focused_control_has_a_ring_and_is_in_the_viewport(page: Page, role: str, path: str) -> None:
    page.goto(path)
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return
        focused = page.locator(":focus")
        assert page.evaluate(RINGED), focused.evaluate("e => e.outerHTML")
        expect(focused).to_be_in_viewport(ratio=0.5)


@editor
def test_product_is_created_edited_and_deleted_by_keyboard_alone(page: Page, role: str) -> None:
    products, form = ProductListPage(page).open(), ProductFormPage(page)
    products.new_button.press("Enter")
    page.get_by_label("Name", exact=True).focus()
    for text in ("Oak Lamp", "OAK-1", "Made of oak.", "49.90"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    form.create_button.press("Enter")
    products.flashes.expect_only("Product “Oak Lamp” created.", "success")
    expect(products.table.link("Oak Lamp")).to_be_focused()

    page.get_by_role("link", name="Edit Oak Lamp").press("Enter")
    page.get_by_label("Stock").press("ControlOrMeta+a")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    products.flashes.expect_only("Product “Oak Lamp” saved.", "success")
    expect(products.table.link("Oak Lamp")).to_be_focused()

    page.get_by_role("link", name="Delete Oak Lamp").press("Enter")
    expect(products.dialog.cancel_link).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    products.flashes.expect_only("Product “Oak Lamp” deleted.", "success")
    expect(products.flashes.all).to_be_focused()


@editor
def test_focus_stays_in_a_dialog_and_returns_after_escape(page: Page, role: str) -> None:
    products = ProductListPage(page).open("?q=oak+lamp")
    opener = page.get_by_role("link", name=re.compile("^Delete ")).first
    opener.press("Enter")
    expect(products.dialog.cancel_link).to_be_focused()
    for key in ("Tab", "Tab", "Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab"):
        page.keyboard.press(key)
        assert not page.evaluate(BEHIND)
    page.keyboard.press("Escape")
    products.dialog.expect_closed()
    expect(opener).to_be_focused()
