"""The base of all page objects."""

import re
from typing import Self

from playwright.sync_api import Page, expect

from e2e.components.dialog import Dialog
from e2e.components.flashes import Flashes
from e2e.components.nav import Nav


class BasePage:
    """A page with its address and title. Actions are those of a user; checks wait."""

    path = "/"
    title = ""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heading = page.get_by_role("heading", level=1)
        self.flashes = Flashes(page)
        self.nav = Nav(page)
        self.dialog = Dialog(page)
        self.error_summary = page.get_by_role("alert").filter(has_text="There is a problem")

    def open(self, query: str = "") -> Self:
        """Open the page by its address."""
        self.page.goto(f"{self.path}{query}")
        return self

    def reload(self) -> Self:
        """Reload the page."""
        self.page.reload()
        return self.expect_open()

    def expect_open(self) -> Self:
        """The browser shows this page."""
        expect(self.heading).to_have_text(self.title)
        return self

    def expect_errors(self, *texts: str | re.Pattern[str]) -> Self:
        """The summary lists exactly these errors, and the title of the tab begins with Error."""
        expect(self.error_summary.get_by_role("listitem")).to_have_text([*texts])
        expect(self.page).to_have_title(f"Error: {self.title} · Staff console")
        return self
