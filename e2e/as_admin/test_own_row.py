"""One's own account is in the list, but neither the list nor its page can change it."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.pages.detail import UserDetailPage
from e2e.pages.user_list import UserListPage
from e2e.server import email_of

EDITOR, ADMIN = email_of("editor"), email_of("admin")


@pytest.mark.parametrize("role", ["owner"])
def test_own_row_offers_no_change(page: Page, role: str) -> None:
    users = UserListPage(page).open()
    own = users.table.row(email_of(role))
    expect(users.table.row(EDITOR).get_by_role("link", name=f"Edit {EDITOR}")).to_be_visible()
    expect(own.get_by_role("link", name=re.compile("^(Edit|Delete) "))).to_have_count(0)
    expect(own.get_by_role("checkbox")).to_have_count(0)


def test_own_page_offers_no_change(page: Page) -> None:
    user = UserDetailPage(page).open_id(3).expect_record(ADMIN).expect_fact("Role", "Admin")
    for link in (user.edit_link, user.more):
        expect(link).to_have_count(0)
    for action in ("Deactivate", "Log out everywhere"):
        expect(page.get_by_role("link", name=action, exact=True)).to_have_count(0)


def test_selecting_all_leaves_out_ones_own_account(page: Page) -> None:
    users = UserListPage(page).open()
    users.table.select_all.check()
    users.bulk_bar.expect_count(3).choose("Delete")
    users.dialog.confirm("Delete 3 accounts")
    users.flashes.expect_only("3 accounts deleted.", "success")
    users.table.expect_names(ADMIN)
