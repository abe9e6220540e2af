"""A list's table of records."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect


class Table:
    """The rows of a list by the names of their records, which the first column links to."""

    def __init__(self, page: Page, caption: str) -> None:
        self.page = page
        self.region = page.get_by_role("region", name=f"{caption} table")
        self.table = self.region.get_by_role("table")
        self.select_all = self.table.get_by_role("checkbox", name="Select all on this page")
        self.names = self.table.get_by_role("rowheader")

    def row(self, name: str) -> Locator:
        """The row of a record."""
        name_in_row = self.page.get_by_role("rowheader").get_by_text(name, exact=True)
        return self.table.get_by_role("row").filter(has=name_in_row)

    def link(self, name: str) -> Locator:
        """The link to a record."""
        return self.table.get_by_role("link", name=name, exact=True)

    def header(self, column: str) -> Locator:
        """The header of a column."""
        return self.table.get_by_role("columnheader", name=column)

    def tick(self, name: str) -> Locator:
        """The box that selects a record."""
        return self.table.get_by_role("checkbox", name=f"Select {name}", exact=True)

    def more(self, name: str) -> Locator:
        """The button that opens a record's row, where there is no mouse and on a phone."""
        return self.table.locator("summary").and_(self.page.get_by_label(f"More about {name}", exact=True))

    def select(self, *names: str) -> Self:
        """Tick records."""
        for name in names:
            self.tick(name).check()
        return self

    def sort_by(self, column: str) -> Self:
        """Follow the link in the header of a column."""
        self.header(column).get_by_role("link").click()
        return self

    def edit(self, name: str) -> None:
        """Follow the record's Edit."""
        self.table.get_by_role("link", name=f"Edit {name}", exact=True).click()

    def delete(self, name: str) -> None:
        """Follow the record's Delete, which asks first."""
        self.table.get_by_role("link", name=f"Delete {name}", exact=True).click()

    def restore(self, name: str) -> None:
        """Press the record's Restore, which asks nothing."""
        self.table.get_by_role("button", name=f"Restore {name}", exact=True).click()

    def expect_names(self, *names: str) -> Self:
        """Exactly these records, in this order."""
        expect(self.names).to_have_text([re.compile(rf"^\s*{re.escape(name)}\s*$") for name in names])
        return self

    def expect_sorted(self, column: str, direction: str) -> Self:
        """The list is sorted by this column, ascending or descending."""
        expect(self.header(column)).to_have_attribute("aria-sort", direction)
        return self

    def expect_sorted_by_none(self) -> Self:
        """The list is sorted by none of its columns, as where the best matches come first."""
        expect(self.table.get_by_role("columnheader").first).to_be_visible()
        expect(self.table.locator("[aria-sort]")).to_have_count(0)
        return self
