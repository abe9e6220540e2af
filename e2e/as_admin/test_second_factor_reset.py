"""A lost second factor, which an admin resets."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.pages.detail import UserDetailPage
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage
from e2e.pages.user_list import UserListPage
from e2e.screens.factors import give_factor
from e2e.server import Console, email_of

VIEWER = email_of("viewer")


@pytest.mark.postgresql
def test_reset_factor_is_gone_and_its_user_logs_in_with_the_password(
    page: Page, server: Console, open_as: Callable[..., Page]
) -> None:
    give_factor(server)
    theirs = ProfilePage(open_as("viewer")).open().expect_open()
    UserListPage(page).open().table.link(VIEWER).click()
    user = UserDetailPage(page).expect_record(VIEWER)
    user.expect_fact("Second factor", "On")
    user.choose("Reset second factor")
    expect(page.get_by_text("Make sure that it is really this user who asks.")).to_be_visible()
    user.dialog.confirm("Reset second factor")
    users = UserListPage(page).expect_open()
    users.flashes.expect_only(f"Second factor of {VIEWER} reset.", "success")
    theirs.page.reload()
    LoginPage(theirs.page).expect_open().log_in(VIEWER)
    ProfilePage(theirs.page).expect_open()


def test_user_without_a_factor_has_no_reset(page: Page, server: Console) -> None:
    UserListPage(page).open().table.link(VIEWER).click()
    user = UserDetailPage(page).expect_record(VIEWER)
    user.expect_fact("Second factor", "Off")
    expect(page.get_by_role("link", name="Reset second factor")).to_have_count(0)
    ProductListPage(page).open().expect_open()
