import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from dashboard.accounts.models import User
from e2e.pages.login import WRONG, LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.register import RegisterPage
from e2e.server import PASSWORD, Console, email_of

NEWCOMER = "newcomer@example.test"
UNUSUAL = " 火山 и облако 🌋 tab\tand \"quotes' <b> "
MISTAKES = [
    (("", PASSWORD), ["Email: Enter an email."]),
    ((NEWCOMER, ""), ["Password: Choose a password.", "Confirm password: Enter the password again."]),
    ((NEWCOMER, PASSWORD, "other"), ["Confirm password: The passwords don't match."]),
    ((NEWCOMER, "newcomer1"), ["Password: Don't base the password on “newcomer”."]),
    ((email_of("viewer"), PASSWORD), ["Email: An account with this email already exists."]),
]


def accounts(server: Console, email: str) -> int:
    with server.database() as session:
        return session.scalar(select(func.count()).where(User.email == email))


@pytest.mark.postgresql
def test_new_user_is_a_viewer_and_can_log_in_again(page: Page) -> None:
    RegisterPage(page).open().register(NEWCOMER, UNUSUAL)
    products = ProductListPage(page).expect_open()
    products.flashes.expect_only("Registered successfully.", "success")
    products.nav.expect_logged_in(NEWCOMER, "viewer")
    products.nav.log_out()
    login = LoginPage(page).expect_open()
    login.log_in(NEWCOMER, UNUSUAL.strip())
    login.expect_errors(WRONG)
    login.log_in(NEWCOMER, UNUSUAL)
    products.expect_open().nav.expect_logged_in(NEWCOMER)


@pytest.mark.parametrize(
    ("typed", "strength"),
    [("aaaaaaaaaaaaaaaa", "weak"), ("owlfjord", "weak"), ("owl9fjord", "fair"), (PASSWORD, "strong")],
)
def test_length_and_variety_of_a_new_password_are_told(page: Page, typed: str, strength: str) -> None:
    form = RegisterPage(page).open()
    told = page.get_by_role("status").filter(has_text="Length and variety")
    expect(told).to_have_count(0)
    form.password.fill(typed)
    expect(told).to_have_text(f"Length and variety: {strength}")
    form.password.fill("")
    expect(told).to_have_count(0)


@pytest.mark.database("empty")
def test_first_account_becomes_the_owner(page: Page) -> None:
    RegisterPage(page).open().register(NEWCOMER)
    ProductListPage(page).expect_open().nav.expect_logged_in(NEWCOMER, "owner")


def test_error_summary_names_each_mistake_and_links_to_its_field(page: Page) -> None:
    register = RegisterPage(page)
    for typed, errors in MISTAKES:
        register.open().register(*typed)
        register.expect_errors(*errors)
        expect(register.error_summary).to_be_focused()
        expect(register.email).to_have_value(typed[0])
        register.error_summary.get_by_role("link", name=errors[0]).click()
        expect(page.get_by_label(errors[0].partition(":")[0], exact=True)).to_be_focused()
    register.nav.expect_anonymous()


def test_error_summary_gets_the_focus_at_the_second_try_too(page: Page) -> None:
    register = RegisterPage(page).open()
    register.register(*MISTAKES[0][0])
    register.error_summary.get_by_role("link").first.click()
    register.submit.click()
    expect(page).to_have_url(re.compile("/register$"))
    expect(register.error_summary).to_be_focused()


def test_common_password_is_refused(page: Page) -> None:
    register = RegisterPage(page).open()
    register.register(NEWCOMER, "qwertyuiop")
    expect(register.error_summary).to_contain_text("too common or too easy to guess")


@pytest.mark.postgresql
def test_double_click_makes_one_account(page: Page, server: Console) -> None:
    RegisterPage(page).open().fill(NEWCOMER).submit.dblclick()
    ProductListPage(page).expect_open().flashes.expect_only("Registered successfully.", "success")
    assert accounts(server, NEWCOMER) == 1


def test_enter_registers(page: Page) -> None:
    RegisterPage(page).open().fill(NEWCOMER).confirm.press("Enter")
    ProductListPage(page).expect_open().nav.expect_logged_in(NEWCOMER)


def test_forged_role_is_ignored(page: Page) -> None:
    register = RegisterPage(page).open().fill(NEWCOMER)
    page.evaluate(
        "document.querySelector('main form').append(Object.assign(document.createElement('input'), "
        "{name: 'role', value: 'owner'}))"
    )
    register.submit.click()
    ProductListPage(page).expect_open().nav.expect_logged_in(NEWCOMER, "viewer")


@pytest.mark.allow(status=403)
def test_closed_registration_says_whom_to_ask(other_server: Callable[..., Console], page: Page) -> None:
    page.goto(f"{other_server(registration='closed').url}/register")
    expect(page.get_by_role("heading", level=1)).to_have_text("Registration is closed")
    expect(page.get_by_role("main")).to_contain_text("You can't register here. Ask an admin for an account.")
    expect(page.get_by_label("Password")).to_have_count(0)
