"""The pages of errors."""

from typing import Self

from playwright.sync_api import expect

from e2e.pages.base import BasePage


class ErrorPage(BasePage):
    """A page with the code and the name of an error."""

    def expect_error(self, code: int, title: str) -> Self:
        """This error is shown."""
        expect(self.heading).to_have_text(title)
        expect(self.page.get_by_text(f"Error {code}", exact=True)).to_be_visible()
        return self
