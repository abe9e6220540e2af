"""The cells of a list that can be edited in the list."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect


class Cells:
    """The buttons in the cells, and the dialog that each opens."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.all = page.get_by_role("button", name=re.compile(r"^Edit \w+ of "))
        self.dialog = page.get_by_role("dialog")
        self.field = self.dialog.get_by_role("textbox")
        self.save = self.dialog.get_by_role("button", name="Save", exact=True)
        self.cancel = self.dialog.get_by_role("button", name="Cancel")
        self.save_anyway = self.dialog.get_by_role("button", name="Save mine anyway", exact=True)
        self.keep_theirs = self.dialog.get_by_role("button", name="Keep theirs", exact=True)
        self.problem = self.dialog.get_by_role("alert")
        self.saved = page.get_by_role("status").filter(has_text="saved")
        self.undone = page.get_by_role("status").filter(has_text="undone")
        self.refused = page.get_by_role("main").get_by_role("alert")
        self.undo = page.get_by_role("button", name="Undo", exact=True)
        self.edit_again = page.get_by_role("button", name="Edit it again", exact=True)

    def cell(self, column: str, record: str) -> Locator:
        """The button in a cell, whatever its value."""
        return self.page.get_by_role("button", name=f"Edit {column} of {record}, ")

    def open(self, column: str, record: str) -> Self:
        """Press Enter on a cell."""
        self.cell(column, record).press("Enter")
        expect(self.dialog).to_be_visible()
        return self

    def type(self, text: str) -> Self:
        """Replace the text and press Enter."""
        self.field.fill(text)
        self.field.press("Enter")
        return self

    def choose(self, choice: str) -> Self:
        """Choose an option and save."""
        self.dialog.get_by_role("radio", name=choice).check()
        self.save.click()
        return self

    def expect_saved(self, column: str, record: str, shown: str) -> Self:
        """The cell shows the value and has the focus again, and a status says that it was saved."""
        expect(self.dialog).to_have_count(0)
        expect(self.cell(column.lower(), record)).to_have_text(shown)
        expect(self.cell(column.lower(), record)).to_be_focused()
        expect(self.saved).to_have_text(f"{column} of {record} saved: {shown}")
        return self

    def expect_problem(self, words: str, kept: str) -> Self:
        """The field is marked, has the focus and the error, and still holds the typed text."""
        expect(self.problem).to_contain_text(words)
        expect(self.field).to_have_value(kept)
        expect(self.field).to_be_focused()
        expect(self.field).to_have_attribute("aria-invalid", "true")
        expect(self.field).to_have_accessible_description(re.compile(re.escape(words)))
        return self
