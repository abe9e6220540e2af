"""The line under a list: the rows shown, their number and the links to other pages."""

from typing import Self

from playwright.sync_api import Page, expect


class Pager:
    """Pages and page sizes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pages = page.get_by_role("navigation", name="Pages")
        self.sizes = page.get_by_role("navigation", name="Rows per page")

    def go(self, where: str) -> Self:
        """Follow First, Previous, Next or Last."""
        self.pages.get_by_role("link", name=f"{where} page").click()
        return self

    def go_to(self, number: int) -> Self:
        """Enter the number of a page."""
        field = self.page.get_by_label("Go to page")
        field.fill(str(number))
        field.press("Enter")
        return self

    def show(self, size: int) -> Self:
        """Choose the number of rows per page."""
        self.sizes.get_by_role("link", name=str(size), exact=True).click()
        return self

    def expect_range(self, first: int, last: int, total: int) -> Self:
        """The page shows these rows of so many."""
        # Exact, because the caption of the table has the same words.
        expect(self.page.get_by_text(f"{first}\N{EN DASH}{last} of {total}", exact=True)).to_be_visible()
        return self

    def expect_page(self, number: int, pages: int) -> Self:
        """This is the page `number` of so many."""
        expect(self.pages).to_contain_text(f"Page {number} of {pages}")
        return self
