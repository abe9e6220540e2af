"""States shown by more than colour, effects of hovering, and bars above scrolled content."""

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.testing.harness.accessibility import MODES
from dashboard.testing.harness.layout import PHONE
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

pytestmark = pytest.mark.parametrize("role", ["editor"])

KINDS = ("success", "warning", "error", "info")
# The style of a message of each kind: its colour, its background and the shape before it.
MESSAGES = """kinds => kinds.map(kind => {
    const flash = Object.assign(document.createElement('div'), { className: `flash ${kind}` });
    flash.append(Object.assign(document.createElement('p'), { textContent: kind }));
    document.querySelector('main').prepend(flash);
    const style = getComputedStyle(flash), mark = getComputedStyle(flash.firstChild, '::before');
    return [style.color, style.backgroundColor, parseFloat(mark.width) >= 12 && mark.clipPath];
})"""
# The contrast of text with its background as drawn, with any filter over both (WCAG 1.4.3).
READABLE = """e => {
    const parse = text => text.match(/[\\d.]+/g).map(Number);
    const ground = e => {
        const [r, g, b, alpha = 1] = parse(getComputedStyle(e).backgroundColor);
        const below = alpha < 1 ? ground(e.parentElement) : [0, 0, 0];
        return [r, g, b].map((each, at) => each * alpha + below[at] * (1 - alpha));
    };
    const { color, filter } = getComputedStyle(e), brightness = filter === 'none' ? 1 : parse(filter)[0];
    const light = colour => colour.map(each => Math.min(1, each * brightness / 255))
        .map(each => each <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4)
        .reduce((sum, each, at) => sum + each * [.2126, .7152, .0722][at], 0);
    const [low, high] = [light(parse(color)), light(ground(e))].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
}"""
LOOK = """e => {
    const style = getComputedStyle(e);
    const told = ['color', 'backgroundColor', 'borderTopColor', 'textDecorationLine', 'filter'];
    return told.map(each => style[each]).join();
}"""
EDGE = "field => getComputedStyle(field).borderTopColor"
# Whether an element is on top along a line through its middle.
ON_TOP = """e => {
    const { left, width, top, height } = e.getBoundingClientRect();
    const at = part => document.elementFromPoint(left + width * part, top + height / 2);
    return [.05, .25, .5, .75, .95].every(part => e.contains(at(part)));
}"""


def test_kinds_of_messages_differ_in_colour_and_shape(page: Page, role: str) -> None:
    page.goto("/admin/")
    for mode in MODES:
        page.emulate_media(color_scheme=mode)
        for looks in zip(*page.evaluate(MESSAGES, KINDS), strict=True):
            assert len(set(looks)) == len(KINDS), (mode, looks)
            assert False not in looks


def test_invalid_field_is_marked_by_more_than_colour(page: Page, role: str) -> None:
    form = ProductFormPage(page).new()
    field = page.get_by_label("Price", exact=True)
    expect(field).to_have_css("box-shadow", "none")
    form.create_button.click()
    expect(form.error_summary).to_be_visible()
    for mode in MODES:
        page.emulate_media(color_scheme=mode)
        expect(field).not_to_have_css("box-shadow", "none")
        sound = page.get_by_label("Currency", exact=True).evaluate(EDGE)
        expect(field).not_to_have_css("border-top-color", sound)
        words = page.get_by_role("main").get_by_text("Enter a price").last
        expect(words).to_have_css("color", field.evaluate(EDGE))


def test_required_fields_and_selected_rows_are_marked(page: Page, role: str) -> None:
    ProductFormPage(page).new()
    star = "label => getComputedStyle(label, '::after').content"
    name, category = page.locator("label").filter(has_text="Name"), page.locator("label[for=category]")
    assert "*" in name.evaluate(star)
    assert "*" not in category.evaluate(star)
    table = ProductListPage(page).open("?q=lamp&sort=name").table.select("Oak Lamp")
    page.mouse.move(0, 0)
    ground = "row => getComputedStyle(row).backgroundColor"
    expect(table.row("Salt Crystal Lamp")).not_to_have_css(
        "background-color", table.row("Oak Lamp").evaluate(ground)
    )


