"""The pages of those who are signed out."""

from playwright.sync_api import Page, expect

from e2e.pages.login import LoginPage
from e2e.pages.profile import ProfilePage
from e2e.pages.register import RegisterPage
from e2e.screens.state import State, at
from e2e.server import Console


def login_errors(page: Page, _server: Console) -> None:
    """A failed sign-in."""
    LoginPage(page).open().submit.click()
    expect(LoginPage(page).error_summary).to_be_visible()


def register_errors(page: Page, _server: Console) -> None:
    """A registration with nothing right in it."""
    RegisterPage(page).open().submit.click()
    expect(RegisterPage(page).error_summary).to_be_visible()


def signed_out(page: Page, server: Console) -> None:
    """The sign-in page with the flash of having signed out."""
    page.context.add_cookies(server.storage_state("viewer")["cookies"])
    ProfilePage(page).open().nav.log_out()
    expect(LoginPage(page).flashes.all).to_be_visible()


SIGNING_IN = (
    State("login", None, at("/login")),
    State("login with errors", None, login_errors),
    State("login with a flash", None, signed_out),
    State("register", None, at("/register")),
    State("register with errors", None, register_errors),
    State("not found, signed out", None, at("/nowhere"), {"status": 404}),
)
