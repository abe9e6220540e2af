"""The parts of every page."""

import re
from typing import Self

from playwright.sync_api import Page, expect

from e2e.components.dialog import Dialog
from e2e.components.flashes import Flashes
from e2e.components.nav import Nav


class BasePage:
    """A page by its address and its title; actions are what a person does, checks wait by themselves."""

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
        """Go there by its address."""
        self.page.goto(f"{self.path}{query}")
        return self

    def reload(self) -> Self:
        """Ask for the same page again."""
        self.page.reload()
        return self.expect_open()

    def expect_open(self) -> Self:
        """This is the page that the browser shows."""
        expect(self.heading).to_have_text(self.title)
        return self

    def expect_errors(self, *texts: str | re.Pattern[str]) -> Self:
        """The summary lists exactly these errors, and the tab says so."""
        expect(self.error_summary.get_by_role("listitem")).to_have_text([*texts])
        expect(self.page).to_have_title(f"Error: {self.title} · Staff console")
        return self
