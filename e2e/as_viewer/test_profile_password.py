import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.browsing import NewContext
from e2e.pages.login import WRONG, LoginPage
from e2e.pages.profile import ProfilePage
from e2e.server import PASSWORD, Console, email_of

VIEWER = email_of("viewer")
NEW = "copper meadow whistle 7"
REFUSED = [
    ("Current password", ("not it", NEW, NEW), "The current password is incorrect."),
    ("New password", (PASSWORD, "", ""), "Choose a new password."),
    ("Confirm new password", (PASSWORD, NEW, f"{NEW} "), "The passwords don't match."),
    ("New password", (PASSWORD, "qwertyuiop", "qwertyuiop"), "too common or too easy to guess"),
    ("New password", (PASSWORD, "Viewer2026", "Viewer2026"), "Don't base the password on “viewer”."),
]


def test_new_password_replaces_the_old_and_ends_other_sessions(
    page: Page, new_context: NewContext, server: Console
) -> None:
    state = server.state_with(server.log_in(VIEWER))
    other = ProfilePage(new_context(storage_state=state).new_page()).open().expect_open()
    profile = ProfilePage(page).open().expect_sessions(2)
    profile.change_password(PASSWORD, NEW)
    profile.flashes.expect_only("Password changed. Your other sessions are logged out.", "success")
    profile.expect_open().expect_sessions(1)
    other.page.reload()
    login = LoginPage(other.page).expect_open()
    login.log_in(VIEWER, PASSWORD)
    login.expect_errors(WRONG)
    login.log_in(VIEWER, NEW)
    other.expect_open()
    profile.reload()


def test_refused_password_says_why_and_changes_nothing(page: Page, open_as: Callable[..., Page]) -> None:
    profile = ProfilePage(page).open()
    for label, typed, reason in REFUSED:
        profile.change_password(*typed)
        expect(profile.error_summary).to_contain_text(reason)
        expect(page).to_have_title("Error: Profile · Staff console")
        field = page.get_by_label(label, exact=True)
        expect(field).to_have_accessible_description(re.compile(re.escape(reason)))
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_value("")
    ProfilePage(open_as("viewer")).open().expect_open()


@pytest.mark.security(9)
def test_passwords_can_be_pasted_and_are_marked_for_managers(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    profile = ProfilePage(page).open()
    profile.name.fill(NEW)
    profile.name.press("ControlOrMeta+a")
    profile.name.press("ControlOrMeta+c")
    expect(profile.current_password).to_have_attribute("autocomplete", "current-password")
    for field in (profile.new_password, profile.confirm_password):
        expect(field).to_have_attribute("autocomplete", "new-password")
    for field in (profile.current_password, profile.new_password, profile.confirm_password):
        field.press("ControlOrMeta+v")
        expect(field).to_have_value(NEW)


def test_each_password_can_be_shown_and_hidden(page: Page) -> None:
    profile = ProfilePage(page).open()
    profile.new_password.fill(NEW)
    show = page.get_by_role("button", name="Show new password", exact=True)
    show.click()
    expect(profile.new_password).to_have_attribute("type", "text")
    expect(profile.current_password).to_have_attribute("type", "password")
    page.get_by_role("button", name="Hide new password", exact=True).click()
    expect(profile.new_password).to_have_attribute("type", "password")
