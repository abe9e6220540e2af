"""The input for many other records: a list of those that were chosen, and a combobox that adds to it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.testing.harness.accessibility import Accessibility
from e2e.leaving import Asked
from e2e.makers import MadeLamp, Shop
from e2e.server import Console

EDIT = "/admin/lamp_shops/edit/?id=1"


@pytest.fixture
def sold(made: Console) -> Console:
    """A console with four lamps, and a shop that sells the first one."""
    with made.database() as session:
        first, *others = [MadeLamp(name=name) for name in ("Desk", "Floor", "Twin", "Twin")]
        session.add_all([first, *others])
        session.flush()
        session.add(Shop(name="Corner", lamps=[first]))
    return made


@pytest.fixture
def form(sold: Console, page_at: Callable[..., Page]) -> Page:
    """The form of the shop."""
    page = page_at(sold)
    page.goto(EDIT)
    return page


@pytest.fixture
def adding(form: Page) -> Locator:
    """The combobox that adds lamps."""
    return form.get_by_role("combobox", name="Lamps")


def chosen(page: Page) -> Locator:
    return page.get_by_role("list", name="Chosen: Lamps").get_by_role("listitem").locator("bdi")


def saved(page: Page) -> Locator:
    return page.get_by_text("Shop “Corner” saved.")


def test_records_are_added_and_removed_by_keyboard(
    form: Page, adding: Locator, accessibility: Accessibility
) -> None:
    adding.press_sequentially("flo")
    expect(form.get_by_role("option", name="Floor")).to_be_visible()
    adding.press("ArrowDown")
    adding.press("Enter")
    expect(chosen(form)).to_have_text(["Desk", "Floor"])
    expect(adding).to_have_value("")
    expect(adding).to_be_focused()
    expect(form.locator(".picker").get_by_role("status")).to_have_text("Floor added")
    accessibility.check(form)
    adding.press("Shift+Tab")
    expect(form.get_by_role("button", name="Remove Floor")).to_be_focused()
    form.keyboard.press("Shift+Tab")
    form.keyboard.press("Enter")
    expect(chosen(form)).to_have_text(["Floor"])
    expect(adding).to_be_focused()
    adding.press("Enter")
    expect(saved(form)).to_be_visible()
    form.goto(EDIT)
    expect(chosen(form)).to_have_text(["Floor"])


def test_backspace_in_the_empty_input_removes_the_last(form: Page, adding: Locator) -> None:
    adding.press("Backspace")
    expect(chosen(form)).to_have_count(0)


def test_one_of_two_with_one_name_is_added_by_its_number(form: Page, adding: Locator) -> None:
    adding.press_sequentially("twin")
    form.get_by_role("option", name="Twin no. 4").click()
    expect(chosen(form)).to_have_text(["Desk", "Twin no. 4"])
    form.get_by_role("button", name="Save shop").click()
    expect(saved(form)).to_be_visible()
    form.goto(EDIT)
    expect(chosen(form)).to_have_text(["Twin no. 4", "Desk"])


def test_typed_text_is_no_less_than_a_choice(form: Page, adding: Locator) -> None:
    adding.fill("Nowhere")
    form.get_by_role("button", name="Save shop").click()
    form.get_by_role("link", name="Lamps: No made lamp is called “Nowhere”.").click()
    expect(adding).to_be_focused()
    expect(chosen(form)).to_have_text(["Desk", "Nowhere"])


def test_change_of_the_list_is_asked_about_before_leaving(form: Page) -> None:
    asked = Asked(form, leave=False)
    form.get_by_role("button", name="Remove Desk").click()
    form.get_by_role("link", name="Cancel").click()
    expect(form).to_have_url(re.compile(re.escape(EDIT)))
    assert asked.times == 1


def test_records_are_typed_one_a_line_without_scripts(sold: Console, page_at: Callable[..., Page]) -> None:
    page = page_at(sold, java_script_enabled=False)
    page.goto(EDIT)
    page.get_by_label("Lamps").fill("Floor\nDesk")
    page.get_by_role("button", name="Save shop").click()
    expect(saved(page)).to_be_visible()
    page.goto(EDIT)
    expect(page.get_by_label("Lamps")).to_have_value("Desk\nFloor")
