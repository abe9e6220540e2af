"""The states of the pages of users who are logged out."""

from playwright.sync_api import Page, expect

from e2e.accounts import invitation, reset_link
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


def joining(page: Page, server: Console) -> None:
    """The page of an invitation."""
    page.goto(invitation(server, f"newcomer.{'long' * 10}.address@example.test"))
    expect(page.get_by_role("button", name="Join")).to_be_visible()


def joining_errors(page: Page, server: Console) -> None:
    """The page of an invitation with every field invalid."""
    joining(page, server)
    page.get_by_role("button", name="Join").click()
    expect(LoginPage(page).error_summary).to_be_visible()


def resetting(page: Page, server: Console) -> None:
    """The page of a reset link."""
    page.goto(reset_link(server, "viewer@example.test"))
    expect(page.get_by_role("button", name="Change password")).to_be_visible()


LOGGING_IN = (
    State("login", None, at("/login")),
    State("login with errors", None, login_errors),
    State("login with a flash", None, logged_out),
    State("register", None, at("/register")),
    State("register with errors", None, register_errors),
    State("forgotten password", None, at("/reset")),
    State("join", None, joining),
    State("join with errors", None, joining_errors),
    State("reset", None, resetting),
    State("used link", None, at("/invitation?token=used"), {"status": 404}),
    State("not found, logged out", None, at("/nowhere"), {"status": 404}),
)
