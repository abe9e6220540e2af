"""The page that merges the changes of two users to one record."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect

from e2e.pages.base import BasePage

CONFLICT = re.compile(r"^\S.* saved changes while you were editing\. Your changes aren't saved yet\.$")


class MergePage(BasePage):
    """Choose between two versions of a field; fields that only one user changed are merged automatically."""

    def __init__(self, page: Page, singular: str = "product") -> None:
        super().__init__(page)
        self.choices = page.get_by_role("region", name="Choose").get_by_role("group")
        self.save_button = page.get_by_role("button", name=f"Save merged {singular}")
        self.review_button = page.get_by_role("button", name="Review in the form")
        self.cancel = page.get_by_role("link", name="Cancel")
        self.discard_link = page.get_by_role("link", name="discard mine")
        self.all_mine = page.get_by_role("button", name="All mine")
        self.all_theirs = page.get_by_role("button", name="All theirs")
        self.nothing_left = page.get_by_text("Everything was merged automatically")

    def choice(self, field: str) -> Locator:
        """The versions to choose from for a field."""
        return self.page.get_by_role("group", name=field, exact=True)

    def option(self, field: str, words: str) -> Locator:
        """One of them, such as ``Yours: 12.50``."""
        return self.choice(field).get_by_role("radio", name=words, exact=True)

    def choose(self, **choices: str) -> Self:
        """Choose one for each field: `choose(Price="Yours: 12.50")`."""
        for field, words in choices.items():
            self.option(field, words).check()
        return self

    def expect_merging(self, record: str) -> Self:
        """This is the page, with its summary in focus and nothing chosen in advance."""
        self.title = f"Merge changes to {record}"
        self.expect_open().expect_errors(CONFLICT)
        expect(self.page.get_by_role("radio", checked=True)).to_have_count(0)
        return self

    def expect_choices(self, **choices: list[str]) -> Self:
        """Exactly these fields have to be chosen, each from these versions."""
        expect(self.choices).to_have_count(len(choices))
        for field, words in choices.items():
            expect(self.choice(field).get_by_role("radio")).to_have_count(len(words))
            for each in words:
                expect(self.option(field, each)).to_be_visible()
        return self

    def expect_settled(self, **fields: str) -> Self:
        """Exactly these fields are merged automatically, each in this way."""
        for field, words in fields.items():
            expect(self.page.get_by_role("region", name=field, exact=True)).to_contain_text(words)
        already = self.page.get_by_role("region", name="Merged automatically")
        expect(already.get_by_role("heading", level=3)).to_have_count(len(fields))
        return self
