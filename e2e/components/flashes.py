"""The messages under a page's header."""

from typing import Self

from playwright.sync_api import Page, expect

CLOSE = "Close message"
NAME_SHOWN = 60


def named(name: str) -> str:
    """Return a name as a message shows it: a long one is cut. For names of plain letters."""
    return name if len(name) <= NAME_SHOWN else f"{name[: NAME_SHOWN - 1].rstrip()}…"


class Flashes:
    """The messages about the last action."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.close_button = page.get_by_role("button", name=CLOSE)
        self.undo_button = page.get_by_role("button", name="Undo", exact=True)
        said = page.get_by_role("status").or_(page.get_by_role("alert"))
        self.all = said.filter(has=page.get_by_role("button", name=CLOSE))

    def expect_only(self, text: str, category: str) -> Self:
        """This is the only message; errors interrupt screen readers, others wait."""
        expect(self.all).to_have_count(1)
        expect(self.all.get_by_role("paragraph")).to_have_text(text)
        expect(self.all).to_have_attribute("data-category", category)
        expect(self.all).to_have_attribute("role", "alert" if category == "error" else "status")
        return self

    def expect_done(self, text: str) -> Self:
        """The page of a long change ends with this message, which cannot be closed."""
        expect(self.page.get_by_role("status").get_by_text(text, exact=True)).to_be_visible()
        return self

    def undo(self) -> Self:
        """Undo the change that the message is about."""
        self.undo_button.click()
        return self

    def expect_none(self) -> Self:
        """There is no message. Check another part of the page first, or it may not have loaded."""
        expect(self.all).to_have_count(0)
        return self

    def close(self) -> Self:
        """Close the only message."""
        self.close_button.click()
        return self
