"""Logging in. The unit suite tries all wrong pairs and unsafe addresses; this has one of each kind."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from dashboard.accounts.throttling.limits import PER_PAIR
from e2e.pages.login import WRONG, LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.server import DEACTIVATED, PASSWORD, Console, email_of

VIEWER = email_of("viewer")
WRONG_PAIRS = {
    "wrong password": (VIEWER, "not the password"),
    "password with a space": (VIEWER, f"{PASSWORD} "),
    "unknown email": ("nobody@example.test", PASSWORD),
    "no email": ("", PASSWORD),
    "no password": (VIEWER, ""),
    "nothing": ("", ""),
    "blanks": ("   ", "   "),
    "not an email": ("viewer", PASSWORD),
    "deactivated": (DEACTIVATED, PASSWORD),
    "script": ("<script>alert(1)</script>@example.test", "' OR 1=1 --"),
}
# Browsers parse each of these in its own way.
UNSAFE = [
    "https://elsewhere.invalid/",
    "//elsewhere.invalid",
    "https:elsewhere.invalid",
    "/\\elsewhere.invalid",
    "/\t/elsewhere.invalid",
    "javascript:alert(1)",
    "\N{FULLWIDTH SOLIDUS}\N{FULLWIDTH SOLIDUS}elsewhere.invalid",
]


def test_every_failed_login_gets_the_same_answer(page: Page) -> None:
    login = LoginPage(page).open()
    for case, (email, password) in WRONG_PAIRS.items():
        with page.expect_response("**/login") as answer:
            login.log_in(email, password)
        assert answer.value.status == 200, case
        login.expect_errors(WRONG)
        expect(login.email, case).to_have_value(email.strip())
        expect(login.password, case).to_have_value("")
    login.nav.expect_anonymous()


def test_failed_login_keeps_the_email_and_the_target(page: Page, server: Console) -> None:
    page.goto("/admin/categories/")
    login = LoginPage(page).expect_open()
    login.log_in(VIEWER, "not the password")
    login.expect_errors(WRONG)
    expect(login.error_summary).to_be_focused()
    expect(login.email).to_have_value(VIEWER)
    login.password.fill(PASSWORD)
    login.submit.click()
    expect(page).to_have_url(f"{server.url}/admin/categories/")


@pytest.mark.postgresql
def test_email_is_accepted_in_any_case(page_without_javascript: Page) -> None:
    LoginPage(page_without_javascript).open().log_in("  Viewer@Example.TEST ")
    ProductListPage(page_without_javascript).expect_open().nav.expect_logged_in(VIEWER)


def test_enter_logs_in_from_either_field(page: Page) -> None:
    login = LoginPage(page).open().fill(VIEWER)
    login.password.press("Enter")
    ProductListPage(page).expect_open().nav.log_out()
    login.expect_open().fill(VIEWER)
    login.email.press("Enter")
    ProductListPage(page).expect_open()


def test_double_click_logs_in_once(page: Page, server: Console) -> None:
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    login = LoginPage(page).open().fill(VIEWER)
    login.submit.dblclick()
    ProductListPage(page).expect_open().flashes.expect_only("Logged in successfully.", "success")
    assert posts == [f"{server.url}/login"]


def test_login_works_by_keyboard(page: Page) -> None:
    login = LoginPage(page).open()
    expect(login.email).to_be_focused()
    page.keyboard.type(VIEWER)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    ProductListPage(page).expect_open()


@pytest.mark.security(9)
def test_password_can_be_pasted_and_shown(page: Page) -> None:
    login = LoginPage(page).open()
    expect(login.email).to_have_attribute("autocomplete", "username webauthn")
    expect(login.password).to_have_attribute("autocomplete", "current-password")
    login.password.focus()
    page.keyboard.insert_text(PASSWORD)
    page.get_by_role("button", name="Show password").click()
    expect(login.password).to_have_attribute("type", "text")
    expect(login.password).to_have_value(PASSWORD)
    page.get_by_role("button", name="Hide password").click()
    expect(login.password).to_have_attribute("type", "password")


def test_shown_password_is_hidden_before_it_is_sent(page: Page) -> None:
    login = LoginPage(page).open().fill(email_of("viewer"))
    page.get_by_role("button", name="Show password").click()
    expect(login.password).to_have_attribute("type", "text")
    page.route("**/login", lambda route: route.fulfill(status=204))
    login.submit.click()
    expect(login.password).to_have_attribute("type", "password")


def test_login_form_sent_while_logged_in_leads_to_products(page: Page) -> None:
    stale = LoginPage(page).open().fill(VIEWER)
    other = page.context.new_page()
    LoginPage(other).open().log_in(VIEWER)
    ProductListPage(other).expect_open()
    stale.submit.click()
    ProductListPage(page).expect_open().flashes.expect_only("You are already logged in.", "warning")


@pytest.mark.parametrize("target", ["/profile", "/admin/products/?q=lamp&sort=-price#main"])
def test_login_leads_to_the_page_first_requested(page: Page, server: Console, target: str) -> None:
    page.goto(target)
    login = LoginPage(page).expect_open()
    login.log_in(VIEWER)
    expect(page).to_have_url(server.url + target)
    login.flashes.expect_only("Logged in successfully.", "success")


@pytest.mark.security(42)
@pytest.mark.parametrize("target", UNSAFE, ids=lambda target: ascii(target)[:40])
def test_unsafe_next_is_replaced_by_the_product_list(page: Page, server: Console, target: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/login?next={quote(target, safe='')}")
    LoginPage(page).log_in(VIEWER)
    ProductListPage(page).expect_open()
    assert [url for url in asked if not url.startswith(f"{server.url}/")] == []


@pytest.mark.security(42)
@pytest.mark.allow(status=404)
def test_encoded_trick_in_next_stays_on_this_origin(page: Page, server: Console) -> None:
    page.goto(f"/login?next={quote('/%09/elsewhere.invalid', safe='')}")
    login = LoginPage(page)
    login.log_in(VIEWER)
    expect(login.heading).to_have_text("Not found")
    assert page.url.startswith(f"{server.url}/")


@pytest.mark.allow(status=429)
def test_too_many_attempts_are_told_when_to_try_again(page: Page) -> None:
    login = LoginPage(page).open()
    for _ in range(PER_PAIR):
        with page.expect_response("**/login"):
            login.log_in(VIEWER, "not the password")
        login.expect_errors(WRONG)
    login.log_in(VIEWER)
    login.expect_errors(re.compile(r"Too many attempts with a wrong password\. Try again in [45] minutes\."))
    expect(login.email).to_have_value(VIEWER)
    login.nav.expect_anonymous()
