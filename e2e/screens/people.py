"""The states of the pages about users."""

from playwright.sync_api import Page, expect

from e2e.forgery import post
from e2e.pages.detail import UserDetailPage
from e2e.pages.link import LinkPage
from e2e.pages.user_form import UserFormPage
from e2e.pages.user_list import UserListPage
from e2e.screens.state import State, at
from e2e.server import Console


def user_errors(page: Page, _server: Console) -> None:
    """A new user with every field invalid."""
    form = UserFormPage(page).new()
    form.create_button.click()
    expect(form.error_summary).to_be_visible()


def user_dialog(page: Page, _server: Console) -> None:
    """The question before a user is deactivated."""
    UserDetailPage(page).open_id(1).choose("Deactivate")
    expect(page.get_by_role("dialog")).to_be_visible()


def refusal(page: Page, _server: Console) -> None:
    """An error message."""
    users = UserListPage(page).open()
    post(page, "/admin/users/action/", action="delete", confirm=1, rowid=[3])
    expect(users.flashes.all).to_be_visible()


def invitation(page: Page, _server: Console) -> None:
    """The link of a new invitation."""
    UserFormPage(page).new().fill(email="newcomer@example.test").create_button.click()
    LinkPage(page).expect_link()


PEOPLE = (
    State("users", "admin", at("/admin/users/")),
    State("users with a refusal", "admin", refusal),
    State("user", "admin", at("/admin/users/details/?id=1")),
    State("own user page", "admin", at("/admin/users/details/?id=3")),
    State("invite user", "admin", at("/admin/users/new/")),
    State("invite user with errors", "admin", user_errors),
    State("invitation link", "admin", invitation),
    State("link shown before", "admin", at("/admin/users/link/?id=1")),
    State("edit user", "admin", at("/admin/users/edit/?id=1")),
    State("question before deactivating", "admin", user_dialog),
)
