"""The page that shows a one-time link, and those that a link leads to."""

from typing import Self

from playwright.sync_api import Page, expect

from e2e.pages.base import BasePage
from e2e.server import PASSWORD


class LinkPage(BasePage):
    """The link of an invitation or of a reset, shown once."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.field = page.get_by_label("link", exact=False).and_(page.get_by_role("textbox"))
        self.copy_button = page.get_by_role("button", name="Copy link")
        self.new_link = page.get_by_role("link", name="Create a new link")
        self.back = page.get_by_role("link", name="Back to users")

    def expect_link(self, message: str = "") -> Self:
        """A link is shown, beside this message."""
        expect(self.field).to_be_visible()
        if message:
            self.flashes.expect_only(message, "success")
        return self


class ChoosingPage(BasePage):
    """Where the user of a link chooses a password, and a name when joining."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.name = page.get_by_label("Name", exact=True)
        self.password = page.get_by_label("Password", exact=True)
        self.confirm = page.get_by_label("Confirm password", exact=True)
        self.join = page.get_by_role("button", name="Join")
        self.change = page.get_by_role("button", name="Change password")

    def choose(self, password: str = PASSWORD) -> Self:
        """Type a password twice."""
        self.password.fill(password)
        self.confirm.fill(password)
        return self
