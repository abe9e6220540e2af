"""Where a user starts: chosen in the profile, held on every device."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.listing.models import SavedView
from dashboard.listing.views import save_view
from dashboard.permissions import Role
from dashboard.testing.accounts import the_account
from e2e.keyboard import press, tab_to
from e2e.pages.category_list import CategoryListPage
from e2e.pages.home import HomePage
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage
from e2e.server import PASSWORD, Console, email_of

GONE = (
    "Your home after logging in no longer exists, or is no longer shared with you or allowed. Choose another "
    "in your profile."
)


def brand(page: Page) -> None:
    page.get_by_role("link", name="Staff console").first.click()


def choose(page: Page, label: str) -> ProfilePage:
    profile = ProfilePage(page).open()
    profile.start.select_option(label=label)
    profile.save.click()
    profile.flashes.expect_only("Profile saved.", "success")
    expect(profile.start.get_by_role("option", selected=True)).to_have_text(label)
    return profile


def test_chosen_list_opens_after_logging_in_elsewhere(page: Page, open_as: Callable[..., Page]) -> None:
    choose(page, "Categories")
    brand(page)
    CategoryListPage(page).expect_open()
    page.goto("/")
    CategoryListPage(page).expect_open()
    device = open_as(None)
    LoginPage(device).open().log_in(email_of("viewer"), PASSWORD)
    CategoryListPage(device).expect_open().flashes.expect_only("Logged in successfully.", "success")
    LoginPage(device).open()
    CategoryListPage(device).expect_open().flashes.expect_only("You are already logged in.", "warning")


@pytest.mark.phone
def test_home_is_chosen_and_unchosen(page: Page) -> None:
    choose(page, "Home")
    page.goto("/")
    HomePage(page).expect_open()
    choose(page, "As usual: Products")
    page.goto("/")
    ProductListPage(page).expect_open()


def test_start_is_chosen_by_keyboard(page: Page) -> None:
    profile = ProfilePage(page).open()
    tab_to(profile.start)
    page.keyboard.type("Hist")
    press(profile.save)
    profile.flashes.expect_only("Profile saved.", "success")
    page.goto("/")
    expect(profile.heading).to_have_text("History")


def test_lost_view_is_told_once(page: Page, server: Console) -> None:
    with server.database():
        save_view(the_account("editor"), "products", "Cheapest", "sort=price&size=25", Role.VIEWER)
    choose(page, "Products: Cheapest (shared)")
    products = ProductListPage(page)
    brand(page)
    view = page.get_by_role("navigation", name="Views").get_by_role("link", name="Cheapest")
    expect(view).to_have_attribute("aria-current", "true")
    with server.database() as session:
        session.delete(session.query(SavedView).one())
    brand(page)
    products.expect_open().flashes.expect_only(GONE, "warning")
    brand(page)
    products.expect_open().flashes.expect_none()


def test_start_is_chosen_without_a_script(page_without_javascript: Page) -> None:
    page = page_without_javascript
    choose(page, "Categories")
    brand(page)
    CategoryListPage(page).expect_open()
