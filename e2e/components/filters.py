"""Search, filters and the chips that show them."""

from typing import Self

from playwright.sync_api import Locator, Page, expect


class Filters:
    """The filters of a list and their chips."""

    def __init__(self, page: Page, plural: str) -> None:
        self.search_field = page.get_by_role("searchbox", name=f"Search {plural.lower()}")
        self.open_button = page.get_by_role("button", name="Filters", exact=True)
        self.panel = page.get_by_role("group", name="Filters")
        self.close_button = self.panel.get_by_role("button", name="Close filters")
        self.chips = page.get_by_role("list", name="Active filters")

    def search(self, words: str) -> Self:
        """Type into the search field and press Enter."""
        self.search_field.fill(words)
        self.search_field.press("Enter")
        return self

    def open(self) -> Self:
        """Show the filters."""
        self.open_button.click()
        return self

    def tick(self, *choices: str) -> Self:
        """Choose values of filters that take several."""
        for choice in choices:
            self.panel.get_by_role("checkbox", name=choice, exact=True).check()
        return self

    def apply(self) -> None:
        """Narrow the list down."""
        self.panel.get_by_role("button", name="Apply filters").click()

    def chip(self, label: str, value: str) -> Locator:
        """The chip of a filter that is on."""
        return self.chips.get_by_role("link", name=f"Remove filter {label}: {value}")

    def expect_chips(self, *texts: str) -> Self:
        """Exactly these filters are on."""
        expect(self.chips.get_by_role("link", name="Remove filter")).to_have_text([*texts])
        return self

    def clear(self) -> None:
        """Take all filters off."""
        self.chips.get_by_role("link", name="Clear all").click()
