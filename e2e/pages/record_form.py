"""The parts that all forms of records share."""

from typing import ClassVar, Self

from playwright.sync_api import Page, expect

from e2e.pages.base import BasePage


class RecordFormPage(BasePage):
    """Create or edit one record; fields are found by their labels."""

    singular = ""
    new_title = ""
    labels: ClassVar[dict[str, str]] = {}

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.create_button = page.get_by_role("button", name=f"Create {self.singular}")
        self.save_button = page.get_by_role("button", name=f"Save {self.singular}")
        self.cancel = page.get_by_role("link", name="Cancel")
        self.others = page.get_by_role("status").filter(has_text="editing this too")

    def edit(self, number: int) -> Self:
        """Open the form of the record with this id."""
        self.page.goto(f"{self.path}edit/?id={number}")
        return self

    def new(self) -> Self:
        """Open the form of a new record."""
        self.page.goto(f"{self.path}new/")
        self.title = self.new_title or f"New {self.singular}"
        return self

    def fill(self, **fields: str) -> Self:
        """Fill fields in, named as in `labels`."""
        for label, value in fields.items():
            self.page.get_by_label(self.labels[label], exact=True).fill(value)
        return self

    def choose(self, **choices: str) -> Self:
        """Choose options, named as in `labels`."""
        for label, value in choices.items():
            self.page.get_by_label(self.labels[label], exact=True).select_option(label=value)
        return self

    def expect_values(self, **fields: str) -> Self:
        """The fields have these values."""
        for label, value in fields.items():
            expect(self.page.get_by_label(self.labels[label], exact=True)).to_have_value(value)
        return self
