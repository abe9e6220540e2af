from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.accounts.models import User
from dashboard.testing.harness.browsing import NewContext
from dashboard.testing.harness.guard import Guard
from e2e.accounts import add_account, stored
from e2e.forgery import post
from e2e.pages.detail import UserDetailPage
from e2e.pages.login import WRONG, LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage
from e2e.pages.user_list import UserListPage
from e2e.server import DEACTIVATED, Console, email_of

OpenAs = Callable[..., Page]
VIEWER, EDITOR, ADMIN = (email_of(role) for role in ("viewer", "editor", "admin"))


def decide(page: Page, email: str, action: str, verb: str | None = None) -> UserListPage:
    """Open an account, follow an action and confirm it in the dialog."""
    UserListPage(page).open().table.link(email).click()
    user = UserDetailPage(page).expect_record(email)
    user.choose(action)
    user.dialog.confirm(verb or action)
    return UserListPage(page).expect_open()


def test_deactivated_user_is_logged_out_and_cannot_log_in(page: Page, open_as: OpenAs) -> None:
    theirs = ProfilePage(open_as("viewer")).open().expect_open()
    users = decide(page, VIEWER, "Deactivate")
    users.flashes.expect_only(f"Account {VIEWER} deactivated.", "success")
    expect(users.table.row(VIEWER)).to_contain_text("Deactivated")
    theirs.page.reload()
    login = LoginPage(theirs.page).expect_open()
    login.log_in(VIEWER)
    login.expect_errors(WRONG)


def test_reactivated_user_can_log_in_again(page: Page, new_context: NewContext) -> None:
    users = decide(page, DEACTIVATED, "Reactivate")
    users.flashes.expect_only(f"Account {DEACTIVATED} reactivated.", "success")
    theirs = new_context().new_page()
    LoginPage(theirs).open().log_in(DEACTIVATED)
    ProductListPage(theirs).expect_open()


def test_logging_out_everywhere_ends_all_sessions_not_the_account(
    page: Page, open_as: OpenAs, new_context: NewContext, server: Console
) -> None:
    one = ProfilePage(open_as("editor")).open()
    cookie = server.state_with(server.log_in(EDITOR))
    other = ProfilePage(new_context(storage_state=cookie).new_page()).open().expect_open()
    users = decide(page, EDITOR, "Log out everywhere", "Log out")
    users.flashes.expect_only(f"Account {EDITOR} logged out everywhere.", "success")
    for each in (one, other):
        each.page.reload()
        LoginPage(each.page).expect_open()
    LoginPage(one.page).log_in(EDITOR)
    one.expect_open()


def test_deleting_asks_and_removes_account_and_sessions(page: Page, open_as: OpenAs, server: Console) -> None:
    theirs = ProfilePage(open_as("editor")).open().expect_open()
    users = UserListPage(page).open()
    users.table.delete(EDITOR)
    users.dialog.expect_asks(f"Delete {EDITOR}?", "This logs the user out immediately.").confirm(
        "Delete account"
    )
    users.expect_open().flashes.expect_only(f"Account {EDITOR} deleted.", "success")
    expect(users.table.link(EDITOR)).to_have_count(0)
    theirs.page.reload()
    LoginPage(theirs.page).expect_open()
    assert stored(server, EDITOR) is None


def test_cancelling_changes_nothing_and_returns_the_focus(
    page: Page, open_as: OpenAs, server: Console
) -> None:
    theirs = ProfilePage(open_as("viewer")).open()
    user = UserDetailPage(page).open_id(1)
    for action in ("Deactivate", "Log out everywhere", "Delete"):
        user.choose(action)
        expect(user.dialog.cancel_link).to_be_focused()
        user.dialog.cancel()
        user.dialog.expect_closed()
        expect(page.get_by_role("link", name=action, exact=True)).to_be_focused()
    theirs.reload()
    assert stored(server, VIEWER).active


def test_several_users_are_deactivated_and_deleted_at_once(page: Page, server: Console) -> None:
    users = UserListPage(page).open()
    users.table.select(VIEWER, EDITOR)
    users.bulk_bar.expect_count(2).choose("Deactivate")
    users.dialog.expect_asks("Deactivate 2 accounts?").confirm("Deactivate 2 accounts")
    users.flashes.expect_only("2 accounts deactivated.", "success")
    assert not stored(server, VIEWER).active
    assert not stored(server, EDITOR).active
    users.table.select(VIEWER, DEACTIVATED)
    users.bulk_bar.choose("Delete")
    users.dialog.expect_asks("Delete 2 accounts?", "This cannot be undone.")
    for email in (DEACTIVATED, VIEWER):
        expect(users.dialog.inside.get_by_role("listitem").filter(has_text=email)).to_have_count(1)
    users.dialog.confirm("Delete 2 accounts")
    users.flashes.expect_only("2 accounts deleted.", "success")
    users.table.expect_names(ADMIN, EDITOR)


@pytest.mark.allow(status=403)
def test_forged_change_of_oneself_is_refused(page: Page, server: Console) -> None:
    for path in ("edit", "delete", "deactivate", "sign-out"):
        UserListPage(page).open()
        post(page, f"/admin/users/{path}/", id=3, role="owner", name="Me")
        expect(page.get_by_role("heading", level=1)).to_have_text("No permission")
    before = stored(server, ADMIN)
    assert (before.role, before.active, before.name) == ("admin", True, "")


def test_forged_bulk_change_including_oneself_changes_no_account(page: Page, server: Console) -> None:
    users = UserListPage(page).open()
    for action in ("delete", "deactivate"):
        post(page, "/admin/users/action/", action=action, confirm=1, rowid=[1, 3])
        users.expect_open().flashes.expect_only(
            "You can't do this to your own account. Ask another admin or owner.", "error"
        )
    assert stored(server, VIEWER).active
    assert stored(server, ADMIN).active


@pytest.mark.allow(status=400)
def test_forged_post_without_a_token_is_refused(page: Page, server: Console) -> None:
    UserListPage(page).open()
    post(page, "/admin/users/delete/", token="", id=1)
    expect(page.get_by_role("main")).to_contain_text("This form is no longer valid")
    assert stored(server, VIEWER)


def test_account_deleted_since_is_not_found(page: Page, server: Console, guard: Guard) -> None:
    number = add_account(server, "brief@example.test")
    user = UserDetailPage(page).open_id(number)
    with server.database() as session:
        session.delete(session.get(User, number))
    guard.allow(status=404)
    user.choose("Deactivate")
    expect(user.heading).to_have_text("Not found")
