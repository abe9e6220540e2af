"""The page of one record."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

from e2e.pages.base import BasePage


class DetailPage(BasePage):
    """A record in full, what can be done with it, and its neighbours in the list."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.facts = page.get_by_role("region", name="Facts")
        self.edit_link = page.get_by_role("link", name="Edit", exact=True)
        self.more = page.get_by_label("More actions")
        self.delete_link = page.get_by_role("link", name="Delete", exact=True)
        self.neighbours = page.get_by_role("navigation", name="Previous and next")

    def delete(self) -> None:
        """Choose Delete among the further actions."""
        self.more.click()
        self.delete_link.click()

    def open_id(self, number: int) -> Self:
        """Open the record with this id."""
        self.page.goto(f"{self.path}details/?id={number}")
        return self

    def section(self, name: str) -> Locator:
        """A longer text of the record."""
        return self.page.get_by_role("region", name=name)

    def expect_record(self, name: str) -> Self:
        """This record is shown."""
        expect(self.heading).to_have_text(name)
        return self

    def expect_fact(self, label: str, value: str) -> Self:
        """The fact called `label` has this value."""
        term = self.page.get_by_role("term").filter(has_text=label)
        expect(self.facts.locator("div").filter(has=term)).to_contain_text(value)
        return self


class ProductDetailPage(DetailPage):
    """A product in full."""

    path = "/admin/products/"


class CategoryDetailPage(DetailPage):
    """A category in full."""

    path = "/admin/categories/"


class UserDetailPage(DetailPage):
    """An account in full; its actions lead to a question first."""

    path = "/admin/users/"

    def choose(self, action: str) -> None:
        """Follow Deactivate, Reactivate, Log out everywhere, or Delete in the menu of further actions."""
        if action == "Delete":
            self.more.click()
        self.page.get_by_role("link", name=action, exact=True).click()
