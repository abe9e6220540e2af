"""The command palette."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect


class Palette:
    """A combobox over records, views, screens and actions, in a dialog."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialog = page.get_by_role("dialog", name="Search everything")
        self.button = page.get_by_role("button", name="Search everything")
        self.field = self.dialog.get_by_role("combobox")
        self.options = self.dialog.get_by_role("option")
        self.status = self.dialog.get_by_role("status")
        self.group_names = self.dialog.get_by_role("presentation")

    def open(self) -> Self:
        """Open it by its keys."""
        self.page.keyboard.press("ControlOrMeta+k")
        expect(self.field).to_be_focused()
        return self

    def find(self, words: str) -> Self:
        """Replace the text in the field."""
        self.field.fill(words)
        return self

    def option(self, name: str) -> Locator:
        """The option that begins with `name`."""
        return self.dialog.get_by_role("option", name=re.compile(f"^{re.escape(name)}"))

    def group(self, name: str) -> Locator:
        """The options of a group."""
        return self.dialog.get_by_role("group", name=name).get_by_role("option")

    def expect_names(self, group: str, *names: str) -> Self:
        """The options of a group have these names, in this order."""
        expect(self.group(group).locator("bdi:first-of-type")).to_have_text(names)
        return self

    def expect_chosen(self, name: str) -> Self:
        """This option is chosen, for assistive technology too."""
        expect(self.option(name)).to_have_attribute("aria-selected", "true")
        expect(self.dialog.get_by_role("option", selected=True)).to_have_count(1)
        chosen = self.option(name).get_attribute("id") or "none"
        expect(self.field).to_have_attribute("aria-activedescendant", chosen)
        return self

    def expect_says(self, words: str) -> Self:
        """The status has these words, and there are no options."""
        expect(self.status).to_have_text(words)
        expect(self.options).to_have_count(0)
        expect(self.field).to_have_attribute("aria-expanded", "false")
        return self

    def expect_closed(self) -> Self:
        """The palette is closed."""
        expect(self.dialog).to_have_count(0)
        return self
