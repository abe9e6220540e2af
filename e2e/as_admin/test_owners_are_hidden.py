"""Admins manage accounts up to admin; owners are hidden in lists, searches, pages and forged posts."""

import csv
import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.accounts import stored
from e2e.forgery import post
from e2e.pages.home import HomePage
from e2e.pages.profile import ProfilePage
from e2e.pages.user_list import UserListPage
from e2e.server import Console, email_of

OWNER = email_of("owner")
OWNER_ID = 4


def test_owners_are_in_no_list_search_filter_or_export(page: Page) -> None:
    users = UserListPage(page).open().expect_open()
    expect(users.table.link(email_of("admin"))).to_be_visible()
    expect(users.table.link(OWNER)).to_have_count(0)
    users.filters.open()
    expect(users.filters.panel.get_by_role("checkbox", name="Owner")).to_have_count(0)
    users.open("?role=owner&q=owner")
    expect(users.no_match).to_be_visible()
    answer = page.request.get("/admin/users/export/csv/")
    assert OWNER not in [row["email"] for row in csv.DictReader(io.StringIO(answer.text()))]


def test_home_neither_names_nor_counts_owners(page: Page) -> None:
    home = HomePage(page).open().expect_open()
    expect(home.sign_ups).to_contain_text(email_of("admin"))
    expect(home.sign_ups).not_to_contain_text(OWNER)
    figure = home.figures.filter(has_text="Users")
    expect(figure).to_contain_text("4")


@pytest.mark.allow(status=404)
def test_pages_of_an_owner_are_not_found(page: Page) -> None:
    for path in ("details", "edit", "delete", "deactivate", "reactivate", "sign-out"):
        page.goto(f"/admin/users/{path}/?id={OWNER_ID}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Not found")


@pytest.mark.allow(status=404)
def test_forged_change_of_an_owner_is_not_found(
    page: Page, server: Console, open_as: Callable[..., Page]
) -> None:
    theirs = ProfilePage(open_as("owner")).open()
    users = UserListPage(page).open()
    for path in ("edit", "delete", "deactivate", "sign-out"):
        post(page, f"/admin/users/{path}/?id={OWNER_ID}", id=OWNER_ID, role="viewer", name="")
        # The edit form shows the typed text again, with nothing to save it to.
        words = "This account is no longer available" if path == "edit" else "Not found"
        expect(page.get_by_role("heading", level=1)).to_have_text(words)
        users.open()
    for action in ("delete", "deactivate"):
        post(page, "/admin/users/action/", action=action, confirm=1, rowid=[OWNER_ID])
        users.expect_open().flashes.expect_only("Nothing is selected.", "warning")
    theirs.reload()
    account = stored(server, OWNER)
    assert (account.role, account.active) == ("owner", True)
