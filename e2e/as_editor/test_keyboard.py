from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.catalogue import add_product, product_id
from e2e.keyboard import press, tab_to
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console


def test_product_is_created_by_keyboard_alone(page: Page) -> None:
    listed = ProductListPage(page).open()
    press(listed.new_button)
    form = ProductFormPage(page)
    typed = {
        "Name": "Folding Stool",
        "SKU": "FST-1",
        "Description": "Three legs",
        "Price": "24.50",
        "Stock": "7",
    }
    for label, text in typed.items():
        tab_to(page.get_by_label(label))
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
    tab_to(page.get_by_label("Status"))
    page.keyboard.type("Arch")
    press(form.create_button)
    listed.expect_open().flashes.expect_only("Product “Folding Stool” created.", "success")
    expect(listed.table.link("Folding Stool")).to_be_focused()
    expect(listed.table.row("Folding Stool").get_by_role("cell", name="Archived")).to_be_visible()


def test_selection_is_made_and_changed_by_keyboard_alone(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp")
    press(listed.table.table.get_by_role("checkbox", name="Select Oak Lamp"), "Space")
    listed.bulk_bar.expect_count(1)
    page.keyboard.press("b")
    expect(listed.bulk_bar.menu).to_be_focused()
    page.keyboard.press("Enter")
    press(listed.bulk_bar.tools.get_by_role("button", name="Move to draft"))
    press(listed.dialog.inside.get_by_role("button", name="Move 1 product to draft"))
    listed.expect_open().flashes.expect_only("1 product moved to draft.", "success")


def test_filter_is_set_by_keyboard_and_drawer_closes_when_left(page: Page) -> None:
    listed = ProductListPage(page).open("?size=10")
    press(listed.filters.open_button)
    press(listed.filters.panel.get_by_role("link", name="Reset"), "Tab")
    expect(listed.filters.panel).to_be_hidden()
    listed.filters.open_button.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(listed.filters.panel).to_be_hidden()
    expect(listed.filters.open_button).to_be_focused()
    page.keyboard.press("Enter")
    press(listed.filters.panel.get_by_role("checkbox", name="Draft"), "Space")
    page.keyboard.press("Enter")
    listed.filters.expect_chips("Status: Draft")


def test_close_button_of_a_drawer_applies_nothing(page: Page) -> None:
    listed = ProductListPage(page).open("?size=10")
    listed.filters.open().tick("Draft").close_button.press("Enter")
    expect(listed.filters.panel).to_be_hidden()
    expect(listed.filters.open_button).to_be_focused()
    listed.columns.open().box("SKU").uncheck()
    listed.columns.close_button.press("Enter")
    expect(listed.columns.panel).to_be_hidden()
    expect(listed.columns.open_button).to_be_focused()
    expect(page).to_have_url("/admin/products/?size=10")


def test_save_bar_never_covers_the_focused_field(page: Page, server: Console) -> None:
    page.set_viewport_size({"width": 1024, "height": 420})
    form = ProductFormPage(page).edit(product_id(server, "Oak Lamp"))
    bar = form.save_button.bounding_box()
    for label in ProductFormPage.labels.values():
        field = page.get_by_label(label, exact=True)
        tab_to(field)
        box = field.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + min(box["height"], 40) <= bar["y"], f"{label} lies under the save bar"


def test_wide_table_can_be_scrolled_by_keyboard(page: Page, server: Console) -> None:
    page.set_viewport_size({"width": 700, "height": 700})
    add_product(server, "W" * 120, sku="W" * 40)
    listed = ProductListPage(page).open("?size=10")
    expect(listed.table.header("Created")).not_to_be_in_viewport()
    tab_to(listed.table.region)
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    expect(listed.table.header("Created")).to_be_in_viewport()


def test_viewer_reads_a_product_and_the_next_by_keyboard(
    open_as: Callable[..., Page],
) -> None:
    page = open_as("viewer")
    listed = ProductListPage(page).open("?q=lamp&sort=name")
    names = listed.table.names.all_inner_texts()
    press(listed.table.link(names[0]))
    press(page.get_by_role("link", name="Next"))
    expect(page.get_by_role("heading", level=1)).to_have_text(names[1])
