"""Inviting a user and resetting a password by a link that an admin hands over."""

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.browsing import NewContext
from e2e.accounts import reset_link, stored
from e2e.components.dialog import Dialog
from e2e.pages.detail import UserDetailPage
from e2e.pages.link import ChoosingPage, LinkPage
from e2e.pages.login import WRONG, LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.user_form import UserFormPage
from e2e.pages.user_list import UserListPage
from e2e.server import PASSWORD, Console, email_of

NEWCOMER = "newcomer@example.test"
NEW_PASSWORD = "copper meadow whistle 7"
VIEWER = email_of("viewer")


def invited(page: Page) -> LinkPage:
    """The page with the link of a new invitation."""
    UserListPage(page).open().new_button.click()
    UserFormPage(page).fill(email=NEWCOMER, name="New Comer").choose(role="Editor").create_button.click()
    return LinkPage(page).expect_link(f"Account {NEWCOMER} invited.")


@pytest.mark.allow(status=404)
def test_invited_user_joins_with_the_link_once(page: Page, new_context: NewContext) -> None:
    link = invited(page).field.input_value()
    theirs = new_context().new_page()
    theirs.goto(link)
    joining = ChoosingPage(theirs)
    expect(joining.name).to_have_value("New Comer")
    joining.choose().join.click()
    products = ProductListPage(theirs).expect_open()
    products.flashes.expect_only("Registered successfully.", "success")
    products.nav.expect_logged_in(NEWCOMER, "editor")
    theirs.goto(link)
    expect(joining.heading).to_have_text("This invitation link doesn't work")
    users = UserListPage(page).open()
    expect(users.table.row(NEWCOMER)).to_contain_text("Active")


def test_list_says_who_is_invited(page: Page) -> None:
    invited(page).back.click()
    users = UserListPage(page).expect_open()
    expect(users.table.row(NEWCOMER)).to_contain_text("Invited")


def test_link_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = invited(page)
    link.copy_button.click()
    expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link.field.input_value()


def test_refreshed_page_shows_no_link_and_offers_a_new_one(page: Page) -> None:
    link = invited(page)
    first = link.field.input_value()
    page.reload()
    expect(link.heading).to_have_text("Invitation link")
    expect(link.field).to_have_count(0)
    link.new_link.click()
    Dialog(page).expect_asks(f"Create a new invitation link for {NEWCOMER}?").confirm("Create link")
    assert link.expect_link().field.input_value() != first


def test_undo_beside_the_message_revokes_the_invitation(page: Page, server: Console) -> None:
    invited(page).flashes.undo()
    UserListPage(page).expect_open()
    assert stored(server, NEWCOMER) is None


def test_admin_resets_the_password_of_a_user(page: Page, new_context: NewContext) -> None:
    UserDetailPage(page).open_id(1).choose("Reset password")
    Dialog(page).expect_asks(f"Reset the password of {VIEWER}?").confirm("Create reset link")
    link = LinkPage(page).expect_link().field.input_value()
    theirs = new_context().new_page()
    theirs.goto(link)
    ChoosingPage(theirs).choose(NEW_PASSWORD).change.click()
    login = LoginPage(theirs).expect_open()
    login.flashes.expect_only("Password changed. Log in with your new password.", "success")
    login.log_in(VIEWER, PASSWORD)
    expect(login.error_summary).to_contain_text(WRONG)
    login.log_in(VIEWER, NEW_PASSWORD)
    ProductListPage(theirs).expect_open().nav.expect_logged_in(VIEWER, "viewer")


def test_login_page_says_how_to_get_a_new_password(new_context: NewContext) -> None:
    page = new_context().new_page()
    LoginPage(page).open()
    page.get_by_role("link", name="Forgot password?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forgot password?")
    expect(page.get_by_role("main")).to_contain_text("Ask an admin")


@pytest.mark.allow(status=404)
def test_two_browsers_with_one_link_choose_one_password(new_context: NewContext, server: Console) -> None:
    link = reset_link(server, VIEWER)
    first, second = (new_context().new_page() for _ in range(2))
    for each in (first, second):
        each.goto(link)
    ChoosingPage(first).choose(NEW_PASSWORD).change.click()
    LoginPage(first).expect_open()
    late = ChoosingPage(second)
    late.choose(PASSWORD).change.click()
    expect(late.heading).to_have_text("This reset link doesn't work")
