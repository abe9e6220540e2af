"""Tabs that a browser restores without its cookie: each has a CSRF token of no session."""

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.guard import Guard
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.register import RegisterPage
from e2e.server import PASSWORD, Console, email_of

VIEWER = email_of("viewer")
INVALID = "This form is no longer valid, perhaps because you logged in or out in another tab."
SEND_AGAIN = f"{INVALID} Nothing was saved. Check the form and send it again. Type the password again."


@pytest.mark.allow(status=400)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_restored_login_form_is_shown_again_and_works(
    page: Page, page_without_javascript: Page, server: Console, script: bool
) -> None:
    tab = page if script else page_without_javascript
    tab.goto("/login?next=/profile")
    login = LoginPage(tab).fill(VIEWER)
    tab.context.clear_cookies()
    login.submit.click()
    login.expect_errors(SEND_AGAIN)
    expect(login.email).to_have_value(VIEWER)
    expect(login.password).to_have_value("")
    login.password.fill(PASSWORD)
    login.submit.click()
    expect(tab).to_have_url(f"{server.url}/profile")


def test_second_of_two_restored_tabs_leads_to_its_own_target(
    page: Page, server: Console, guard: Guard
) -> None:
    tabs = [page, page.context.new_page()]
    for tab, target in zip(tabs, ("/profile", "/admin/categories/"), strict=True):
        tab.goto(f"/login?next={target}")
    page.context.clear_cookies()
    first, second = (LoginPage(tab).fill(VIEWER) for tab in tabs)
    guard.allow(status=400)
    first.submit.click()
    first.expect_errors(SEND_AGAIN)
    first.password.fill(PASSWORD)
    first.submit.click()
    expect(page).to_have_url(f"{server.url}/profile")
    second.submit.click()
    expect(tabs[1]).to_have_url(f"{server.url}/admin/categories/")
    second.flashes.expect_only("You are already logged in.", "warning")


@pytest.mark.allow(status=400)
def test_restored_registration_form_is_shown_again_and_works(page: Page) -> None:
    register = RegisterPage(page).open()
    page.context.clear_cookies()
    register.register("kim@example.test")
    register.expect_errors(SEND_AGAIN)
    expect(page.get_by_label("Email")).to_have_value("kim@example.test")
    register.register("kim@example.test")
    ProductListPage(page).expect_open().nav.expect_logged_in("kim@example.test")
