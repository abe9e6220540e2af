import json

import pytest
from playwright.sync_api import Page, expect

from e2e.pages.product_list import ProductListPage
from e2e.screens.states import every_state

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}
SMALLEST = {"width": 320, "height": 568}  # WCAG 1.4.10, Reflow
ZOOMED = {"width": 640, "height": 400}  # 1280 x 800 at 200 %

# How far the page can be scrolled sideways, and what sticks out of it.
SIDEWAYS = """() => {
    const root = document.documentElement, wide = root.clientWidth;
    const out = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
        && e.getBoundingClientRect().right > wide + 1 && !e.closest('.scroll, .unseen'));
    const named = out.slice(0, 3).map(e => e.outerHTML.slice(0, 120));
    return root.scrollWidth > wide ? [root.scrollWidth - wide, ...named] : [];
}"""
# Controls that are smaller than `least` either way. A link within a sentence may be (WCAG 2.5.8), and a box
# counts together with its label.
TOO_SMALL = """(least) => {
    const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    const size = e => (e.closest('label') ?? e).getBoundingClientRect();
    const inSentence = e => e.matches('a') && e.parentElement.matches('p')
        && e.parentElement.innerText.trim() !== e.innerText.trim();
    return [...document.querySelectorAll(controls)]
        .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.matches('.skip') && !inSentence(e))
        .map(e => [e, size(e)])
        .filter(([e, box]) => Math.min(box.width, box.height) < least - .01)
        .map(([e, box]) => `${box.width.toFixed(1)} x ${box.height.toFixed(1)} ${e.outerHTML.slice(0, 120)}`);
}"""


def nothing_is_wider_than(page: Page, where: str) -> None:
    found = page.evaluate(SIDEWAYS)
    assert not found, f"{where}: {json.dumps(found, indent=1)}"


@every_state
def test_nothing_scrolls_sideways_and_every_control_can_be_hit(screen: Page) -> None:
    assert screen.evaluate(TOO_SMALL, 24) == []
    screen.set_viewport_size(PHONE)
    assert screen.evaluate(TOO_SMALL, 44) == []
    screen.set_viewport_size(SMALLEST)
    nothing_is_wider_than(screen, "320 px wide")
    screen.set_viewport_size(ZOOMED)
    nothing_is_wider_than(screen, "zoomed to 200 %")
    screen.set_viewport_size(WIDE)
    screen.evaluate("document.documentElement.style.fontSize = '200%'")
    nothing_is_wider_than(screen, "text at 200 %")


@pytest.mark.parametrize("role", ["editor"])
def test_on_a_phone_the_rows_of_a_list_become_cards_that_name_their_values(page: Page, role: str) -> None:
    page.set_viewport_size(PHONE)
    products = ProductListPage(page).open()
    card = products.table.row(products.table.names.first.inner_text())
    price = card.get_by_role("cell").filter(has_text="EUR")
    expect(price).to_be_visible()
    assert price.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Price"'
    assert card.bounding_box()["height"] > 100


@pytest.mark.parametrize("role", ["editor"])
def test_on_a_phone_the_filters_are_a_sheet_at_the_bottom(page: Page, role: str) -> None:
    page.set_viewport_size(PHONE)
    products = ProductListPage(page).open()
    products.filters.open()
    sheet = products.filters.panel.bounding_box()
    assert (sheet["x"], sheet["width"]) == (0, PHONE["width"])
    assert sheet["y"] + sheet["height"] == pytest.approx(PHONE["height"], abs=1)
    products.filters.tick("Draft").apply()
    products.filters.expect_chips("Status: Draft")


@pytest.mark.parametrize("role", ["editor"])
def test_on_a_phone_text_fields_are_large_enough_that_nothing_zooms_in(page: Page, role: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/admin/products/new/")
    for field in page.get_by_role("main").get_by_role("textbox").all():
        expect(field).to_have_css("font-size", "16px")
