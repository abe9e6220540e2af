"""The pages of second factors."""

from typing import Self

from playwright.sync_api import Page, expect

from dashboard.testing.second_factors import code_of
from e2e.pages.base import BasePage


class SecondStepPage(BasePage):
    """Where users prove their second factor after the password."""

    path = "/login/factor"
    title = "Second factor"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.code = page.get_by_label("Code", exact=True)
        self.recovery_code = page.get_by_label("Recovery code")
        self.submit = page.get_by_role("button", name="Log in")
        self.use_recovery_code = page.get_by_role("link", name="Use a recovery code")

    def enter(self, code: str) -> None:
        """Type a code of the app, and send it."""
        self.code.fill(code)
        self.submit.click()


class FactorsPage(BasePage):
    """The overview of the user's second factors."""

    path = "/profile/second-factor"
    title = "Second factor"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.set_up = page.get_by_role("link", name="Set up authenticator app")
        self.remove = page.get_by_role("link", name="Remove app")
        self.new_codes = page.get_by_role("link", name="Get new codes")
        self.recovery = page.get_by_role("region", name="Recovery codes")

    def expect_on(self, on: bool = True) -> Self:
        """The page says whether the user has a second factor."""
        expect(self.page.get_by_role("main")).to_contain_text("On" if on else "Off")
        return self


class SetUpPage(BasePage):
    """Where a user sets up an authenticator app."""

    path = "/profile/authenticator"
    title = "Set up authenticator app"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.picture = page.get_by_role("img", name="QR code for your authenticator app")
        self.key = page.get_by_role("code")
        self.code = page.get_by_label("Code", exact=True)
        self.add = page.get_by_role("button", name="Add app")

    def seed(self) -> str:
        """The seed that the page shows as text."""
        expect(self.key).to_be_visible()
        return self.key.inner_text().replace(" ", "")

    def finish(self) -> str:
        """Enter the code of the app that was scanned, and return its seed."""
        seed = self.seed()
        self.code.fill(code_of(seed))
        self.add.click()
        return seed


class RecoveryCodesPage(BasePage):
    """Where a user gets recovery codes."""

    path = "/profile/recovery-codes"
    title = "Recovery codes"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.show = page.get_by_role("button", name="Show 10 new codes")
        self.codes = page.get_by_role("main").get_by_role("listitem")
        self.download = page.get_by_role("link", name="Download codes")
        self.saved = page.get_by_role("link", name="I have saved them")

    def get(self) -> list[str]:
        """Get new codes, and return them."""
        self.show.click()
        expect(self.heading).to_have_text("Your recovery codes")
        expect(self.codes).to_have_count(10)
        return self.codes.all_inner_texts()
