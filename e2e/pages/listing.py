"""The parts that all lists share."""

from playwright.sync_api import Page

from e2e.components.bulk_bar import BulkBar
from e2e.components.columns import Columns
from e2e.components.filters import Filters
from e2e.components.pager import Pager
from e2e.components.table import Table
from e2e.components.views import Views
from e2e.pages.base import BasePage


class ListPage(BasePage):
    """A list of records with search, filters, sort, pages and bulk actions."""

    singular = ""
    new_label = ""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.table = Table(page, self.title)
        self.pager = Pager(page)
        self.bulk_bar = BulkBar(page, self.title)
        self.filters = Filters(page, self.title)
        self.columns = Columns(page)
        self.views = Views(page)
        self.new_button = page.get_by_role("link", name=self.new_label or f"New {self.singular}")
        self.export_button = page.get_by_role("link", name="Export CSV")
        self.clear_filters = page.get_by_role("link", name="Clear filters")
        self.no_match = page.get_by_role("heading", name=f"No {self.title.lower()} match")
        self.nothing_yet = page.get_by_role("heading", name=f"No {self.title.lower()} yet")
