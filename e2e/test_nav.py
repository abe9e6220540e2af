"""The navigation of every role, on every kind of page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.components.nav import SCREENS
from e2e.pages.base import BasePage
from e2e.pages.login import LoginPage
from e2e.pages.profile import ProfilePage
from e2e.server import ROLES, email_of

every_role = pytest.mark.parametrize("role", ROLES)


@pytest.mark.parametrize("role", [None])
@pytest.mark.allow(status=404)
def test_logged_out_users_see_log_in_and_register_everywhere(page: Page, role: str | None) -> None:
    for path in ("/login", "/register", "/", "/nowhere"):
        page.goto(path)
        BasePage(page).nav.expect_anonymous()


@every_role
@pytest.mark.allow(status=404)
def test_users_see_their_email_and_their_screens_everywhere(page: Page, role: str) -> None:
    for path in ("/", "/admin/", "/profile", "/nowhere"):
        page.goto(path)
        BasePage(page).nav.expect_logged_in(email_of(role), role)


@pytest.mark.parametrize("role", ["admin"])
def test_every_link_of_the_navigation_opens_its_screen(page: Page, role: str) -> None:
    base = BasePage(page).open()
    for screen in SCREENS[role]:
        base.nav.go_to(screen)
        expect(base.heading).to_have_text(screen)
        expect(base.nav.links.filter(has_text=screen)).to_have_attribute("aria-current", "page")


@pytest.mark.parametrize("role", ["editor", "owner"])
def test_users_can_log_out(page: Page, role: str) -> None:
    ProfilePage(page).open().nav.log_out()
    login = LoginPage(page).expect_open()
    login.flashes.expect_only("Logged out successfully.", "success")
    login.nav.expect_anonymous()


@pytest.mark.parametrize("role", ["viewer"])
@pytest.mark.allow(status=405)
def test_link_cannot_log_a_user_out(page: Page, role: str) -> None:
    page.goto("/logout")
    ProfilePage(page).open().nav.expect_logged_in(email_of(role), role)


def test_log_in_and_register_links_open_their_pages(open_as: Callable[..., Page]) -> None:
    login = LoginPage(open_as(None)).open()
    login.nav.register.click()
    expect(login.heading).to_have_text("Register")
    login.nav.log_in.click()
    login.expect_open()


@pytest.mark.phone_only
@pytest.mark.parametrize("role", ["admin"])
def test_menu_button_opens_the_navigation_on_a_phone(page: Page, role: str) -> None:
    base = BasePage(page).open()
    expect(base.nav.log_out_button).to_be_hidden()
    base.nav.menu_button.tap()
    base.nav.expect_logged_in(email_of(role), role)
    base.nav.go_to("Users")
    expect(base.heading).to_have_text("Users")
    expect(base.nav.log_out_button).to_be_hidden()
