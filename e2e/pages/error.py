"""A page that says what went wrong."""

from typing import Self

from playwright.sync_api import expect

from e2e.pages.base import BasePage


class ErrorPage(BasePage):
    """The same shell as every page, with the way back."""

    def expect_error(self, code: int, title: str) -> Self:
        """This error is shown."""
        expect(self.heading).to_have_text(title)
        expect(self.page.get_by_text(f"Error {code}", exact=True)).to_be_visible()
        return self
