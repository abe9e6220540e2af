"""The options of a filter above a list, with the numbers of their rows."""

import re

from playwright.sync_api import Page


class CountRow:
    """The row of links above a list."""

    def __init__(self, page: Page, label: str) -> None:
        row = page.get_by_role("navigation", name=f"Rows by {label.lower()}", exact=True)
        self.links = row.get_by_role("link")
        self.current = row.locator("[aria-current]")

    def choose(self, option: str) -> None:
        """Follow the link of an option."""
        self.links.filter(has_text=re.compile(f"^{option} ")).click()
