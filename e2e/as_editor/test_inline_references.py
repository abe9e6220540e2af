"""Editing what a row refers to in its cell: the name is typed and found, and the cell stays a link."""

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.components.cells import Cells

LAMP = "Oak Lamp"


def category(page: Page) -> Locator:
    """The field of the open cell."""
    return page.get_by_role("dialog").get_by_role("combobox", name="Category")


def test_category_is_found_while_it_is_typed_and_saved_by_tab(page: Page, cells: Cells) -> None:
    cells.cell("category", LAMP).press("Enter")
    expect(category(page)).to_be_focused()
    category(page).fill("kitc")
    page.get_by_role("option", name="Kitchen").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(cells.dialog.get_by_label("Price in EUR")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("cell", name="Kitchen").get_by_role("link", name="Kitchen")).to_be_visible()
    page.reload()
    expect(page.get_by_role("cell", name="Kitchen").get_by_role("link", name="Kitchen")).to_be_visible()


def test_category_is_chosen_with_the_mouse(page: Page, cells: Cells) -> None:
    cells.cell("category", LAMP).click()
    category(page).click()
    page.get_by_role("option", name="Garden").click()
    cells.save.click()
    expect(cells.dialog).to_have_count(0)
    expect(cells.cell("category", LAMP)).to_be_focused()
    page.get_by_role("cell", name="Garden").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Garden", level=1)).to_be_visible()


@pytest.mark.allow(status=422)
def test_unknown_category_is_reported_at_the_cell(page: Page, cells: Cells) -> None:
    cells.cell("category", LAMP).press("Enter")
    category(page).fill("Kitc")
    page.keyboard.press("Enter")
    expect(cells.problem).to_contain_text("No category is called “Kitc”.")
    expect(category(page)).to_have_value("Kitc")
    category(page).fill("")
    page.keyboard.press("Enter")
    expect(cells.dialog).to_have_count(0)
    expect(page.get_by_role("button", name=f"Edit category of {LAMP}, —")).to_be_focused()


def test_escape_closes_the_results_before_the_cell(page: Page, cells: Cells) -> None:
    cells.cell("category", LAMP).press("Enter")
    expect(category(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(cells.dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(cells.dialog).to_have_count(0)


def test_only_result_and_other_capital_letters_are_taken(page: Page, cells: Cells) -> None:
    cells.cell("category", LAMP).press("Enter")
    category(page).fill("gard")
    page.get_by_role("option", name="Garden").wait_for()
    page.keyboard.press("Enter")
    expect(cells.dialog).to_have_count(0)
    expect(page.get_by_role("cell", name="Garden").get_by_role("link")).to_be_visible()
    cells.cell("category", LAMP).press("Enter")
    expect(category(page)).to_have_value("Garden")
    category(page).fill("kitchen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="Kitchen").get_by_role("link")).to_be_visible()
