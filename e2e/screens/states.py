"""Every state of every screen, and how to reach it."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from e2e.components.palette import Palette
from e2e.components.sheet import ShortcutSheet
from e2e.databases import SqliteFile
from e2e.screens.factors import FACTORS
from e2e.screens.histories import bulk_history, erase_errors, gone_account, history_filters, history_of_words
from e2e.screens.imports import IMPORTS
from e2e.screens.jobs import JOBS
from e2e.screens.lists import LISTS
from e2e.screens.logging_in import LOGGING_IN
from e2e.screens.people import PEOPLE
from e2e.screens.photos import PHOTOS
from e2e.screens.profiles import PROFILES
from e2e.screens.records import RECORDS
from e2e.screens.reverting import REVERTING
from e2e.screens.state import State, at, nothing_at
from e2e.screens.typed_again import TYPED_AGAIN
from e2e.server import Console


def charts_as_tables(page: Page, _server: Console) -> None:
    """The home with both charts as tables."""
    page.goto("/admin/")
    for summary in page.get_by_text("Show as table").all():
        summary.click()
    expect(page.get_by_role("table")).to_have_count(2)


def palette(page: Page, _server: Console) -> None:
    """The command palette over a list, with results in each group."""
    page.goto("/admin/products/?q=oak+lamp")
    Palette(page).open().find("ca").expect_chosen("Categories")
    expect(Palette(page).group("Records")).not_to_have_count(0)


def palette_without_a_match(page: Page, _server: Console) -> None:
    """The command palette without results."""
    page.goto("/admin/products/?q=oak+lamp")
    Palette(page).open().find("nothing like it").expect_says("No matches")


def shortcut_sheet(page: Page, _server: Console) -> None:
    """The sheet of keyboard shortcuts over a list."""
    page.goto("/admin/products/?q=oak+lamp")
    page.keyboard.press("?")
    expect(ShortcutSheet(page).dialog).to_be_visible()


def fault(page: Page, server: Console) -> None:
    """A page that fails because of an invalid row; the database is restored before the next test."""
    with server.database() as session:
        session.connection().exec_driver_sql("UPDATE products SET created_at = 'broken' WHERE id = 1")
    page.goto("/admin/products/details/?id=1")


def outage(page: Page, server: Console) -> None:
    """A page of a console whose database was deleted; it is restored before the next test."""
    assert isinstance(server.store, SqliteFile)
    for part in server.store.file.parent.glob(f"{server.store.file.name}*"):
        part.unlink()
    page.goto("/admin/products/")


# Only "already logged in" shows a list of the usual length, because axe takes seconds for it.
GONE = "unable to open database file|was deleted or replaced"
"""The faults of a server whose database is gone: which one is first depends on its open connections."""
STATES = (
    *LOGGING_IN,
    State("home", "viewer", at("/admin/")),
    State("home with charts as tables", "viewer", charts_as_tables),
    State("home over an empty catalogue", "viewer", nothing_at("/admin/")),
    State("home with first steps", "admin", nothing_at("/admin/")),
    State("home of an admin", "admin", at("/admin/")),
    *PROFILES,
    *FACTORS,
    State("not found", "viewer", at("/nowhere"), {"status": 404}),
    State("no permission", "viewer", at("/admin/users/"), {"status": 403}),
    State("internal error", "viewer", fault, {"status": 500, "exception": "ValueError"}),
    State("no database", "viewer", outage, {"status": 503, "exception": GONE}),
    State("already logged in", "viewer", at("/login")),
    State("palette", "admin", palette),
    State("palette without a match", "viewer", palette_without_a_match),
    State("sheet of shortcuts", "admin", shortcut_sheet),
    *LISTS,
    *RECORDS,
    *PEOPLE,
    State("history", "admin", at("/admin/history/?kind=create&person=x")),
    State("history with open filters", "editor", history_filters),
    State("history without a match", "viewer", at("/admin/history/?kind=erase")),
    State("change set of many", "editor", bulk_history),
    State("history of a product", "viewer", history_of_words),
    State("history of a deleted account", "owner", gone_account("/admin/users/history/")),
    State("question before erasing", "owner", gone_account("/admin/users/erase/")),
    State("question before erasing with errors", "owner", erase_errors),
    *JOBS,
    *IMPORTS,
    *PHOTOS,
    *REVERTING,
    *TYPED_AGAIN,
)

# The fullest state of each kind of page.
KINDS = {"login with errors", "home of an admin", "profile", "products with filters", "product of an editor"}


def each(states: Iterable[State]) -> pytest.MarkDecorator:
    """Run a test once for each state."""
    return pytest.mark.parametrize(("role", "reach"), [state.parameter() for state in states])


every_state = each(STATES)
every_kind = each(state for state in STATES if state.name in KINDS)
