"""The tabs above a list: its saved views."""

from typing import Self

from playwright.sync_api import Locator, Page, expect


class Views:
    """The tabs of the saved views, and the actions on the current one."""

    def __init__(self, page: Page) -> None:
        self.nav = page.get_by_role("navigation", name="Views")
        self.save = page.get_by_role("link", name="Save as new view")
        self.save_changes = page.get_by_role("button", name="Save changes")
        self.settings = page.get_by_role("link", name="Settings of this view")
        self.name = page.get_by_label("Name", exact=True)
        self.audience = page.get_by_label("Visible to")
        self.opens = page.get_by_role("checkbox", name="Make this my default view")
        self.save_view = page.get_by_role("button", name="Save view")
        self.delete = page.get_by_role("link", name="Delete view")

    def tab(self, name: str) -> Locator:
        """The tab of a view."""
        return self.nav.get_by_role("link", name=name)

    def save_as(self, name: str, audience: str = "") -> Self:
        """Save the list as a view, shared with `audience` or private."""
        self.save.click()
        self.name.fill(name)
        if audience:
            self.audience.select_option(audience)
        self.save_view.click()
        return self

    def expect_tabs(self, *names: str, at: str) -> Self:
        """These are the tabs, and the tab `at` is the current one."""
        expect(self.nav.get_by_role("link")).to_have_text([*names])
        expect(self.nav.locator("[aria-current=true]")).to_have_text(at)
        return self
