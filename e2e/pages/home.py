"""The console's home."""

from playwright.sync_api import Page

from e2e.pages.base import BasePage


class HomePage(BasePage):
    """Attention, key figures, charts and the latest records."""

    path = "/admin/"
    title = "Home"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.steps = page.get_by_role("region", name="First steps")
        self.hide_steps = self.steps.get_by_role("button", name="Hide first steps")
        self.attention = page.get_by_role("region", name="Needs attention")
        self.figures = page.get_by_role("region", name="Key figures").get_by_role("link")
        self.charts = page.get_by_role("img")
        self.sign_ups = page.get_by_role("region", name="New users")
        self.activity = page.get_by_role("region", name="Recent activity")
