"""The profile of the user."""

from typing import Self

from playwright.sync_api import Page, expect

from e2e.pages.base import BasePage


class ProfilePage(BasePage):
    """Name and colour mode, password and sessions."""

    path = "/profile"
    title = "Profile"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.name = page.get_by_label("Name", exact=True)
        self.start = page.get_by_role("combobox", name="Home after logging in")
        self.zone = page.get_by_role("combobox", name="Time zone")
        self.numbers = page.get_by_role("combobox", name="Numbers")
        self.single_keys = page.get_by_role("checkbox", name="Single-key shortcuts")
        self.save = page.get_by_role("button", name="Save profile")
        self.current_password = page.get_by_label("Current password", exact=True)
        self.new_password = page.get_by_label("New password", exact=True)
        self.confirm_password = page.get_by_label("Confirm new password", exact=True)
        self.change_password_button = page.get_by_role("button", name="Change password")
        self.sessions = page.get_by_role("region", name="Sessions").get_by_role("listitem")
        self.end_others = page.get_by_role("button", name="Log out all other sessions")

    def choose_mode(self, mode: str) -> Self:
        """Choose a colour mode: System, Light or Dark."""
        self.page.get_by_role("radio", name=mode).check()
        return self

    def choose_numbers(self, example: str) -> Self:
        """Choose the form of numbers with this example, and save."""
        self.open().numbers.select_option(label=example)
        self.save.click()
        self.flashes.expect_only("Profile saved.", "success")
        return self

    def change_password(self, current: str, new: str, confirm: str | None = None) -> None:
        """Fill the password form in and send it."""
        self.current_password.fill(current)
        self.new_password.fill(new)
        self.confirm_password.fill(new if confirm is None else confirm)
        self.change_password_button.click()

    def expect_sessions(self, count: int) -> Self:
        """So many sessions are listed, and one is marked as the current one."""
        expect(self.sessions).to_have_count(count)
        expect(self.sessions.filter(has_text="This session")).to_have_count(1)
        return self
