"""Editing many products at once: the form and the preview."""

from typing import Self

from playwright.sync_api import Page, expect

from e2e.pages.base import BasePage


class BulkEditPage(BasePage):
    """The three steps, which share one address."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.preview_button = page.get_by_role("button", name="Preview")
        self.back_button = page.get_by_role("button", name="Back to the form")
        self.sample = page.get_by_role("table").last
        self.failures = page.get_by_role("region", name="Skipped").first
        self.cancel = page.get_by_role("link", name="Cancel")

    def expect_asks(self, title: str) -> Self:
        """The heading of this step is `title`."""
        expect(self.heading).to_have_text(title)
        return self

    def choose(self, **choices: str) -> Self:
        """Choose from lists, by their labels."""
        for label, value in choices.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).select_option(label=value)
        return self

    def fill(self, label: str, value: str) -> Self:
        """Fill in a field."""
        self.page.get_by_label(label, exact=True).fill(value)
        return self

    def preview(self) -> Self:
        """Show the preview."""
        self.preview_button.click()
        return self

    def expect_outcome(self, change: int, same: int, failing: int) -> Self:
        """The numbers of products that will change, need no change and are skipped."""
        facts = self.page.get_by_role("definition")
        expect(facts).to_have_text([str(change), str(same), str(failing)])
        return self

    def expect_change(self, product: str, *fields: str) -> Self:
        """The preview shows this product with each field now and after."""
        row = self.sample.get_by_role("row").filter(has_text=product)
        expect(row).to_have_text(f"{product}{''.join(fields)}")
        return self

    def apply(self, verb: str) -> None:
        """Click the button called `verb`."""
        self.page.get_by_role("button", name=verb, exact=True).click()
