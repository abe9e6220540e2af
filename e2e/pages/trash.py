"""The trash and the records in it."""

from playwright.sync_api import Page

from e2e.pages.detail import DetailPage
from e2e.pages.listing import ListPage


class TrashPage(ListPage):
    """The list of deleted records."""

    path = "/admin/trash/"
    title = "Trash"
    singular = "product"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.nothing_yet = page.get_by_role("heading", name="Trash is empty")


class TrashedProductPage(DetailPage):
    """A product in the trash."""

    path = "/admin/trash/"

    def choose(self, action: str) -> None:
        """Follow the link of an action, which asks first."""
        self.page.get_by_role("link", name=action, exact=True).click()

    def restore(self) -> None:
        """Press the button that restores at once."""
        self.page.get_by_role("button", name="Restore", exact=True).click()
