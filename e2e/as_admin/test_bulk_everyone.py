"""Selecting all accounts of a list of several pages leaves out oneself and the owners."""

from playwright.sync_api import Page, expect

from e2e.accounts import add_account, stored
from e2e.pages.user_list import UserListPage
from e2e.server import Console, email_of


def test_everyone_except_oneself_and_owners_is_deactivated(page: Page, server: Console) -> None:
    for number in range(12):
        add_account(server, f"temp{number:02}@example.test")
    users = UserListPage(page).open("?size=10&state=active")
    users.table.select_all.check()
    users.bulk_bar.expect_offers("all 14 accounts that match").take_offer()
    users.bulk_bar.expect_everything("All 14 accounts that match").choose("Deactivate")
    users.dialog.expect_asks("Deactivate 14 accounts?")
    expect(users.dialog.inside.get_by_role("listitem").filter(has_text=email_of("admin"))).to_have_count(0)
    users.dialog.confirm("Deactivate 14 accounts")
    users.flashes.expect_only("14 accounts deactivated.", "success")
    users.table.expect_names(email_of("admin"))
    for role, active in (("owner", True), ("admin", True), ("editor", False), ("viewer", False)):
        assert stored(server, email_of(role)).active == active
