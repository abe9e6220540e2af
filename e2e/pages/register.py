"""The registration page."""

from typing import Self

from playwright.sync_api import Page

from e2e.pages.base import BasePage
from e2e.server import PASSWORD


class RegisterPage(BasePage):
    """The page on which users register."""

    path = "/register"
    title = "Register"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.email = page.get_by_label("Email")
        self.password = page.get_by_label("Password", exact=True)
        self.confirm = page.get_by_label("Confirm password", exact=True)
        self.submit = page.get_by_role("button", name="Register")

    def register(self, email: str, password: str = PASSWORD, confirm: str | None = None) -> None:
        """Fill the form in and send it."""
        self.fill(email, password, confirm).submit.click()

    def fill(self, email: str, password: str = PASSWORD, confirm: str | None = None) -> Self:
        """Fill the form in."""
        self.email.fill(email)
        self.password.fill(password)
        self.confirm.fill(password if confirm is None else confirm)
        return self
