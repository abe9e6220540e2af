"""The product list."""

from playwright.sync_api import Page

from e2e.components.count_row import CountRow
from e2e.pages.listing import ListPage


class ProductListPage(ListPage):
    """The list that people land on."""

    path = "/admin/products/"
    title = "Products"
    singular = "product"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.counts = CountRow(page, "Status")
