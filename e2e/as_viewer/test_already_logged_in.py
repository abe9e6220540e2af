import pytest
from playwright.sync_api import Page, expect

from e2e.forgery import post
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage
from e2e.server import PASSWORD, email_of

TEXT = "You are already logged in."
FIELDS = {"email": "another@example.test", "password": PASSWORD, "confirm": PASSWORD}

both = pytest.mark.parametrize("path", ["/login", "/register"])


@both
def test_opening_the_page_leads_to_products_with_a_warning(page: Page, path: str) -> None:
    page.goto(f"{path}?next=/admin/categories/")
    products = ProductListPage(page).expect_open()
    products.flashes.expect_only(TEXT, "warning")
    products.reload().flashes.expect_none()


@both
def test_posting_to_it_only_shows_a_warning(page: Page, path: str) -> None:
    ProfilePage(page).open()
    post(page, path, **FIELDS)
    products = ProductListPage(page).expect_open()
    products.flashes.expect_only(TEXT, "warning")
    products.nav.expect_logged_in(email_of("viewer"))
    products.reload().flashes.expect_none()


def test_two_warnings_are_closed_one_by_one(page: Page) -> None:
    page.context.request.get("/login", max_redirects=0)
    page.goto("/register")
    products = ProductListPage(page).expect_open()
    expect(products.flashes.all).to_have_text([TEXT, TEXT])
    products.flashes.close_button.first.click()
    products.flashes.expect_only(TEXT, "warning")
    expect(products.flashes.all).to_be_focused()
