"""The login page."""

from typing import Self

from playwright.sync_api import Page

from e2e.pages.base import BasePage
from e2e.server import PASSWORD

WRONG = "Invalid email or password"


class LoginPage(BasePage):
    """Where people log in."""

    path = "/login"
    title = "Log in"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.email = page.get_by_label("Email")
        self.password = page.get_by_label("Password", exact=True)
        self.submit = page.get_by_role("button", name="Log in", exact=True)
        self.by_passkey = page.get_by_role("button", name="Log in with a passkey")

    def log_in(self, email: str, password: str = PASSWORD) -> None:
        """Fill the form in and send it."""
        self.fill(email, password).submit.click()

    def fill(self, email: str, password: str = PASSWORD) -> Self:
        """Fill the form in."""
        self.email.fill(email)
        self.password.fill(password)
        return self
