from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from e2e.guard import Guard
from e2e.pages.error import ErrorPage
from e2e.pages.login import WRONG, LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.server import DEACTIVATED, PASSWORD, Console, email_of

VIEWER = email_of("viewer")


WRONG_PAIRS = {
    "wrong password": (VIEWER, "not the password"),
    "password of other case": (VIEWER, PASSWORD.upper()),
    "password with a space": (VIEWER, f"{PASSWORD} "),
    "unknown address": ("nobody@example.test", PASSWORD),
    "no address at all": ("", PASSWORD),
    "no password": (VIEWER, ""),
    "nothing": ("", ""),
    "blanks": ("   ", "   "),
    "not an address": ("viewer", PASSWORD),
    "deactivated": (DEACTIVATED, PASSWORD),
    "endless password": (VIEWER, "x" * 5_000),
    "quotes": ("' OR 1=1 --", "' OR 1=1 --"),
    "script": ("<script>alert(1)</script>@example.test", PASSWORD),
}
UNSAFE = [
    "https://elsewhere.invalid/",
    "//elsewhere.invalid",
    "///elsewhere.invalid",
    "////elsewhere.invalid/",
    "https:elsewhere.invalid",
    "https:/elsewhere.invalid",
    "http:///elsewhere.invalid",
    "\\\\elsewhere.invalid",
    "/\\elsewhere.invalid",
    "\\/elsewhere.invalid",
    "/\t/elsewhere.invalid",
    "/\n/elsewhere.invalid",
    "/\r\n/elsewhere.invalid",
    "\t//elsewhere.invalid",
    " //elsewhere.invalid",
    "\x00//elsewhere.invalid",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<h1>x</h1>",
    "//user@elsewhere.invalid",
    "https://127.0.0.1@elsewhere.invalid/",
    "//127.0.0.1:80@elsewhere.invalid",
    "elsewhere.invalid",
    "?next=//elsewhere.invalid",
    "/admin/products/\r\nLocation: //elsewhere.invalid",
    "\N{FULLWIDTH SOLIDUS}\N{FULLWIDTH SOLIDUS}elsewhere.invalid",
    "//elsewhere\N{IDEOGRAPHIC FULL STOP}invalid",
    "https://[::1",
    "/" * 3_000,
]


@pytest.mark.parametrize("pair", WRONG_PAIRS.values(), ids=WRONG_PAIRS)
def test_whatever_is_wrong_the_answer_is_the_same(page: Page, pair: tuple[str, str]) -> None:
    login = LoginPage(page).open()
    with page.expect_response("**/login") as answer:
        login.log_in(*pair)
    assert answer.value.status == 200
    login.expect_open().expect_errors(WRONG)
    login.nav.expect_anonymous()


def test_a_failed_sign_in_keeps_the_address_and_forgets_the_password(page: Page) -> None:
    login = LoginPage(page).open()
    login.log_in(VIEWER, "not the password")
    login.expect_errors(WRONG)
    expect(login.error_summary).to_be_focused()
    expect(login.email).to_have_value(VIEWER)
    expect(login.password).to_have_value("")


def test_after_a_failure_the_right_password_still_works(page: Page) -> None:
    login = LoginPage(page).open()
    login.log_in(VIEWER, "not the password")
    login.expect_errors(WRONG)
    login.log_in(VIEWER)
    ProductListPage(page).expect_open().nav.expect_signed_in(VIEWER)


@pytest.mark.parametrize("written", ["VIEWER@example.test", "Viewer@Example.TEST", "  viewer@example.test "])
def test_the_address_may_be_written_in_any_case(page_without_javascript: Page, written: str) -> None:
    LoginPage(page_without_javascript).open().log_in(written)
    ProductListPage(page_without_javascript).expect_open().nav.expect_signed_in(VIEWER)


def test_enter_signs_in_from_either_field(page: Page) -> None:
    login = LoginPage(page).open().fill(VIEWER)
    login.password.press("Enter")
    ProductListPage(page).expect_open().nav.log_out()
    login.expect_open().fill(VIEWER)
    login.email.press("Enter")
    ProductListPage(page).expect_open()


def test_a_double_click_signs_in_once(page: Page, server: Console) -> None:
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    login = LoginPage(page).open().fill(VIEWER)
    login.submit.dblclick()
    ProductListPage(page).expect_open().flashes.expect_only("Logged in successfully.", "success")
    assert posts == [f"{server.url}/login"]


def test_the_whole_sign_in_works_by_keyboard(page: Page) -> None:
    login = LoginPage(page).open()
    expect(login.email).to_be_focused()
    page.keyboard.type(VIEWER)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    ProductListPage(page).expect_open()


def test_a_password_can_be_pasted_and_shown(page: Page) -> None:
    login = LoginPage(page).open()
    expect(login.email).to_have_attribute("autocomplete", "username")
    expect(login.password).to_have_attribute("autocomplete", "current-password")
    login.password.focus()
    page.keyboard.insert_text(PASSWORD)
    page.get_by_role("button", name="Show password").click()
    expect(login.password).to_have_attribute("type", "text")
    expect(login.password).to_have_value(PASSWORD)
    page.get_by_role("button", name="Hide password").click()
    expect(login.password).to_have_attribute("type", "password")


def test_a_form_from_before_signing_in_is_refused_in_words(page: Page, guard: Guard) -> None:
    stale = LoginPage(page).open().fill(VIEWER)
    LoginPage(page.context.new_page()).open().log_in(VIEWER)
    guard.allow(status=400)
    stale.submit.click()
    expect(page.get_by_role("main")).to_contain_text("This form is no longer valid")


@pytest.mark.parametrize(
    "target", ["/admin/", "/admin/categories/", "/profile", "/admin/products/?q=lamp&sort=-price#main"]
)
def test_signing_in_leads_on_to_where_one_wanted_to_go(page: Page, server: Console, target: str) -> None:
    page.goto(target)
    LoginPage(page).expect_open().log_in(VIEWER)
    expect(page).to_have_url(server.url + target)


def test_what_one_wanted_survives_a_failed_attempt(page: Page, server: Console) -> None:
    page.goto("/admin/categories/")
    login = LoginPage(page).expect_open()
    login.log_in(VIEWER, "not the password")
    login.expect_errors(WRONG)
    login.log_in(VIEWER)
    expect(page).to_have_url(f"{server.url}/admin/categories/")


@pytest.mark.parametrize("target", UNSAFE, ids=lambda target: ascii(target)[:40])
def test_an_unsafe_next_is_replaced_by_the_product_list(page: Page, server: Console, target: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/login?next={quote(target, safe='')}")
    LoginPage(page).log_in(VIEWER)
    ProductListPage(page).expect_open().nav.expect_signed_in(VIEWER)
    assert [url for url in asked if not url.startswith(f"{server.url}/")] == []


@pytest.mark.allow(status=404)
@pytest.mark.parametrize("start", ["/%09/", "/%5c", "/%2f%2f"])
def test_an_encoded_trick_in_next_stays_on_this_origin(page: Page, server: Console, start: str) -> None:
    page.goto(f"/login?next={quote(start + 'elsewhere.invalid', safe='')}")
    LoginPage(page).log_in(VIEWER)
    ErrorPage(page).expect_error(404, "Not found").nav.expect_signed_in(VIEWER)
    assert page.url.startswith(f"{server.url}/")