def test_text_for_screen_readers_takes_no_room(page: Page, role: str) -> None:
    ProductListPage(page).open("?q=oak+lamp")
    clipped = "es => es.every(e => getComputedStyle(e).clipPath === 'inset(50%)' && e.offsetWidth <= 1)"
    assert page.locator(".unseen").evaluate_all(clipped)
    page.goto("/profile")
    field = page.get_by_label("Current password", exact=True)
    button = page.get_by_role("button", name="Show current password")
    room = float(field.evaluate("e => parseFloat(getComputedStyle(e).paddingInlineEnd)"))
    assert room >= button.bounding_box()["width"]


def controls(page: Page) -> list[Locator]:
    """Return one control of each kind on a list."""
    return [
        page.get_by_role("button", name="Search", exact=True),
        page.get_by_role("link", name="New product"),
        page.get_by_role("link", name="Save as new view"),
        page.get_by_role("link", name="Edit Oak Lamp"),
        page.get_by_role("link", name="Delete Oak Lamp"),
        page.get_by_role("button", name="Edit stock of Oak Lamp"),
        page.get_by_role("link", name="Remove filter Search: oak lamp"),
        page.get_by_role("link", name="Clear all"),
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Categories"),
        page.get_by_role("button", name="Dark"),
        page.get_by_role("link", name="Oak Lamp", exact=True),
    ]


def test_hovered_controls_change_and_stay_readable(page: Page, role: str) -> None:
    ProductListPage(page).open("?q=oak+lamp")
    for mode in MODES:
        page.emulate_media(color_scheme=mode)
        for control in controls(page):
            page.mouse.move(0, 0)
            before = control.evaluate(LOOK)
            control.hover()
            assert control.evaluate(LOOK) != before, control
            assert control.evaluate(READABLE) >= 4.5, (control, mode)
    page.get_by_role("link", name="Delete Oak Lamp").click()
    confirm = page.get_by_role("dialog").get_by_role("button", name="Delete product")
    for mode in MODES:
        page.emulate_media(color_scheme=mode)
        confirm.hover()
        assert confirm.evaluate(READABLE) >= 4.5, mode


def test_sticky_bars_lie_above_scrolled_content(page: Page, role: str, server: Console) -> None:
    page.set_viewport_size({**PHONE, "height": 500})
    listed = ProductListPage(page).open("?size=10")
    listed.table.names.nth(4).scroll_into_view_if_needed()
    listed.table.select(listed.table.names.nth(5).inner_text().strip())
    bar = page.get_by_role("banner")
    expect(bar).to_be_in_viewport(ratio=1)
    for offset in range(0, 400, 40):
        page.evaluate("y => scrollTo(0, y)", 600 + offset)
        assert bar.evaluate(ON_TOP)
    form = ProductFormPage(page).edit(1)
    for offset in range(0, 400, 40):
        page.evaluate("y => scrollTo(0, y)", offset)
        assert form.save_button.evaluate(ON_TOP)
        assert bar.evaluate(ON_TOP)


def test_printed_text_is_dark_in_dark_mode_too(page: Page, role: str) -> None:
    page.goto("/admin/products/details/?id=1")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "dark")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("body")).to_have_css("color", "rgb(23, 26, 33)")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()


def test_forced_colours_keep_boxes_rings_and_messages_visible(page: Page, role: str) -> None:
    page.emulate_media(forced_colors="active")
    ProductListPage(page).open("?q=oak+lamp")
    *_, mark = page.evaluate(MESSAGES, KINDS)[0]
    assert mark
    expect(page.get_by_role("link", name="New product")).to_have_css("border-top-style", "solid")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_have_css("outline-style", "solid")
    for name in ("Remove filter Search: oak lamp", "Products"):
        expect(page.get_by_role("link", name=name).first).to_have_css("border-top-style", "solid")
