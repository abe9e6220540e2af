"""Logging in with a second factor. The unit suite tries all wrong codes and ways around."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.accounts import the_account
from dashboard.testing.harness.browsing import NewContext
from dashboard.testing.second_factors import an_authenticator, code_of, recovery_codes
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.second_factor import FactorsPage, RecoveryCodesPage, SecondStepPage, SetUpPage
from e2e.server import Console, ServerClock, email_of

VIEWER = email_of("viewer")
WRONG = "The code is wrong, or was used already. Wait for the next one."


@pytest.fixture
def factor(server: Console) -> tuple[str, list[str]]:
    """The seed and the recovery codes of the viewer."""
    with server.database():
        viewer = the_account("viewer")
        return an_authenticator(viewer), recovery_codes(viewer)


@pytest.mark.postgresql
@pytest.mark.phone
def test_code_of_the_app_logs_in_once(
    page: Page, factor: tuple[str, list[str]], server_clock: ServerClock, open_as: Callable[..., Page]
) -> None:
    seed, _ = factor
    page.goto("/admin/categories/")
    LoginPage(page).expect_open().log_in(VIEWER)
    step = SecondStepPage(page).expect_open()
    expect(step.code).to_be_focused()
    expect(step.code).to_have_attribute("autocomplete", "one-time-code")
    code = code_of(seed)
    step.enter("nothing")
    step.expect_errors(WRONG)
    expect(step.code).to_have_value("")
    step.enter(code)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Categories")
    again = open_as(None)
    LoginPage(again).open().log_in(VIEWER)
    second = SecondStepPage(again).expect_open()
    second.enter(code)
    second.expect_errors(WRONG)
    server_clock.advance(seconds=30)
    second.enter(code_of(seed))
    ProductListPage(again).expect_open().flashes.expect_only("Logged in successfully.", "success")


@pytest.mark.security(64)
def test_password_alone_opens_nothing(page: Page, factor: tuple[str, list[str]]) -> None:
    LoginPage(page).open().log_in(VIEWER)
    SecondStepPage(page).expect_open().nav.expect_anonymous()
    for path in ("/admin/products/", "/profile", "/profile/second-factor", "/admin/"):
        page.goto(path)
        LoginPage(page).expect_open()


def test_recovery_code_logs_in_without_javascript(
    page_without_javascript: Page, factor: tuple[str, list[str]]
) -> None:
    page, (_, codes) = page_without_javascript, factor
    LoginPage(page).open().log_in(VIEWER)
    step = SecondStepPage(page).expect_open()
    step.use_recovery_code.click()
    step.recovery_code.fill(codes[0].upper())
    step.submit.click()
    ProductListPage(page).expect_open()
    expect(FactorsPage(page).open().recovery).to_contain_text("9 codes left")


def test_begun_login_expires(page: Page, factor: tuple[str, list[str]], server_clock: ServerClock) -> None:
    LoginPage(page).open().log_in(VIEWER)
    step = SecondStepPage(page).expect_open()
    server_clock.advance(minutes=11)
    step.enter(code_of(factor[0]))
    login = LoginPage(page).expect_open()
    login.flashes.expect_only("Your login has expired. Log in again.", "warning")


@pytest.mark.phone
@pytest.mark.security(64)
@pytest.mark.parametrize("javascript", [True, False])
def test_role_that_needs_a_factor_is_led_through_setting_it_up(
    other_server: Callable[..., Console], new_context: NewContext, javascript: bool
) -> None:
    console = other_server(second_factor="viewer")
    page = new_context(base_url=console.url, java_script_enabled=javascript).new_page()
    LoginPage(page).open("?next=/admin/categories/").log_in(VIEWER)
    factors = FactorsPage(page).expect_open()
    expect(page.get_by_text("Your role needs a second factor. Set one up to go on.")).to_be_visible()
    page.goto("/admin/products/")
    factors.expect_open()
    page.go_back()
    factors.expect_open()
    factors.set_up.click()
    SetUpPage(page).expect_open().finish()
    codes = RecoveryCodesPage(page).expect_open()
    codes.get()
    codes.saved.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Categories")
