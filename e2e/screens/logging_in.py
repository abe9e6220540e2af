"""The states of the pages of users who are logged out."""

from playwright.sync_api import Page, expect

from e2e.pages.login import LoginPage
from e2e.pages.profile import ProfilePage
from e2e.pages.register import RegisterPage
from e2e.screens.state import State, at
from e2e.server import Console


def login_errors(page: Page, _server: Console) -> None:
    """A failed login."""
    LoginPage(page).open().submit.click()
    expect(LoginPage(page).error_summary).to_be_visible()


def register_errors(page: Page, _server: Console) -> None:
    """A registration with every field invalid."""
    RegisterPage(page).open().submit.click()
    expect(RegisterPage(page).error_summary).to_be_visible()


def logged_out(page: Page, server: Console) -> None:
    """The login page with the message after logging out."""
    page.context.add_cookies(server.storage_state("viewer")["cookies"])
    ProfilePage(page).open().nav.log_out()
    expect(LoginPage(page).flashes.all).to_be_visible()


LOGGING_IN = (
    State("login", None, at("/login")),
    State("login with errors", None, login_errors),
    State("login with a flash", None, logged_out),
    State("register", None, at("/register")),
    State("register with errors", None, register_errors),
    State("not found, logged out", None, at("/nowhere"), {"status": 404}),
)
