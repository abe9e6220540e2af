"""The page on which users prove again who they are."""

from playwright.sync_api import Page

from e2e.pages.base import BasePage
from e2e.server import PASSWORD


class ConfirmPage(BasePage):
    """Asks for the password before accounts are changed."""

    path = "/login/confirm"
    title = "Confirm it's you"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.password = page.get_by_label("Password", exact=True)
        self.submit = page.get_by_role("button", name="Confirm")
        self.cancel = page.get_by_role("link", name="Cancel")

    def prove(self, password: str = PASSWORD) -> None:
        """Type the password and send it by the key Enter."""
        self.password.fill(password)
        self.password.press("Enter")
