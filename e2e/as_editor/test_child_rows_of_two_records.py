"""Rows whose key is that of the record and that of another: which other one, is chosen in the row."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.testing.harness.accessibility import Accessibility
from dashboard.testing.harness.layout import check_everywhere
from e2e.baskets import Basket, BasketBase, Fruit, Line
from e2e.server import Console

EDIT = "/admin/baskets/edit/?id=1"


@pytest.fixture
def baskets(console_of: Callable[..., Console]) -> Console:
    """A console with a basket of two apples and one pear, and with plums."""
    console = console_of("e2e.baskets", BasketBase)
    with console.database() as session:
        session.add(Basket(id=1, name="Breakfast"))
        session.add_all(Fruit(id=key, name=name) for key, name in ((1, "Apple"), (2, "Pear"), (3, "Plum")))
        session.flush()
        session.add_all(Line(basket_id=1, fruit_id=key, number=3 - key) for key in (1, 2))
    return console


@pytest.fixture
def visit(baskets: Console, page_at: Callable[..., Page]) -> Callable[..., Page]:
    """`visit()` is the form of the basket, opened by an editor; takes the options of a context."""

    def visit(**options: Any) -> Page:
        page = page_at(baskets, **options)
        page.goto(EDIT)
        return page

    return visit


def row(page: Page, name: str) -> Locator:
    """The fields of one row."""
    return page.get_by_role("group", name=name, exact=True)


def save(page: Page) -> Page:
    """Save the basket, and open its form again."""
    page.get_by_role("button", name="Save basket").click()
    expect(page.get_by_role("status").filter(has_text="saved")).to_be_visible()
    page.goto(EDIT)
    return page


@pytest.mark.parametrize("scripts", [True, False])
def test_row_is_added_for_a_chosen_record(visit: Callable[..., Page], scripts: bool) -> None:
    page = visit(java_script_enabled=scripts)
    if scripts:
        page.get_by_role("button", name="Add a line").click()
    added = row(page, "New line").first
    added.get_by_label("Fruit").select_option(label="Plum")
    added.get_by_label("Number").fill("5")
    expect(row(save(page), "Plum").get_by_label("Number")).to_have_value("5")


def test_row_moved_to_another_record_keeps_its_fields(visit: Callable[..., Page]) -> None:
    page = visit()
    row(page, "Apple").get_by_label("Fruit").select_option(label="Plum")
    save(page)
    expect(row(page, "Plum").get_by_label("Number")).to_have_value("2")
    expect(row(page, "Apple")).to_have_count(0)


def test_undo_moves_a_row_back(visit: Callable[..., Page]) -> None:
    page = visit()
    row(page, "Apple").get_by_label("Fruit").select_option(label="Plum")
    page.get_by_role("button", name="Save basket").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Undone")).to_be_visible()
    page.goto(EDIT)
    expect(row(page, "Apple").get_by_label("Number")).to_have_value("2")
    expect(row(page, "Plum")).to_have_count(0)


def test_record_that_has_a_row_already_is_refused_beside_the_row(visit: Callable[..., Page]) -> None:
    page = visit()
    page.get_by_role("button", name="Add a line").click()
    row(page, "New line").get_by_label("Fruit").select_option(label="Apple")
    page.get_by_role("button", name="Save basket").click()
    page.get_by_role("alert").get_by_role("link", name="Another row already has this fruit.").click()
    expect(row(page, "New line").get_by_label("Fruit")).to_be_focused()


def test_form_with_such_rows_is_accessible_everywhere(
    visit: Callable[..., Page], accessibility: Accessibility
) -> None:
    page = visit()
    page.get_by_role("button", name="Add a line").click()
    accessibility.check_everywhere(page)
    check_everywhere(page)
