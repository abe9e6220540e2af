import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.browsing import NewContext
from e2e.forgery import post
from e2e.pages.login import LoginPage
from e2e.pages.profile import ProfilePage
from e2e.server import Console, ServerClock, email_of

VIEWER = email_of("viewer")
Elsewhere = Callable[[], ProfilePage]


@pytest.fixture
def elsewhere(new_context: NewContext, server: Console) -> Elsewhere:
    """`elsewhere()` opens the profile in another browser of the same user."""

    def open_profile() -> ProfilePage:
        state = server.state_with(server.log_in(VIEWER))
        return ProfilePage(new_context(storage_state=state).new_page()).open().expect_open()

    return open_profile


@pytest.mark.security(30)
def test_other_sessions_are_listed_with_a_log_out_button(page: Page, elsewhere: Elsewhere) -> None:
    elsewhere()
    profile = ProfilePage(page).open().expect_sessions(2)
    for entry in (profile.sessions.first, profile.sessions.last):
        expect(entry).to_contain_text(re.compile(r"\S+ on Linux"))
        expect(entry).to_contain_text("127.0.0.1")
        expect(entry).to_contain_text(re.compile(r"since \d+ \w+ \d{4}, \d\d:\d\d UTC"))
        expect(entry).to_contain_text(re.compile(r"last seen (just now|\d+ minutes? ago)"))
    own = profile.sessions.filter(has_text="This session")
    expect(own.get_by_role("button")).to_have_count(0)
    other = profile.sessions.filter(has_not_text="This session")
    expect(other.get_by_role("button", name="Log out")).to_be_visible()


def test_ending_one_session_logs_out_only_that_browser(page: Page, elsewhere: Elsewhere) -> None:
    first = elsewhere()
    profile = ProfilePage(page).open().expect_sessions(2)
    second = elsewhere()
    profile.sessions.filter(has_not_text="This session").get_by_role("button", name="Log out").click()
    profile.flashes.expect_only("Session ended.", "success")
    profile.expect_sessions(2)
    first.page.reload()
    LoginPage(first.page).expect_open()
    second.reload()


def test_ending_all_others_keeps_this_session(page: Page, elsewhere: Elsewhere) -> None:
    others = [elsewhere(), elsewhere()]
    profile = ProfilePage(page).open().expect_sessions(3)
    profile.end_others.click()
    profile.flashes.expect_only("All other sessions ended.", "success")
    profile.expect_sessions(1)
    expect(profile.end_others).to_have_count(0)
    for other in others:
        other.page.reload()
        LoginPage(other.page).expect_open()


def test_session_ends_after_eight_hours_without_use(page: Page, server_clock: ServerClock) -> None:
    profile = ProfilePage(page).open().expect_open()
    server_clock.advance(hours=7)
    profile.reload()
    server_clock.advance(hours=7)
    profile.reload()
    server_clock.advance(hours=8, minutes=1)
    page.reload()
    LoginPage(page).expect_open()


def test_session_in_use_ends_after_a_week(page: Page, server_clock: ServerClock) -> None:
    profile = ProfilePage(page).open().expect_open()
    for _ in range(23):
        server_clock.advance(hours=7)
        page.request.get("/profile")
    profile.reload()
    server_clock.advance(hours=7)
    page.reload()
    LoginPage(page).expect_open()


@pytest.mark.allow(status=404)
def test_session_of_another_user_cannot_be_ended(page: Page, open_as: Callable[..., Page]) -> None:
    theirs = ProfilePage(open_as("editor")).open().expect_open()
    ProfilePage(page).open()
    for number in (2, 3):
        post(page, f"/profile/sessions/{number}/end")
        expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    theirs.reload()
