"""Permanently erasing the history of a user."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.history.chain import verify
from e2e.accounts import add_account
from e2e.pages.history import HistoryPage, TimelinePage
from e2e.server import Console

LEAVER = "leaver@example.test"


@pytest.fixture
def gone(server: Console) -> int:
    """Return the id of a deleted account."""
    number = add_account(server, LEAVER, name="Lee Aver")
    with server.database() as session:
        session.delete(session.get_one(User, number))
    return number


def test_owner_erases_a_deleted_user_by_typing_the_email(page: Page, server: Console, gone: int) -> None:
    timeline = TimelinePage(page).open_of("users", gone)
    for fold in page.get_by_text(re.compile(r"^All \d+ values$")).all():
        fold.click()
    expect(page.get_by_role("definition").filter(has_text="Lee Aver")).to_have_count(2)
    page.get_by_role("link", name="Erase history").click()
    expect(timeline.heading).to_have_text(f"Erase the history of account {LEAVER}?")
    typed = page.get_by_label(f"Type “{LEAVER}” to confirm")
    typed.fill("Lee")
    page.get_by_role("button", name="Erase history").click()
    expect(timeline.error_summary).to_contain_text("The name doesn't match.")
    typed.fill(LEAVER)
    page.get_by_role("button", name="Erase history").click()
    timeline.flashes.expect_only(f"Account no. {gone} erased from 2 changes.", "success")
    expect(timeline.entries.get_by_role("heading")).to_have_text(["Erased the history", "Deleted", "Created"])
    expect(page.get_by_text("This was erased.")).to_have_count(2)
    expect(page.get_by_role("link", name="Erase history")).to_have_count(0)
    history = HistoryPage(page).open().expect_open()
    expect(history.table.link(f"Erased the history of account no. {gone}")).to_be_visible()
    expect(page.get_by_text(LEAVER)).to_have_count(0)
    with server.database():
        assert verify(db.session).faults == []


@pytest.mark.allow(status=403)
def test_admin_cannot_erase(page: Page, server: Console, gone: int, open_as: Callable[..., Page]) -> None:
    theirs = open_as("admin")
    theirs.goto(f"/admin/users/erase/?id={gone}")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("No permission")


def test_account_has_to_be_deleted_before_it_is_erased(page: Page) -> None:
    TimelinePage(page).open_of("users", 1)
    expect(page.get_by_text("You can erase this history once the account is deleted.")).to_be_visible()
    page.goto("/admin/users/erase/?id=1")
    TimelinePage(page).flashes.expect_only("This account still exists. Delete it first.", "error")
