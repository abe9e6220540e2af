"""The pages of an import of products."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

PATH = "/admin/products/import/"


class ProductImport:
    """From the file to the import, page by page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.file = page.get_by_label("File")
        self.text = page.get_by_label("Or paste from a spreadsheet")
        self.progress = page.get_by_role("progressbar", name="Progress")

    def open(self) -> ProductImport:
        """Open the form that takes a file."""
        self.page.goto(PATH)
        return self

    def choose(self, content: str | bytes, name: str = "products.csv") -> ProductImport:
        """Choose a file."""
        raw = content.encode() if isinstance(content, str) else content
        self.file.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": raw})
        return self

    def press(self, name: str) -> ProductImport:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()
        return self

    def upload(self, content: str | bytes, name: str = "products.csv") -> ProductImport:
        """Open the form and upload a file."""
        return self.open().choose(content, name).press("Upload")

    def field_of(self, column: str) -> Locator:
        """The choice of the field that a column fills."""
        return self.page.get_by_role("combobox", name=column, exact=True)

    def expect_count(self, label: str, number: int) -> None:
        """Expect so many rows of a sort."""
        count = self.page.get_by_role("term").filter(has_text=re.compile(f"^{label}$"))
        expect(count.locator("+ dd")).to_have_text(f"{number:,}")

    def downloaded(self, name: str) -> Path:
        """Download the file of a link."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=name).click()
        return Path(download.value.path())
