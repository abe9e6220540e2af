"""The page that merges what two people saved of one record."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

from e2e.pages.base import BasePage

TOLD = "Somebody else saved this while you were editing. Nothing of yours is saved yet."


class MergePage(BasePage):
    """Choose what both changed; what only one changed is merged already."""

    def __init__(self, page: Page, singular: str = "product") -> None:
        super().__init__(page)
        self.choices = page.get_by_role("region", name="To decide").get_by_role("group")
        self.save_button = page.get_by_role("button", name=f"Save merged {singular}")
        self.review_button = page.get_by_role("button", name="Review in the form")
        self.start_over = page.get_by_role("link", name="start over from theirs")
        self.nothing_left = page.get_by_text("Nothing is left to decide")

    def choice(self, field: str) -> Locator:
        """What there is to choose from for a field."""
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
        """This is the page, with its summary in focus and nothing chosen for anybody."""
        self.title = f"Merge changes to {record}"
        self.expect_open().expect_errors(TOLD)
        expect(self.page.get_by_role("radio", checked=True)).to_have_count(0)
        return self

    def expect_choices(self, **choices: list[str]) -> Self:
        """Exactly these fields are to be decided, each among these."""
        expect(self.choices).to_have_count(len(choices))
        for field, words in choices.items():
            expect(self.choice(field).get_by_role("radio")).to_have_count(len(words))
            for each in words:
                expect(self.option(field, each)).to_be_visible()
        return self

    def expect_settled(self, **fields: str) -> Self:
        """Exactly these fields are merged already, each in this way."""
        for field, words in fields.items():
            expect(self.page.get_by_role("region", name=field, exact=True)).to_contain_text(words)
        already = self.page.get_by_role("region", name="Merged already")
        expect(already.get_by_role("heading", level=3)).to_have_count(len(fields))
        return self
