"""Search, filters and their chips."""

from re import Pattern
from typing import Self

from playwright.sync_api import Locator, Page, expect


class Filters:
    """The search and the filters of a list."""

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
        """Open the drawer."""
        self.open_button.click()
        return self

    def open_more(self) -> Self:
        """Show the filters that are not in sight at first."""
        self.panel.get_by_text("More filters", exact=True).click()
        return self

    def field(self, name: str, label: str) -> Locator:
        """The input of a filter, such as "At least" of "Price"."""
        return self.panel.get_by_role("group", name=name, exact=True).get_by_label(label, exact=True)

    def tick(self, *choices: str) -> Self:
        """Tick options of filters."""
        for choice in choices:
            self.panel.get_by_role("checkbox", name=choice, exact=True).check()
        return self

    def apply(self) -> None:
        """Apply the filters."""
        self.panel.get_by_role("button", name="Apply filters").click()

    def chip(self, label: str, value: str) -> Locator:
        """The chip of an active filter."""
        return self.chips.get_by_role("link", name=f"Remove filter {label}: {value}")

    def expect_chips(self, *texts: str | Pattern[str]) -> Self:
        """Exactly these filters are active."""
        expect(self.chips.get_by_role("link", name="Remove filter")).to_have_text([*texts])
        return self

    def clear(self) -> None:
        """Remove all filters."""
        self.chips.get_by_role("link", name="Clear all").click()
