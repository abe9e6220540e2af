"""The command palette: by keyboard, mouse and finger, and its messages about problems."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.catalogue import add_product
from e2e.components.palette import Palette
from e2e.pages.detail import ProductDetailPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

LIST = "/admin/products/?q=oak+lamp"
ANSWERS = "**/admin/palette/?*"
ON_LIST = ("Export CSV", "Export as…")
FOR_ALL = ("Keyboard shortcuts", "Light colours", "Dark colours", "System colours", "Log out")
ACTIONS = (
    "New product", "New category", "Import products", "Import categories", *ON_LIST, *FOR_ALL,
)  # fmt: skip
HOSTILE = "<img src=x onerror=alert(1)>\u202egnp.\u202c Lamp"


@pytest.fixture
def palette(page: Page) -> Palette:
    """The closed palette over a short list."""
    page.goto(LIST)
    return Palette(page)


def test_palette_opens_with_screens_and_actions(palette: Palette) -> None:
    palette.open()
    palette.expect_names("Screens", "Home", "History", "Jobs", "Products", "Categories", "Trash", "Profile")
    palette.expect_names("Actions", *ACTIONS)
    expect(palette.group_names).to_have_text(["Screens", "Actions"])
    palette.expect_chosen("Home")
    expect(palette.status).to_have_text("18 results")


def test_record_is_found_and_opened_by_keyboard_alone(page: Page, palette: Palette) -> None:
    palette.open()
    page.keyboard.type("brass arc")
    palette.expect_chosen("Brass Arc Floor Lamp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Brass Arc Floor Lamp")
    palette.expect_closed()


@pytest.mark.postgresql
def test_scanned_sku_followed_by_enter_opens_the_product(page: Page, palette: Palette) -> None:
    palette.open()
    page.keyboard.insert_text("LMP-0001")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Brass Arc Floor Lamp")


def test_action_is_found_by_words_in_any_order(page: Page, palette: Palette) -> None:
    palette.open().find("product new").expect_chosen("New product")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("New product")


def test_arrows_home_and_end_move_the_choice_and_wrap_around(page: Page, palette: Palette) -> None:
    palette.open().expect_chosen("Home")
    for key, chosen in (
        ("ArrowDown", "History"),
        ("ArrowUp", "Home"),
        ("ArrowUp", "Log out"),
        ("ArrowDown", "Home"),
        ("End", "Log out"),
        ("Home", "Home"),
    ):
        page.keyboard.press(key)
        palette.expect_chosen(chosen)
    expect(palette.field).to_be_focused()


def test_escape_returns_the_focus(page: Page, palette: Palette) -> None:
    edit = page.get_by_role("link", name="Edit Oak Lamp")
    edit.focus()
    palette.open()
    page.keyboard.press("Escape")
    palette.expect_closed()
    expect(edit).to_be_focused()


def test_button_opens_the_palette_and_close_returns_the_focus(page: Page, palette: Palette) -> None:
    palette.button.click()
    expect(palette.field).to_be_focused()
    palette.dialog.get_by_role("button", name="Close").click()
    palette.expect_closed()
    expect(palette.button).to_be_focused()
    expect(page).to_have_url(LIST)


def test_click_outside_closes_the_palette(page: Page, palette: Palette) -> None:
    palette.open()
    page.mouse.click(20, 850)
    palette.expect_closed()


def test_search_without_results_says_so(palette: Palette) -> None:
    palette.open().find("nothing like it").expect_says("No matches")
    palette.find("oak lamp").expect_chosen("Oak Lamp")
    expect(palette.status).to_have_text("1 result")


def test_hostile_name_is_shown_as_text(server: Console, palette: Palette) -> None:
    add_product(server, HOSTILE, sku="EVIL-1")
    palette.open().find("onerror")
    expect(palette.group("Records").get_by_text(HOSTILE, exact=True)).to_be_visible()
    expect(palette.dialog.locator("img")).to_have_count(0)
    expect(palette.group("Records").get_by_text("Product · EVIL-1", exact=True)).to_be_visible()


def test_late_answer_does_not_replace_a_newer_one(page: Page, palette: Palette) -> None:
    held: list[Route] = []
    page.route("**/admin/palette/?q=claw", lambda route: held.append(route))
    palette.open()
    with page.expect_request("**/admin/palette/?q=claw"):
        palette.find("claw")
    palette.find("oak lamp").expect_chosen("Oak Lamp")
    for route in held:
        route.fulfill(
            json={
                "groups": [
                    {"name": "Records", "items": [{"label": "Late", "hint": "", "url": "/", "icon": "box"}]}
                ]
            }
        )
    expect(palette.group("Records")).to_have_count(1)
    palette.expect_chosen("Oak Lamp")


@pytest.mark.allow(status=503)
def test_busy_database_is_reported_and_the_next_search_works(page: Page, palette: Palette) -> None:
    palette.open()
    page.route(ANSWERS, lambda route: route.fulfill(status=503, body="busy"))
    palette.find("lamp").expect_says("The database cannot be used at the moment. Try again shortly.")
    page.unroute(ANSWERS)
    palette.find("oak lamp").expect_chosen("Oak Lamp")


@pytest.mark.allow(request="palette")
def test_lost_connection_is_reported(page: Page, palette: Palette) -> None:
    palette.open()
    page.route(ANSWERS, lambda route: route.abort("connectionrefused"))
    palette.find("lamp").expect_says("The console cannot be reached. Check your connection and try again.")


def test_logged_out_user_is_told_to_reload(page: Page, palette: Palette) -> None:
    palette.open()
    page.context.clear_cookies()
    palette.find("lamp").expect_says("You are logged out. Reload the page to log in again.")


def test_palette_leaves_a_changed_form_only_after_asking(page: Page) -> None:
    form = ProductFormPage(page).edit(1).fill(name="Mine")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    Palette(page).open().find("profile").expect_chosen("Profile")
    page.keyboard.press("Enter")
    form.expect_values(name="Mine")
    assert asked == ["beforeunload"]


@pytest.mark.phone_only
def test_palette_works_by_taps_on_a_phone(page: Page) -> None:
    page.goto(LIST)
    palette = Palette(page)
    palette.button.tap()
    palette.find("brass arc").option("Brass Arc Floor Lamp").tap()
    ProductDetailPage(page).expect_record("Brass Arc Floor Lamp")


def test_without_javascript_the_button_leads_to_the_product_search(
    page_without_javascript: Page,
) -> None:
    page = page_without_javascript
    page.goto("/profile")
    Palette(page).button.click()
    ProductListPage(page).expect_open()
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_hidden()


def test_viewer_is_offered_no_actions_and_finds_no_users(open_as: Callable[..., Page]) -> None:
    page = open_as("viewer")
    page.goto(LIST)
    palette = Palette(page).open()
    expect(palette.group("Screens")).to_have_count(6)
    palette.expect_names("Actions", *FOR_ALL)
    palette.find("example.test").expect_says("No matches")
    palette.find("oak lamp").expect_chosen("Oak Lamp")
