"""The states of the profile."""

from playwright.sync_api import Page, expect

from e2e.pages.profile import ProfilePage
from e2e.screens.state import State, at
from e2e.server import Console


def profile_errors(page: Page, _server: Console) -> None:
    """A name that is too long."""
    profile = ProfilePage(page).open()
    profile.name.fill("x" * 101)
    profile.save.click()
    expect(profile.error_summary).to_be_visible()


def password_errors(page: Page, _server: Console) -> None:
    """A password change with every field invalid."""
    profile = ProfilePage(page).open()
    profile.change_password("wrong", "short", "other")
    expect(profile.error_summary).to_be_visible()
    # The place of the summary in a wide window would lie anywhere in a narrow one, below the bar that stays.
    page.evaluate("scrollTo(0, 0)")


def profile_flash(page: Page, server: Console) -> None:
    """The profile with a message and two sessions."""
    server.log_in("viewer@example.test")
    profile = ProfilePage(page).open()
    profile.save.click()
    expect(profile.flashes.all).to_be_visible()


PROFILES = (
    State("profile", "viewer", at("/profile")),
    State("profile with a flash and two sessions", "viewer", profile_flash),
    State("profile with a faulty name", "viewer", profile_errors),
    State("profile with a faulty password", "viewer", password_errors),
)
