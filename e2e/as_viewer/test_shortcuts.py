"""Keyboard shortcuts: each works only where it has a target, and not while typing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.components.palette import Palette
from e2e.components.sheet import ShortcutSheet
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage

LIST = "/admin/products/?q=oak+lamp"
EVERYWHERE = ("Go to Home", "Go to History", "Go to Jobs", "Go to Products", "Go to Categories")
CELLS = (
    "Move between cells that can be edited",
    "Edit the cell",
    "Save the cell and open the next one",
    "Save a text or a number and open the one below",
    "Paste cells from a spreadsheet",
    "Undo the last cell",
    "Select from the last row to this one",
)
COMPOSED = "new KeyboardEvent('keydown', {key: '?', isComposing: true, bubbles: true})"
ALWAYS = ("Keyboard shortcuts", "Close")


def switch_single_keys_off(page: Page) -> ProfilePage:
    """Switch single-key shortcuts off in the profile."""
    profile = ProfilePage(page).open()
    profile.single_keys.uncheck()
    profile.save.click()
    profile.flashes.expect_only("Profile saved.", "success")
    return profile


def test_slash_focuses_the_search_of_the_list(page: Page) -> None:
    products = ProductListPage(page).open("?q=oak+lamp")
    page.keyboard.press("/")
    expect(products.filters.search_field).to_be_focused()
    page.keyboard.type("claw")
    expect(products.filters.search_field).to_have_value("claw")


@pytest.mark.parametrize(
    ("role", "keys", "heading"),
    [
        ("viewer", "gh", "Home"),
        ("viewer", "gp", "Products"),
        ("viewer", "gc", "Categories"),
        ("admin", "gu", "Users"),
    ],
)
def test_g_and_a_letter_open_a_screen(page: Page, role: str, keys: str, heading: str) -> None:
    page.goto("/profile")
    for key in keys:
        page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.parametrize("role", ["editor"])
def test_c_opens_the_form_of_a_new_record(page: Page, role: str) -> None:
    page.goto(LIST)
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("New product")


def test_keys_without_a_target_for_this_user_do_nothing(page: Page) -> None:
    page.goto(LIST)
    for key in ("c", "g", "u", "g", "x", "Control+s"):
        page.keyboard.press(key)
    page.keyboard.press("?")
    ShortcutSheet(page).expect_names("Search everything", "Search products", *EVERYWHERE, *ALWAYS)
    expect(page).to_have_url(LIST)


@pytest.mark.parametrize("role", ["admin"])
def test_sheet_lists_the_shortcuts_of_the_page_for_this_user(page: Page, role: str) -> None:
    page.goto(LIST)
    page.keyboard.press("?")
    sheet = ShortcutSheet(page)
    places = (*EVERYWHERE, "Go to Trash", "Go to Users", "Go to Security log")
    help_, close = ALWAYS
    sheet.expect_names("Search everything", "Search products", "New product", *places, help_, *CELLS, close)
    page.keyboard.press("Escape")
    sheet.expect_closed()
    page.goto("/admin/products/edit/?id=1")
    sheet.button.click()
    sheet.expect_names("Search everything", "Save product", *places, *ALWAYS)
    page.keyboard.press("Escape")
    expect(sheet.button).to_be_focused()


@pytest.mark.parametrize("role", ["editor"])
def test_control_s_saves_the_form_even_while_typing(page: Page, role: str) -> None:
    form = ProductFormPage(page).edit(1).fill(stock="4321")
    page.keyboard.press("ControlOrMeta+s")
    expect(ProductListPage(page).expect_open().flashes.all).to_contain_text("saved")
    form.edit(1).expect_values(stock="4321")


def test_control_s_saves_the_form_with_the_focus(page: Page) -> None:
    profile = ProfilePage(page).open()
    profile.current_password.fill("wrong")
    page.keyboard.press("ControlOrMeta+s")
    expect(profile.error_summary).to_contain_text("The current password is incorrect.")


@pytest.mark.parametrize("label", ["Search products"])
def test_letters_are_typed_into_a_focused_field(page: Page, label: str) -> None:
    page.goto(LIST)
    field = page.get_by_label(label)
    field.fill("")
    field.press_sequentially("/gpc?")
    expect(field).to_have_value("/gpc?")
    ShortcutSheet(page).expect_closed()
    expect(page).to_have_url(LIST)


@pytest.mark.parametrize("role", ["editor"])
def test_letters_go_to_the_focused_select_or_text(page: Page, role: str) -> None:
    form = ProductFormPage(page).edit(1)
    for label in ("Status", "Description", "Stock"):
        field = page.get_by_label(label, exact=True)
        field.focus()
        for key in ("g", "p", "?", "c"):
            page.keyboard.press(key)
        expect(field).to_be_focused()
        expect(form.heading).to_have_text(re.compile("^Edit "))
        ShortcutSheet(page).expect_closed()


def test_keys_work_while_a_checkbox_has_the_focus(page: Page) -> None:
    ProfilePage(page).open().single_keys.focus()
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", level=1)).to_have_text("Products")


@pytest.mark.parametrize("role", ["editor"])
def test_keys_do_nothing_behind_a_dialog(page: Page, role: str) -> None:
    products = ProductListPage(page).open("?q=oak+lamp")
    products.table.delete("Oak Lamp")
    expect(products.dialog.cancel_link).to_be_focused()
    for key in ("c", "g", "h", "?", "/", "ControlOrMeta+k"):
        page.keyboard.press(key)
    expect(products.dialog.cancel_link).to_be_focused()
    expect(page).to_have_url(LIST)
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_sheet_shows_each_key_and_closes_by_a_click_outside(page: Page) -> None:
    ProfilePage(page).open()
    page.keyboard.press("?")
    sheet = ShortcutSheet(page)
    keys = sheet.dialog.get_by_role("definition")
    expect(sheet.dialog).to_be_visible()
    for name, shown in {"Go to Products": "g then p", "Search everything": "Ctrl K"}.items():
        expect(keys.nth(sheet.names.all_inner_texts().index(name))).to_have_text(shown)
    sheet.dialog.get_by_role("heading").click()
    expect(sheet.dialog).to_be_visible()
    page.mouse.click(5, 5)
    sheet.expect_closed()


@pytest.mark.parametrize("role", ["editor"])
def test_browser_keys_composed_and_held_keys_do_nothing(page: Page, role: str) -> None:
    form = ProductFormPage(page).edit(1)
    heading = form.heading.inner_text()
    page.keyboard.press("ControlOrMeta+Shift+s")
    page.keyboard.press("Alt+c")
    page.evaluate(f"document.body.dispatchEvent({COMPOSED})")
    ShortcutSheet(page).expect_closed()
    expect(form.heading).to_have_text(heading)
    page.keyboard.down("g")
    page.keyboard.down("g")  # held down, it is not a second g
    page.keyboard.up("g")
    page.keyboard.press("p")
    expect(form.heading).to_have_text("Products")


def test_g_followed_by_another_key_is_forgotten(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("g")
    page.keyboard.press("x")
    page.keyboard.press("h")
    page.keyboard.press("?")
    expect(ShortcutSheet(page).dialog).to_be_visible()
    expect(page).to_have_url(LIST)


def test_single_keys_can_be_switched_off_and_on_again(page: Page, open_as: Callable[..., Page]) -> None:
    switch_single_keys_off(page)
    expect(ProfilePage(page).single_keys).not_to_be_checked()
    page.goto(LIST)
    for key in ("/", "g", "h", "?"):
        page.keyboard.press(key)
    Palette(page).open().expect_chosen("Home")
    page.keyboard.press("Escape")
    sheet = ShortcutSheet(page)
    sheet.button.click()
    sheet.expect_names("Search everything", "Close")
    sheet.dialog.get_by_role("link", name="your profile").click()
    profile = ProfilePage(page).expect_open()
    profile.single_keys.check()
    profile.save.click()
    profile.flashes.expect_only("Profile saved.", "success")
    page.keyboard.press("?")
    expect(sheet.dialog).to_be_visible()
