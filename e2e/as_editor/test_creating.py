"""A record that is missing is created in a dialog, beside the form that refers to it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.testing.harness.accessibility import Accessibility
from e2e.makers import Maker
from e2e.server import Console

LAMP, SHOP = "/admin/made_lamps/new/", "/admin/lamp_shops/new/"


@pytest.fixture
def console(made: Console) -> Console:
    """A console with one maker."""
    with made.database() as session:
        session.add(Maker(name="Ash"))
    return made


@pytest.fixture
def page(console: Console, page_at: Callable[..., Page]) -> Page:
    """A page of an editor."""
    return page_at(console)


def opened(page: Page, noun: str) -> Locator:
    """The dialog that the link opens."""
    page.get_by_role("link", name=f"New {noun}").press("Enter")
    return page.get_by_role("dialog", name=f"New {noun}")


def test_new_record_is_chosen_and_nothing_typed_is_lost(page: Page, accessibility: Accessibility) -> None:
    page.goto(LAMP)
    page.get_by_label("Name").fill("Desk lamp")
    dialog = opened(page, "maker")
    expect(dialog.get_by_label("Name")).to_be_focused()
    accessibility.check(page)
    dialog.get_by_label("Name").fill("Birch")
    dialog.get_by_role("button", name="Create maker").press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("link", name="New maker")).to_be_focused()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Desk lamp")
    expect(page.get_by_role("combobox", name="Maker").locator("option:checked")).to_have_text("Birch")
    page.get_by_role("button", name="Create made lamp").click()
    expect(page.get_by_text("Maker “Birch” created.")).to_be_visible()
    expect(page.get_by_text("Made lamp “Desk lamp” created.")).to_be_visible()
    expect(page.get_by_role("link", name="Birch")).to_be_visible()


def test_name_is_written_into_the_input_where_there_are_many(console: Console, page: Page) -> None:
    with console.database() as session:
        session.add_all(Maker(name=f"Maker {number:03}") for number in range(120))
    page.goto(LAMP)
    dialog = opened(page, "maker")
    dialog.get_by_label("Name").fill("Birch")
    dialog.get_by_role("button", name="Create maker").click()
    expect(page.get_by_role("combobox", name="Maker")).to_have_value("Birch")


def test_new_record_is_added_to_a_collection(page: Page) -> None:
    page.goto(SHOP)
    dialog = opened(page, "made lamp")
    dialog.get_by_label("Name").fill("Desk lamp")
    dialog.get_by_role("button", name="Create made lamp").click()
    chosen = page.get_by_role("list", name="Chosen: Lamps").get_by_role("listitem").locator("bdi")
    expect(chosen).to_have_text(["Desk lamp"])


def test_errors_are_shown_in_the_dialog(page: Page) -> None:
    page.goto(LAMP)
    dialog = opened(page, "maker")
    dialog.get_by_role("button", name="Create maker").click()
    expect(dialog.get_by_role("alert").filter(has_text="There is a problem")).to_be_focused()
    dialog.get_by_role("link", name="Name: Enter the name.").click()
    expect(dialog.get_by_label("Name")).to_be_focused()
    dialog.get_by_label("Name").fill("Birch")
    dialog.get_by_role("button", name="Create maker").click()
    expect(page.get_by_role("combobox", name="Maker").locator("option:checked")).to_have_text("Birch")


def test_typed_text_is_discarded_only_the_second_time(page: Page) -> None:
    page.goto(LAMP)
    dialog = opened(page, "maker")
    dialog.get_by_label("Name").fill("Birch")
    page.keyboard.press("Escape")
    expect(dialog.get_by_role("alert")).to_have_text("Your text is not saved. Cancel again to discard it.")
    expect(dialog.get_by_label("Name")).to_have_value("Birch")
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_have_count(0)


def test_link_opens_the_form_in_another_tab_without_scripts(
    console: Console, page_at: Callable[..., Page]
) -> None:
    page = page_at(console, java_script_enabled=False)
    page.goto(LAMP)
    with page.expect_popup() as popup:
        page.get_by_role("link", name="New maker").click()
    expect(popup.value.get_by_role("heading", level=1)).to_have_text("New maker")
    expect(page.get_by_role("heading", level=1)).to_have_text("New made lamp")
