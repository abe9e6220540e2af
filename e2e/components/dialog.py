"""The question before an action: a dialog with JavaScript, a page without."""

from typing import Self

from playwright.sync_api import Locator, Page, expect


class Confirmation:
    """The parts that a dialog and a confirmation page share."""

    def __init__(self, page: Page, inside: Locator, level: int) -> None:
        self.page = page
        self.inside = inside
        self.title = inside.get_by_role("heading", level=level)
        self.cancel_link = inside.get_by_role("link", name="Cancel")

    def expect_asks(self, question: str, consequence: str = "") -> Self:
        """The question and its consequence are shown."""
        expect(self.title).to_have_text(question)
        expect(self.inside).to_contain_text(consequence)
        return self

    def confirm(self, verb: str) -> None:
        """Click the button called `verb`."""
        self.inside.get_by_role("button", name=verb, exact=True).click()

    def cancel(self) -> None:
        """Follow Cancel."""
        self.cancel_link.click()


class Dialog(Confirmation):
    """The dialog over the page that asked; Cancel has the focus."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, page.get_by_role("dialog"), level=2)

    def expect_closed(self) -> Self:
        """No dialog is open."""
        expect(self.inside).to_have_count(0)
        return self


class ConfirmationPage(Confirmation):
    """The page that asks where no script runs."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, page.get_by_role("main"), level=1)
