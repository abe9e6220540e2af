"""The command palette: recent records, saved views, and what the page itself offers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import add_product
from e2e.components.palette import Palette
from e2e.components.sheet import ShortcutSheet
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

LIST = "/admin/products/?q=oak+lamp"
HOSTILE = "<img src=x onerror=alert(1)>‮gnp.‬ Lamp"
OpenAs = Callable[..., Page]


@pytest.fixture
def palette(page: Page) -> Palette:
    """The closed palette over a short list."""
    page.goto(LIST)
    return Palette(page)


def test_recent_records_are_offered_first_and_opened_by_enter(page: Page) -> None:
    for key in (1, 2):
        page.goto(f"/admin/products/details/?id={key}")
    name = page.get_by_role("heading", level=1).inner_text()
    page.goto(LIST)
    palette = Palette(page).open()
    expect(palette.group_names).to_have_text(["Recent", "Screens", "Actions"])
    expect(palette.group("Recent")).to_have_count(2)
    palette.expect_chosen(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_next_user_of_the_browser_sees_no_recent_records(page: Page) -> None:
    page.goto("/admin/products/details/?id=1")
    Palette(page).open().find("log out").expect_chosen("Log out")
    with page.expect_response("**/logout"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    assert "recent" not in [cookie["name"] for cookie in page.context.cookies()]


def test_hostile_name_of_a_recent_record_is_shown_as_text(page: Page, server: Console) -> None:
    page.goto(f"/admin/products/details/?id={add_product(server, HOSTILE, sku='EVIL-1')}")
    palette = Palette(page).open()
    expect(palette.group("Recent").get_by_text(HOSTILE, exact=True)).to_be_visible()
    expect(palette.dialog.locator("img")).to_have_count(0)


def test_saved_view_is_found_and_opened_by_keyboard_alone(page: Page) -> None:
    products = ProductListPage(page).open("?status=draft&sort=-price")
    page.get_by_role("link", name="Save as new view").click()
    page.get_by_label("Name").fill("Expensive drafts")
    page.get_by_role("button", name="Save view").click()
    page.goto(LIST)
    palette = Palette(page).open()
    expect(palette.group_names).to_have_text(["Views", "Screens", "Actions"])
    palette.find("drafts exp").expect_chosen("Expensive drafts")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"view=\d+&status=draft&sort=-price"))
    products.expect_open()


def test_what_begins_with_the_text_comes_first(palette: Palette) -> None:
    palette.open().find("pro")
    palette.expect_names("Screens", "Products", "Profile").expect_chosen("Products")
    expect(palette.group_names.first).to_have_text("Screens")
    palette.find("ca").expect_chosen("Categories")
    palette.expect_names("Screens", "Categories", "Products", "Trash")
    palette.find("categories imp").expect_chosen("Import categories")


def test_keys_stand_beside_what_they_do(page: Page, palette: Palette) -> None:
    palette.open()
    expect(palette.option("Products")).to_have_text("ProductsCatalogueg p")
    expect(palette.option("New product")).to_have_text("New productProductsc")
    expect(palette.option("New category")).to_have_text("New categoryCategories")
    expect(palette.option("Keyboard shortcuts")).to_have_text("Keyboard shortcuts?")
    expect(page.get_by_role("option", name="Products Catalogue", exact=True)).to_be_visible()


@pytest.mark.parametrize(("typed", "mode"), [("dark", "dark"), ("theme light", "light"), ("sys", "system")])
def test_colours_are_changed_by_keyboard_alone(page: Page, palette: Palette, typed: str, mode: str) -> None:
    palette.open().find(typed).expect_chosen(f"{mode.capitalize()} colours")
    with page.expect_response("**/mode"):
        page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-mode", mode)
    expect(page).to_have_url(LIST)
    expect(palette.open().option(f"{mode.capitalize()} colours")).to_contain_text("In use")


def test_export_of_the_list_has_its_search(page: Page, palette: Palette) -> None:
    palette.open().find("export csv").expect_chosen("Export CSV")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert len(download.value.path().read_text().splitlines()) == 2
    palette.expect_closed()
    palette.open().find("export as").expect_chosen("Export as…")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/admin/products/export/\?.*q=oak"))


def test_sheet_of_shortcuts_opens_from_the_palette(page: Page, palette: Palette) -> None:
    palette.open().find("shortcuts").expect_chosen("Keyboard shortcuts")
    page.keyboard.press("Enter")
    expect(ShortcutSheet(page).dialog).to_be_visible()
    palette.expect_closed()


def test_action_of_the_page_works_by_mouse(page: Page, palette: Palette) -> None:
    palette.open().option("Dark colours").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "dark")


@pytest.mark.parametrize("role", ["viewer"])
def test_list_without_an_export_offers_none(page: Page, role: str) -> None:
    page.goto(LIST)
    Palette(page).open().find("export").expect_says("No matches")
