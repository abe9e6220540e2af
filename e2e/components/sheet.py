"""The sheet of keyboard shortcuts."""

from typing import Self

from playwright.sync_api import Page, expect


class ShortcutSheet:
    """The dialog with the shortcuts that work on the current page."""

    def __init__(self, page: Page) -> None:
        self.dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
        self.button = page.get_by_role("button", name="Keyboard shortcuts")
        self.names = self.dialog.get_by_role("term")

    def expect_names(self, *names: str) -> Self:
        """It lists exactly these shortcuts, in this order."""
        expect(self.names).to_have_text([*names])
        return self

    def expect_closed(self) -> Self:
        """The sheet is closed."""
        expect(self.dialog).to_have_count(0)
        return self
