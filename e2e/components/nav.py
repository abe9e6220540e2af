"""The navigation and the name of the user."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

SCREENS = {
    "viewer": ["Home", "History", "Jobs", "Products", "Categories"],
    "editor": ["Home", "History", "Jobs", "Products", "Categories", "Trash"],
    "admin": ["Home", "History", "Jobs", "Products", "Categories", "Trash", "Users", "Security log"],
    "owner": ["Home", "History", "Jobs", "Products", "Categories", "Trash", "Users", "Security log"],
}


class Nav:
    """The navigation of users who are logged in or out."""

    def __init__(self, page: Page) -> None:
        self.links = page.get_by_role("navigation", name="Main").get_by_role("link")
        self.log_in = self.links.filter(has_text="Log in")
        self.register = self.links.filter(has_text="Register")
        self.menu_button = page.get_by_role("button", name="Menu", exact=True)
        self.log_out_button = page.get_by_role("button", name="Log out")
        self.page = page

    def account(self, email: str) -> Locator:
        """The link with the email of the user."""
        return self.page.get_by_role("banner").get_by_role("link", name=email, exact=True)

    def expect_anonymous(self) -> Self:
        """The links are Log in and Register, and there is no Log out."""
        expect(self.links).to_have_text(["Log in", "Register"])
        expect(self.log_out_button).to_have_count(0)
        return self

    def expect_logged_in(self, email: str, role: str = "viewer") -> Self:
        """The screens of the role, the email of the user and Log out are shown."""
        expect(self.links).to_have_text(SCREENS[role])
        expect(self.account(email)).to_be_visible()
        expect(self.log_out_button).to_be_visible()
        return self

    def go_to(self, screen: str) -> None:
        """Follow the link of a screen."""
        self.links.filter(has_text=screen).click()

    def log_out(self) -> None:
        """Log out, and wait for the page after it: going on at once would end the request."""
        self.log_out_button.click()
        self.expect_anonymous()
