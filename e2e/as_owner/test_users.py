from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.browsing import NewContext
from e2e.accounts import add_account, stored
from e2e.forgery import post
from e2e.pages.detail import UserDetailPage
from e2e.pages.home import HomePage
from e2e.pages.user_form import UserFormPage
from e2e.pages.user_list import UserListPage
from e2e.server import DEACTIVATED, Console, email_of

ADMIN, OWNER = email_of("admin"), email_of("owner")
SECOND = "second.owner@example.test"


def test_owners_see_filter_and_give_the_role_of_owner(page: Page) -> None:
    users = UserListPage(page).open()
    users.filters.open().tick("Owner").apply()
    users.table.expect_names(OWNER)
    UserFormPage(page).new()
    expect(page.get_by_label("Role").get_by_role("option")).to_have_text(
        ["Viewer", "Editor", "Admin", "Owner"]
    )


def test_owner_makes_another_owner(page: Page, open_as: Callable[..., Page], server: Console) -> None:
    theirs = UserListPage(open_as("admin")).open().expect_open()
    UserFormPage(page).edit(3).choose(role="Owner").save_button.click()
    UserListPage(page).expect_open().flashes.expect_only(f"Account {ADMIN} saved.", "success")
    assert stored(server, ADMIN).role == "owner"
    expect(theirs.reload().table.link(OWNER)).to_be_visible()


def test_another_owner_can_be_demoted_deactivated_and_deleted(page: Page, server: Console) -> None:
    number = add_account(server, SECOND, role="owner")
    UserFormPage(page).edit(number).choose(role="Viewer").save_button.click()
    users = UserListPage(page).expect_open()
    users.flashes.expect_only(f"Account {SECOND} saved.", "success")
    assert stored(server, SECOND).role == "viewer"
    number = add_account(server, "third.owner@example.test", role="owner")
    user = UserDetailPage(page).open_id(number)
    user.choose("Deactivate")
    user.dialog.confirm("Deactivate")
    users.expect_open().flashes.expect_only("Account third.owner@example.test deactivated.", "success")
    user.open_id(number).choose("Delete")
    user.dialog.confirm("Delete account")
    users.expect_open().flashes.expect_only("Account third.owner@example.test deleted.", "success")
    assert stored(server, "third.owner@example.test") is None


@pytest.mark.allow(status=403)
def test_last_owner_cannot_leave_by_a_forged_post(page: Page, server: Console) -> None:
    users = UserListPage(page)
    for path in ("edit", "delete", "deactivate", "sign-out"):
        users.open()
        post(page, f"/admin/users/{path}/", id=4, role="viewer", name="")
        expect(page.get_by_role("heading", level=1)).to_have_text("No permission")
    users.open()
    for action in ("delete", "deactivate"):
        post(page, "/admin/users/action/", action=action, confirm=1, rowid=[1, 2, 3, 4, 5])
        users.expect_open().flashes.expect_only(
            "You can't do this to your own account. Ask another admin or owner.", "error"
        )
    users.table.expect_names(DEACTIVATED, OWNER, ADMIN, email_of("editor"), email_of("viewer"))
    account = stored(server, OWNER)
    assert (account.role, account.active) == ("owner", True)


@pytest.mark.postgresql
@pytest.mark.allow(status=404)
def test_one_of_two_owners_who_demote_each_other_stays_owner(
    page: Page, new_context: NewContext, server: Console
) -> None:
    number = add_account(server, SECOND, role="owner")
    state = server.state_with(server.log_in(SECOND))
    theirs = UserFormPage(new_context(storage_state=state).new_page()).edit(4).choose(role="Admin")
    UserFormPage(page).edit(number).choose(role="Admin").save_button.click()
    UserListPage(page).expect_open()
    theirs.save_button.click()
    expect(theirs.heading).to_have_text("This account is no longer available")
    assert (stored(server, OWNER).role, stored(server, SECOND).role) == ("owner", "admin")


def test_home_counts_and_names_every_user(page: Page) -> None:
    home = HomePage(page).open()
    expect(home.figures.filter(has_text="Users")).to_contain_text("5")
    expect(home.sign_ups.get_by_role("link", name=OWNER)).to_be_visible()
