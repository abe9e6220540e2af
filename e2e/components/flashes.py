"""The messages under a page's header."""

from typing import Self

from playwright.sync_api import Page, expect

CLOSE = "Close message"


class Flashes:
    """What the page says about what was just done."""

    def __init__(self, page: Page) -> None:
        self.close_button = page.get_by_role("button", name=CLOSE)
        said = page.get_by_role("status").or_(page.get_by_role("alert"))
        self.all = said.filter(has=page.get_by_role("button", name=CLOSE))

    def expect_only(self, text: str, category: str) -> Self:
        """This flash stands here and no other; errors are announced at once, the rest politely."""
        expect(self.all).to_have_count(1)
        expect(self.all.get_by_role("paragraph")).to_have_text(text)
        expect(self.all).to_have_attribute("data-category", category)
        expect(self.all).to_have_attribute("role", "alert" if category == "error" else "status")
        return self

    def expect_none(self) -> Self:
        """No flash; worth something only beside a landmark of the page."""
        expect(self.all).to_have_count(0)
        return self

    def close(self) -> Self:
        """Close the only flash."""
        self.close_button.click()
        return self
