import pytest
from playwright.sync_api import expect

from dashboard.testing.harness.browsing import NewContext
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.register import RegisterPage
from e2e.slow_clients import BEGINNINGS, bound, page_seconds, percentile_95, slow_clients

FIRST = "first@example.test"


def test_owner_registers_logs_out_and_in_on_a_fresh_installation(
    new_context: NewContext, real_server: str
) -> None:
    page = new_context(base_url=real_server).new_page()
    RegisterPage(page).open().register(FIRST)
    products = ProductListPage(page).expect_open()
    products.flashes.expect_only("Registered successfully.", "success")
    products.nav.expect_logged_in(FIRST, "owner")
    products.pager.expect_range(1, 25, 200)
    products.nav.log_out()
    LoginPage(page).expect_open().log_in(FIRST)
    products.expect_open().flashes.expect_only("Logged in successfully.", "success")
    expect(products.table.names).to_have_count(25)


@pytest.mark.security(86)
def test_slow_clients_of_every_kind_delay_no_other(new_context: NewContext, real_server: str) -> None:
    quick_enough = bound(real_server)
    with slow_clients(real_server, list(BEGINNINGS), 40):
        page = new_context(base_url=real_server).new_page()
        RegisterPage(page).open().register(FIRST)
        ProductListPage(page).expect_open().flashes.expect_only("Registered successfully.", "success")
        assert percentile_95([page_seconds(real_server) for _ in range(50)]) <= quick_enough
