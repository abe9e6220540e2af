"""The pages of passkeys."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

from e2e.pages.base import BasePage


class AddPasskeyPage(BasePage):
    """Where a user adds a passkey."""

    path = "/profile/passkeys/new"
    title = "Add passkey"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.name = page.get_by_label("Name")
        self.add = page.get_by_role("button", name="Add passkey")

    def finish(self, name: str) -> None:
        """Name the passkey, and add it."""
        self.name.fill(name)
        self.add.click()


class RenamePasskeyPage(BasePage):
    """Where a user gives a passkey another name."""

    title = "Rename passkey"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.name = page.get_by_label("Name")
        self.rename = page.get_by_role("button", name="Rename passkey")


class PasskeysCard(BasePage):
    """The passkeys on the page of second factors."""

    path = "/profile/second-factor"
    title = "Second factor"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.region = page.get_by_role("region", name="Passkeys")
        self.add = self.region.get_by_role("link", name="Add passkey")

    def expect_passkeys(self, *names: str) -> Self:
        """There are passkeys with these names, and no others."""
        expect(self.region.get_by_role("listitem").get_by_role("strong")).to_have_text([*names])
        return self

    def rename(self, name: str) -> Locator:
        """The link that leads to renaming a passkey."""
        return self.region.get_by_role("link", name=f"Rename {name}")

    def remove(self, name: str) -> Locator:
        """The link that leads to removing a passkey."""
        return self.region.get_by_role("link", name=f"Remove {name}")
