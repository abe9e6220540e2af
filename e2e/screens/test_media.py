"""Paper, reduced motion and forced colours."""

import pytest
from playwright.sync_api import Page, expect

from e2e.pages.product_list import ProductListPage

MOVING = """() => [...document.querySelectorAll('*')].flatMap(element => PARTS.map(part => {
    const style = getComputedStyle(element, part);
    const moves = style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
    return moves ? element.outerHTML.slice(0, 80) + part : null;
})).filter(Boolean)""".replace("PARTS", "['', '::before', '::after']")

editor = pytest.mark.parametrize("role", ["editor"])


@editor
def test_printed_list_is_its_table_and_nothing_else(page: Page, role: str) -> None:
    products = ProductListPage(page).open("?status=active").expect_open()
    page.emulate_media(media="print")
    expect(products.table.table).to_be_visible()
    expect(products.heading).to_be_visible()
    for gone in (
        page.get_by_role("navigation", name="Main"),
        products.filters.search_field,
        products.filters.chips,
        products.pager.pages,
        products.new_button,
        products.table.table.get_by_role("checkbox").first,
        products.table.table.get_by_role("link", name="Edit").first,
    ):
        expect(gone).to_be_hidden()
    expect(products.table.names).to_have_count(25)


@editor
def test_reduced_motion_stops_animations_and_transitions(page: Page, role: str) -> None:
    for path in ("/admin/", "/admin/products/?q=lamp", "/admin/products/edit/?id=1"):
        page.goto(path)
        page.evaluate("document.documentElement.toggleAttribute('data-busy', true)")
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(MOVING) == []
        page.emulate_media(reduced_motion="no-preference")
        assert len(page.evaluate(MOVING)) == 1


@editor
def test_forced_colours_keep_selected_controls_distinct(page: Page, role: str) -> None:
    page.emulate_media(forced_colors="active")
    products = ProductListPage(page).open("?status=active")
    current = products.nav.links.filter(has_text="Products")
    expect(current).to_have_css("border-top-style", "solid")
    expect(page.get_by_role("button", name="System")).to_have_css("outline-style", "solid")
    expect(page.get_by_role("button", name="Dark")).to_have_css("outline-style", "none")
    box = products.table.table.get_by_role("checkbox").nth(1)
    assert box.evaluate("box => getComputedStyle(box).appearance") == "auto"
