from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.pages.base import BasePage
from e2e.pages.category_list import CategoryListPage
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.register import RegisterPage
from e2e.server import email_of

VIEWER = email_of("viewer")


def by_login(page: Page) -> BasePage:
    LoginPage(page).open().log_in(VIEWER)
    return ProductListPage(page)


def by_registration(page: Page) -> BasePage:
    RegisterPage(page).open().register("newcomer@example.test")
    return ProductListPage(page)


def by_logout(page: Page) -> BasePage:
    LoginPage(page).open().log_in(VIEWER)
    ProductListPage(page).nav.log_out()
    return LoginPage(page)


FLASHES = {
    "Logged in successfully.": by_login,
    "Registered successfully.": by_registration,
    "Logged out successfully.": by_logout,
}
every_flash = pytest.mark.parametrize(("text", "cause"), FLASHES.items(), ids=FLASHES)


@every_flash
def test_message_is_shown_once_and_gone_after_a_reload(page: Page, text: str, cause: Callable) -> None:
    shown = cause(page).expect_open()
    shown.flashes.expect_only(text, "success")
    expect(shown.flashes.all).to_be_focused()
    shown.reload().flashes.expect_none()


@every_flash
def test_message_survives_the_redirect_but_not_the_next_page(page: Page, text: str, cause: Callable) -> None:
    shown = cause(page).expect_open()
    shown.flashes.expect_only(text, "success")
    screen = "Register" if isinstance(shown, LoginPage) else "Categories"
    shown.nav.go_to(screen)
    expect(shown.heading).to_have_text(screen)
    shown.flashes.expect_none()


def test_message_is_not_shown_to_other_users(page: Page, open_as: Callable[..., Page]) -> None:
    colleague = CategoryListPage(open_as("editor")).open()
    stranger = LoginPage(open_as(None)).open()
    shown = by_login(page).expect_open()
    colleague.reload().flashes.expect_none()
    stranger.reload().flashes.expect_none()
    shown.flashes.expect_only("Logged in successfully.", "success")


def test_message_can_be_closed_without_a_request(page: Page) -> None:
    shown = by_login(page).expect_open()
    box = shown.flashes.close_button.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    shown.flashes.close().expect_none()
    expect(page.get_by_role("main")).to_be_focused()
    assert asked == []


def test_closing_a_message_without_javascript_keeps_the_list_state(
    page_without_javascript: Page,
) -> None:
    page = page_without_javascript
    page.goto("/login?next=/admin/products/%3Fq%3Dlamp%26sort%3D-price")
    LoginPage(page).log_in(VIEWER)
    products = ProductListPage(page).expect_open()
    products.flashes.expect_only("Logged in successfully.", "success").close()
    products.expect_open().flashes.expect_none()
    expect(products.filters.search_field).to_have_value("lamp")
    products.table.expect_sorted("Price", "descending")


def test_message_does_not_come_back_with_the_back_button(page: Page) -> None:
    shown = by_login(page).expect_open()
    shown.flashes.expect_only("Logged in successfully.", "success")
    shown.nav.go_to("Categories")
    expect(shown.heading).to_have_text("Categories")
    page.go_back()
    shown.expect_open().flashes.expect_none()
