"""The actions on the selected records."""

import re
from typing import Self

from playwright.sync_api import Page, expect

STATUS_ACTIONS = ("Activate", "Move to draft", "Archive")


class BulkBar:
    """The bar at the edge of the window while records are selected."""

    def __init__(self, page: Page, plural: str) -> None:
        self.tools = page.get_by_role("group", name=f"Actions for the selected {plural.lower()}")
        self.count = page.get_by_role("status").filter(has_text="selected")
        self.offer = page.get_by_role("button", name=re.compile("^Select all "))
        self.everything = page.get_by_role("checkbox", name=re.compile("^All .*, on every page$"))
        self.menu = self.tools.get_by_text("Set status")
        self.clear_button = self.tools.get_by_role("button", name="Clear selection")

    def expect_count(self, count: int) -> Self:
        """So many records are selected."""
        expect(self.count).to_have_text(f"{count} selected")
        return self

    def expect_offers(self, records: str) -> Self:
        """The whole page is selected, and the bar offers to select `records`."""
        expect(self.offer).to_have_text(f"Select {records}")
        return self

    def expect_no_offer(self) -> Self:
        """The bar offers nothing more to select."""
        expect(self.offer).to_be_hidden()
        return self

    def take_offer(self) -> Self:
        """Select the records of the other pages as well."""
        self.offer.click()
        return self

    def expect_everything(self, records: str) -> Self:
        """All records on all pages are selected."""
        expect(self.count).to_have_text(f"{records} are selected")
        return self

    def expect_hidden(self) -> Self:
        """Nothing is selected."""
        expect(self.tools).to_be_hidden()
        return self

    def choose(self, action: str) -> None:
        """Click the button of an action, which asks first; of a status in its menu."""
        if action in STATUS_ACTIONS:
            self.menu.click()
        self.tools.get_by_role("button", name=action, exact=True).click()

    def clear(self) -> Self:
        """Clear the selection."""
        self.clear_button.click()
        return self
