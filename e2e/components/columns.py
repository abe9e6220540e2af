"""The drawer that chooses and orders the columns of a list."""

from typing import Self

from playwright.sync_api import Locator, Page, expect


class Columns:
    """The columns of a list, and the drawer that chooses them."""

    def __init__(self, page: Page) -> None:
        self.open_button = page.get_by_role("button", name="Columns", exact=True)
        self.panel = page.get_by_role("group", name="Columns")
        self.close_button = self.panel.get_by_role("button", name="Close columns")
        self.offered = self.panel.get_by_role("checkbox")
        self.heads = page.get_by_role("columnheader").get_by_role("link")

    def open(self) -> Self:
        """Open the drawer."""
        self.open_button.click()
        return self

    def box(self, name: str) -> Locator:
        """The checkbox of a column."""
        return self.panel.get_by_role("checkbox", name=name, exact=True)

    def move(self, name: str, way: str) -> Self:
        """Move a column one place "up" or "down"."""
        self.panel.get_by_role("button", name=f"Move {name} {way}", exact=True).click()
        return self

    def apply(self) -> None:
        """Show the list with the chosen columns."""
        self.panel.get_by_role("button", name="Apply columns").click()

    def reset(self) -> None:
        """Show the list with its usual columns."""
        self.panel.get_by_role("link", name="Reset").click()

    def expect_order(self, *names: str) -> Self:
        """The drawer lists the columns in this order."""
        expect(self.panel.get_by_role("listitem")).to_have_text([*names])
        return self

    def expect_shown(self, *names: str) -> Self:
        """The list shows exactly these columns, in this order."""
        expect(self.heads).to_have_text([*names])
        return self
