"""Rows that belong to a record, edited in its form: by script, without one, and together with other users."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.testing.harness.accessibility import Accessibility
from e2e.server import Console
from e2e.teams import Player, Team, TeamBase, Town

EDIT = "/admin/teams/edit/?id=1"


@pytest.fixture
def teams(console_of: Callable[..., Console]) -> Console:
    """A console with a team of two players."""
    console = console_of("e2e.teams", TeamBase)
    with console.database() as session:
        session.add(Team(name="Reds", players=[Player(name="Ann", number=1), Player(name="Bob", number=2)]))
    return console


@pytest.fixture
def visit(teams: Console, page_at: Callable[..., Page]) -> Callable[..., Page]:
    """`visit()` is the form of the team, opened by an editor; takes the options of a context."""

    def visit(**options: Any) -> Page:
        page = page_at(teams, **options)
        page.goto(EDIT)
        return page

    return visit


def row(page: Page, name: str) -> Locator:
    """The fields of one row."""
    return page.get_by_role("group", name=name, exact=True)


def save(page: Page) -> None:
    """Save the team, and open its form again."""
    page.get_by_role("button", name="Save team").click()
    expect(page.get_by_role("status").filter(has_text="saved")).to_be_visible()
    page.goto(EDIT)


def test_rows_are_added_changed_and_removed_by_keyboard_and_undone(visit: Callable[..., Page]) -> None:
    page = visit()
    expect(row(page, "New player")).to_have_count(0)
    page.get_by_role("button", name="Add a player").press("Enter")
    page.keyboard.type("Cleo")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    row(page, "Ann").get_by_label("Name").fill("Anne")
    row(page, "Bob").get_by_label("Remove this player").press("Space")
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    page.goto(EDIT)
    expect(row(page, "Bob")).to_have_count(0)
    expect(row(page, "Cleo").get_by_label("Number")).to_have_value("3")
    expect(row(page, "Anne")).to_be_visible()


def test_one_undo_brings_all_rows_back(visit: Callable[..., Page]) -> None:
    page = visit()
    row(page, "Bob").get_by_label("Remove this player").check()
    row(page, "Ann").get_by_label("Name").fill("Anne")
    page.get_by_role("button", name="Save team").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Undone")).to_be_visible()
    page.goto(EDIT)
    expect(row(page, "Ann")).to_be_visible()
    expect(row(page, "Bob")).to_be_visible()


def test_rows_are_added_and_removed_without_a_script(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    expect(page.get_by_role("button", name="Add a player")).to_have_count(0)
    row(page, "New player").first.get_by_label("Name").fill("Cleo")
    row(page, "Bob").get_by_label("Remove this player").check()
    save(page)
    expect(row(page, "Cleo")).to_be_visible()
    expect(row(page, "Bob")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_double_click_on_save_adds_a_row_once(visit: Callable[..., Page], scripts: bool) -> None:
    page = visit(java_script_enabled=scripts)
    if scripts:
        page.get_by_role("button", name="Add a player").click()
    row(page, "New player").first.get_by_label("Name").fill("Cleo")
    page.get_by_role("button", name="Save team").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Teams")
    page.goto(EDIT)
    expect(row(page, "Cleo")).to_have_count(1)


def test_error_of_a_row_is_named_in_the_summary_and_leads_to_its_field(
    visit: Callable[..., Page], accessibility: Accessibility
) -> None:
    page = visit()
    page.get_by_role("button", name="Add a player").click()
    row(page, "New player").get_by_label("Number").fill("3")
    accessibility.check(page)
    page.get_by_role("button", name="Save team").click()
    page.get_by_role("link", name="New player, name: Enter the name.").click()
    expect(row(page, "New player").get_by_label("Name")).to_be_focused()
    accessibility.check(page)
    page.get_by_role("button", name="Add a player").click()
    expect(row(page, "New player")).to_have_count(2)


def test_typed_rows_are_still_there_after_going_back(visit: Callable[..., Page]) -> None:
    page = visit()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Add a player").click()
    row(page, "New player").get_by_label("Name").fill("Cleo")
    row(page, "Bob").get_by_label("Remove this player").check()
    page.goto("/admin/")
    page.go_back()
    expect(row(page, "New player").get_by_label("Name")).to_have_value("Cleo")
    expect(row(page, "Bob").get_by_label("Remove this player")).to_be_checked()


def test_record_that_a_new_row_refers_to_is_searched(teams: Console, visit: Callable[..., Page]) -> None:
    with teams.database() as session:
        session.add_all(Town(name=f"Town {number:03}") for number in range(1, 121))
    page = visit()
    page.get_by_role("button", name="Add a player").click()
    row(page, "New player").get_by_label("Name").fill("Cleo")
    town = row(page, "New player").get_by_role("combobox", name="Town")
    town.press_sequentially("town 11")
    expect(page.get_by_role("option")).to_have_count(11)
    page.get_by_role("option", name="Town 117").click()
    save(page)
    expect(row(page, "Cleo").get_by_role("combobox", name="Town")).to_have_value("Town 117")


def test_rows_fit_a_phone(visit: Callable[..., Page], accessibility: Accessibility) -> None:
    page = visit(viewport={"width": 390, "height": 800})
    page.get_by_role("button", name="Add a player").click()
    accessibility.check(page)
    expect(row(page, "New player").get_by_label("Name")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
