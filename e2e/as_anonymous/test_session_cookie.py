from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from dashboard.testing.harness.browsing import NewContext
from dashboard.testing.harness.cookies import set_cookie
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage
from e2e.pages.register import RegisterPage
from e2e.server import Console, email_of

NEWCOMER = "newcomer@example.test"
ATTRIBUTES = {"httponly": "", "samesite": "Lax", "path": "/"}
TAMPERED = {
    "other signature": lambda value: value[:-9] + ("A" if value[-9] != "A" else "B") + value[-8:],
    "no signature": lambda value: value.split(".")[0],
    "compressed mark": lambda value: "." + value,
    "other contents": lambda value: value.replace(value[3], "x" if value[3] != "x" else "y", 1),
    "empty": lambda _: "",
    "bytes": lambda _: "%00%ff",
}


def answer_to(page: Page, path: str, act: Callable[[], None]) -> Response:
    """Return the answer to the POST that `act` sends."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        act()
    assert answer.value.url.endswith(path)
    return answer.value


def session_of(page: Page) -> str:
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "session")


def log_in(page: Page) -> str:
    LoginPage(page).open().log_in(email_of("viewer"))
    ProductListPage(page).expect_open()
    return session_of(page)


def log_out(page: Page) -> None:
    ProductListPage(page).nav.log_out()
    LoginPage(page).expect_open()


@pytest.mark.security(34)
def test_login_sets_a_session_cookie_with_exactly_its_attributes(page: Page, server: Console) -> None:
    login = LoginPage(page).open()
    answer = answer_to(page, "/login", lambda: login.log_in(email_of("viewer")))
    cookie = set_cookie(answer)
    assert cookie.attributes == ATTRIBUTES
    assert "_user_id" in server.contents(cookie.value)
    ProductListPage(page).expect_open()


def test_registration_sets_a_cookie_with_exactly_its_attributes(page: Page, server: Console) -> None:
    register = RegisterPage(page).open()
    answer = answer_to(page, "/register", lambda: register.register(NEWCOMER))
    cookie = set_cookie(answer)
    assert cookie.attributes == ATTRIBUTES
    assert "_user_id" in server.contents(cookie.value)
    ProductListPage(page).expect_open()


def test_scripts_cannot_read_the_session_cookie(page: Page) -> None:
    value = log_in(page)
    assert value not in page.evaluate("document.cookie")
    assert "session" not in page.evaluate("document.cookie")


def test_every_login_gets_its_own_session(page: Page, server: Console) -> None:
    first = log_in(page)
    log_out(page)
    second = log_in(page)
    assert server.contents(first)["_user_id"] != server.contents(second)["_user_id"]


def test_login_replaces_a_planted_session(page: Page, server: Console) -> None:
    planted = server.sign({"_user_id": "chosen-by-an-attacker", "csrf_token": "known"})
    page.context.add_cookies(server.state_with(planted)["cookies"])
    after = server.contents(log_in(page))
    assert after["_user_id"] != "chosen-by-an-attacker"
    assert after.get("csrf_token") != "known"


def test_logging_out_clears_the_cookie(page: Page, server: Console) -> None:
    log_in(page)
    answer = answer_to(page, "/logout", ProductListPage(page).nav.log_out)
    assert "_user_id" not in server.contents(set_cookie(answer).value)
    LoginPage(page).expect_open().nav.expect_anonymous()


@pytest.mark.security(24)
def test_copied_cookie_is_dead_after_logout(page: Page, new_context: NewContext, server: Console) -> None:
    copy = log_in(page)
    thief = new_context(storage_state=server.state_with(copy)).new_page()
    ProductListPage(thief).open().expect_open()
    log_out(page)
    ProductListPage(thief).open()
    LoginPage(thief).expect_open().nav.expect_anonymous()
    expect(thief).to_have_url(f"{server.url}/login?next=%2Fadmin%2Fproducts%2F")


def test_logging_out_keeps_other_sessions_of_the_user(page: Page, open_as: Callable[..., Page]) -> None:
    log_in(page)
    log_out(page)
    ProfilePage(open_as("viewer")).open().expect_open()


def test_altered_cookie_opens_no_session(page: Page, server: Console) -> None:
    cookies = {name: tamper(server.cookies["owner"]) for name, tamper in TAMPERED.items()}
    # Correctly signed, for a session that never existed.
    cookies["made up"] = server.sign({"_user_id": "1"})
    for name, cookie in cookies.items():
        page.context.clear_cookies()
        page.context.add_cookies(server.state_with(cookie)["cookies"])
        page.goto("/profile")
        expect(page.get_by_role("heading", level=1), name).to_have_text("Log in")
        LoginPage(page).nav.expect_anonymous()


@pytest.mark.security(37)
def test_back_after_logout_shows_nothing(page: Page) -> None:
    log_in(page)
    products = ProductListPage(page)
    products.nav.go_to("Categories")
    expect(products.heading).to_have_text("Categories")
    products.nav.log_out()
    LoginPage(page).expect_open()
    page.go_back()
    LoginPage(page).expect_open().nav.expect_anonymous()
    expect(page.get_by_role("table")).to_have_count(0)


def test_consoles_on_two_ports_of_one_host_share_a_cookie(page: Page) -> None:
    """Browsers ignore the port (RFC 6265, 8.5), which is why the README names two hosts."""
    log_in(page)
    here = urlsplit(page.url)
    other_port, other_name = (
        here._replace(netloc="127.0.0.1:1"),
        here._replace(netloc=f"localhost:{here.port}"),
    )
    shared = {cookie["name"] for cookie in page.context.cookies(other_port.geturl())}
    assert shared == {"browser_zone", "device", "session"}
    assert page.context.cookies(other_name.geturl()) == []
    other = page.context.new_page()
    other.goto(other_name.geturl())
    LoginPage(other).log_in(email_of("editor"))
    ProductListPage(other).expect_open()
    ProductListPage(page).reload().nav.expect_logged_in(email_of("viewer"))
