"""The question before changes are reverted."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

from e2e.pages.history import Changes


class RevertPage(Changes):
    """The preview of reverting, or the obstacles to it."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.revert_button = page.get_by_role("button", name="Revert", exact=True)
        self.cancel_link = page.get_by_role("link", name="Cancel")
        self.back_link = page.get_by_role("link", name="Back")
        self.obstacles = page.get_by_role("alert").filter(has_text="This can't be reverted")

    def ask(self, what: str) -> Self:
        """Follow the link called `what`."""
        self.page.get_by_role("link", name=what, exact=True).click()
        return self

    def expect_asks(self, what: str) -> Self:
        """The question is about `what`."""
        expect(self.heading).to_have_text(f"Revert {what}?")
        return self

    def expect_steps(self, *words: str) -> Self:
        """These are the steps of the preview."""
        expect(self.entries.get_by_role("heading")).to_have_text([*words])
        return self

    def expect_refused(self, *reasons: str) -> Self:
        """These obstacles are listed, and there is no button to revert."""
        expect(self.obstacles.get_by_role("listitem")).to_have_text([*reasons])
        expect(self.revert_button).to_have_count(0)
        return self

    def revert(self) -> Self:
        """Click Revert."""
        self.revert_button.click()
        return self


class SetBackPage(Changes):
    """The preview of setting a field back."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.warning = page.get_by_role("note")

    def ask(self, what: str) -> Self:
        """Follow the link called `what`."""
        self.page.get_by_role("link", name=what, exact=True).click()
        return self

    def button(self, value: str) -> Locator:
        """The button that sets the field back to this value."""
        return self.page.get_by_role("button", name=f"Set back to {value}", exact=True)

    def expect_asks(self, what: str) -> Self:
        """The question is about `what`."""
        expect(self.heading).to_have_text(f"Set back {what}?")
        return self

    def expect_preview(self, label: str, now: str, after: str) -> Self:
        """The preview shows the value of the field now and after it."""
        preview = self.page.get_by_role("region", name="Preview")
        expect(preview.get_by_role("term")).to_have_text([f"{label}, now", f"{label}, after"])
        expect(preview.get_by_role("definition")).to_have_text([now, after])
        return self
