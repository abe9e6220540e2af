"""Deleting records that others refer to: the question offers to clear these or to move them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.accessibility import Accessibility
from e2e.components.bulk_bar import BulkBar
from e2e.components.dialog import Confirmation, ConfirmationPage, Dialog
from e2e.components.flashes import Flashes
from e2e.components.table import Table
from e2e.makers import MadeLamp, Maker
from e2e.server import Console

QUESTION = "2 made lamps refer to these makers. Choose what happens to them."


@pytest.fixture
def makers(made: Console) -> Console:
    """A console with three makers and a lamp of each of the first two."""
    with made.database() as session:
        session.add_all(Maker(name=name) for name in ("Ash", "Elm", "Oak"))
        session.flush()
        session.add_all([MadeLamp(name="Desk lamp", maker_id=1), MadeLamp(name="Floor lamp", maker_id=2)])
    return made


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_refers_to_selected_records_is_moved_and_comes_back(
    makers: Console, page_at: Callable[..., Page], accessibility: Accessibility, scripts: bool
) -> None:
    page = page_at(makers, java_script_enabled=scripts)
    page.goto("/admin/makers/")
    table = Table(page, "Makers").select("Ash", "Elm")
    BulkBar(page, "Makers").choose("Delete")
    asked: Confirmation = Dialog(page) if scripts else ConfirmationPage(page)
    asked.expect_asks("Delete 2 makers?", QUESTION)
    if scripts:
        accessibility.check(page)
    asked.confirm("Delete 2 makers")
    again = ConfirmationPage(page).expect_asks("Delete 2 makers?", QUESTION)  # nothing was chosen
    expect(again.inside.get_by_text("Choose what happens to them.").last).to_be_visible()
    move(page)
    again.confirm("Delete 2 makers")
    told = "2 makers deleted. 2 made lamps changed."
    Flashes(page).expect_only(told, "success")
    table.expect_names("Oak")
    Flashes(page).undo()
    table.expect_names("Oak", "Elm", "Ash")


def move(page: Page) -> None:
    """Let the lamps have the third maker."""
    page.get_by_label("2 made lamps (Maker)", exact=True).select_option("Move to another record")
    page.get_by_label("Move 2 made lamps (Maker) to").select_option("Oak")
