from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from dashboard.accounts.models import User
from e2e.browsing import NewContext
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.register import RegisterPage
from e2e.server import PASSWORD, Console, email_of

NEWCOMER = "newcomer@example.test"


def accounts(server: Console, email: str) -> int:
    with server.database() as session:
        return session.scalar(select(func.count()).where(User.email == email))


def test_a_newcomer_lands_on_the_products_as_a_viewer(page: Page) -> None:
    RegisterPage(page).open().register(NEWCOMER)
    products = ProductListPage(page).expect_open()
    products.flashes.expect_only("Registered successfully.", "success")
    products.nav.expect_signed_in(NEWCOMER, "viewer")


def test_a_newcomer_can_sign_in_again_with_the_same_password(page: Page) -> None:
    RegisterPage(page).open().register(NEWCOMER)
    ProductListPage(page).expect_open().nav.log_out()
    LoginPage(page).expect_open().log_in(NEWCOMER)
    ProductListPage(page).expect_open().nav.expect_signed_in(NEWCOMER)


@pytest.mark.database("empty")
def test_the_first_account_ever_becomes_the_owner(page: Page) -> None:
    RegisterPage(page).open().register(NEWCOMER)
    ProductListPage(page).expect_open().nav.expect_signed_in(NEWCOMER, "owner")


@pytest.mark.parametrize(
    ("email", "password", "confirm", "errors"),
    [
        ("", PASSWORD, None, ["E-mail address: Enter your e-mail address."]),
        (NEWCOMER, "", None, ["Password: Choose a password.", "Confirm password: Enter the password again."]),
        (NEWCOMER, "x7!aQ", None, ["Password: Use at least 8 characters."]),
        (NEWCOMER, PASSWORD, "other", ["Confirm password: The passwords differ. Enter the same one twice."]),
        (NEWCOMER, "newcomer1", None, ["Password: Do not build the password on “newcomer”."]),
        (
            email_of("viewer"),
            PASSWORD,
            None,
            ["E-mail address: An account with this e-mail address exists already."],
        ),
    ],
    ids=["no address", "no password", "short", "differing", "own name", "taken"],
)
def test_a_mistake_is_named_and_leads_to_its_field(
    page: Page, email: str, password: str, confirm: str | None, errors: list[str]
) -> None:
    register = RegisterPage(page).open()
    register.register(email, password, confirm)
    register.expect_open().expect_errors(*errors)
    expect(register.error_summary).to_be_focused()
    register.error_summary.get_by_role("link", name=errors[0]).click()
    expect(page.get_by_label(errors[0].partition(":")[0], exact=True)).to_be_focused()
    register.nav.expect_anonymous()


@pytest.mark.parametrize("password", ["password", "12345678", "qwertyuiop", "letmein1"])
def test_a_common_password_is_refused(page: Page, password: str) -> None:
    register = RegisterPage(page).open()
    register.register(NEWCOMER, password)
    expect(register.error_summary).to_contain_text("too common or too easy to guess")
    expect(register.email).to_have_value(NEWCOMER)


@pytest.mark.parametrize(
    "password",
    [" leading and trailing ", "Zażółć gęślą jaźń", "火山 и облако 🌋 ten", "tab\tand \"quotes' <b>"],
)
def test_a_password_may_hold_anything_and_is_taken_as_typed(page: Page, password: str) -> None:
    RegisterPage(page).open().register(NEWCOMER, password)
    ProductListPage(page).expect_open().nav.log_out()
    login = LoginPage(page).expect_open()
    login.log_in(NEWCOMER, password.strip() + "!")
    login.expect_errors("Invalid email or password")
    login.log_in(NEWCOMER, password)
    ProductListPage(page).expect_open()


def test_a_double_click_makes_one_account(page: Page, server: Console) -> None:
    RegisterPage(page).open().fill(NEWCOMER).submit.dblclick()
    ProductListPage(page).expect_open().flashes.expect_only("Registered successfully.", "success")
    assert accounts(server, NEWCOMER) == 1


def test_enter_registers(page: Page) -> None:
    RegisterPage(page).open().fill(NEWCOMER).confirm.press("Enter")
    ProductListPage(page).expect_open().nav.expect_signed_in(NEWCOMER)


def test_registering_works_without_javascript(page_without_javascript: Page) -> None:
    page = page_without_javascript
    RegisterPage(page).open().register(NEWCOMER)
    ProductListPage(page).expect_open().flashes.expect_only("Registered successfully.", "success")


def test_a_forged_role_is_ignored(page: Page) -> None:
    register = RegisterPage(page).open().fill(NEWCOMER)
    page.evaluate(
        "document.querySelector('main form').append(Object.assign(document.createElement('input'), "
        "{name: 'role', value: 'owner'}))"
    )
    register.submit.click()
    ProductListPage(page).expect_open().nav.expect_signed_in(NEWCOMER, "viewer")


@pytest.mark.allow(status=403)
@pytest.mark.parametrize(
    ("mode", "title"), [("invite", "By invitation only"), ("closed", "Registration is closed")]
)
def test_where_registration_is_not_open_a_page_says_whom_to_ask(
    new_context: NewContext, other_server: Callable[..., Console], mode: str, title: str
) -> None:
    page = new_context().new_page()
    page.goto(f"{other_server(registration=mode).url}/register")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("main")).to_contain_text("admin")
    expect(page.get_by_label("Password")).to_have_count(0)
