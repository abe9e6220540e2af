"""The history: the list of change sets, one of them, and the timeline of a record."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect

from e2e.components.filters import Filters
from e2e.components.pager import Pager
from e2e.components.table import Table
from e2e.pages.base import BasePage


class Changes(BasePage):
    """Changes with their fields, each with the value before and after."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.entries = page.locator("main").get_by_role("listitem").filter(has=page.get_by_role("heading"))
        self.older = page.get_by_role("link", name="Older")
        self.newer = page.get_by_role("link", name="Newer")

    def field(self, label: str, entry: int = 0) -> Locator:
        """The values of a field in an entry; 0 is the first."""
        term = self.page.get_by_role("term").filter(has_text=re.compile(f"^{label}$"))
        return self.entries.nth(entry).locator("div").filter(has=term).get_by_role("definition")

    def unfold(self, entry: int) -> Self:
        """Show all values of a record that was created or deleted."""
        self.entries.nth(entry).get_by_text(re.compile(r"^All \d+ values$")).click()
        return self

    def expect_field(self, label: str, value: str, entry: int = 0) -> Self:
        """The entry shows this value of the field."""
        expect(self.field(label, entry)).to_have_text(value)
        return self

    def expect_change(self, label: str, before: str, after: str, entry: int = 0) -> Self:
        """The entry shows this value of the field as removed and that as added."""
        expect(self.field(label, entry).get_by_role("deletion")).to_have_text(before)
        expect(self.field(label, entry).get_by_role("insertion")).to_have_text(after)
        return self


class HistoryPage(Changes):
    """All change sets, and each of them."""

    path = "/admin/history/"
    title = "History"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.table = Table(page, self.title)
        self.filters = Filters(page, self.title)
        self.days = page.get_by_role("list", name="Days", exact=True)
        self.pager = Pager(page)
        self.facts = page.get_by_role("region", name="Facts")

    def follow(self, what: str) -> Self:
        """Open a change set of the list."""
        self.table.link(what).first.click()
        expect(self.heading).to_have_text(what)
        return self


class TimelinePage(Changes):
    """The history of one record."""

    def open_of(self, screen: str, number: int) -> Self:
        """Open the history of the record with this id on this screen."""
        self.page.goto(f"/admin/{screen}/history/?id={number}")
        return self
