"""The instruments of the suite find planted faults: a check that cannot fail proves nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from dashboard.catalogue.models import Product
from dashboard.history.recording import PAST_LEDGER
from dashboard.testing.harness.accessibility import Accessibility
from e2e.budget import Cost
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console, ServerClock


def test_axe_names_the_rule_and_the_element(page: Page, accessibility: Accessibility) -> None:
    LoginPage(page).open()
    accessibility.check(page)
    page.evaluate("document.querySelector('label[for=email]').remove()")
    with pytest.raises(AssertionError, match=r"label: Form elements must have labels\n +#email"):
        accessibility.check(page)


def test_axe_finds_a_fault_of_dark_mode_only(page: Page, accessibility: Accessibility) -> None:
    LoginPage(page).open()
    page.evaluate("document.querySelector('h1').style.color = '#171a21'")
    accessibility.check(page)
    with pytest.raises(AssertionError, match="color-contrast"):
        accessibility.check_everywhere(page)


def test_budget_counts_requests_bytes_and_script(cost_of: Callable[[str], Cost]) -> None:
    cost = cost_of("/login")
    cost.assert_within(kilobytes=15, requests=4, script_kilobytes=5)
    assert min(cost.requests, cost.bytes, cost.script_bytes, cost.nodes) > 0
    for tighter in ({"kilobytes": 1}, {"requests": 1}, {"script_kilobytes": 0}):
        with pytest.raises(AssertionError):
            cost.assert_within(**{"kilobytes": 15, "requests": 4, "script_kilobytes": 5, **tighter})


def test_server_clock_can_be_advanced_and_reset(
    open_as: Callable[..., Page], server: Console, server_clock: ServerClock
) -> None:
    page = open_as("viewer")
    server_clock.advance(hours=9)
    page.goto("/admin/products/")
    LoginPage(page).expect_open()
    server_clock.reset()
    ProductListPage(page).open().expect_open()


def test_database_can_be_reset(open_as: Callable[..., Page], server: Console) -> None:
    with server.database() as session:
        session.execute(delete(Product), execution_options=PAST_LEDGER)
    products = ProductListPage(open_as("viewer")).open()
    expect(products.nothing_yet).to_be_visible()
    server.reset()
    products.reload().pager.expect_range(1, 25, 200)
