"""What can be done with the selected records."""

from typing import Self

from playwright.sync_api import Page, expect


class BulkBar:
    """Replaces the toolbar while something is selected."""

    def __init__(self, page: Page, plural: str) -> None:
        self.tools = page.get_by_role("group", name=f"With the selected {plural.lower()}")
        self.count = page.get_by_role("status").filter(has_text="selected")

    def expect_count(self, count: int) -> Self:
        """How many are selected."""
        expect(self.count).to_have_text(f"{count} selected")
        return self

    def expect_hidden(self) -> Self:
        """Nothing is selected."""
        expect(self.tools).to_be_hidden()
        return self

    def choose(self, action: str) -> None:
        """Press the button of an action, which asks first."""
        self.tools.get_by_role("button", name=action, exact=True).click()

    def clear(self) -> Self:
        """Give up the selection."""
        self.tools.get_by_role("button", name="Clear selection").click()
        return self
