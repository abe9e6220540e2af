"""A permission of a plug-in in the list, and its records on the home."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.accessibility import Accessibility
from dashboard.testing.harness.layout import check_everywhere
from e2e.own_orders import Order, OrderBase
from e2e.server import Console

LIST = "/admin/own_orders/"


@pytest.fixture
def console(console_of: Callable[..., Console]) -> Console:
    """A console with the plug-in and two orders."""
    console = console_of("e2e.own_orders", OrderBase)
    with console.database() as session:
        session.add_all([Order(name="Oak"), Order(name="Elm & Sons <b>")])
    return console


@pytest.fixture
def visit(console: Console, page_at: Callable[..., Page]) -> Callable[..., Page]:
    """`visit("admin")` is a page of a user with this role; takes the options of a context."""
    return partial(page_at, console)


@pytest.mark.parametrize("scripts", [True, False])
def test_order_is_approved_by_those_who_have_the_permission(
    visit: Callable[..., Page], scripts: bool
) -> None:
    for role, offered in (("editor", 0), ("admin", 1)):
        page = visit(role, java_script_enabled=scripts)
        page.goto(LIST)
        page.get_by_role("row").filter(has_text="Oak").get_by_role("checkbox").check()
        expect(page.get_by_role("button", name="Delete", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(offered)
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_role("button", name="Approve 1 order").click()
    expect(page.get_by_role("row").filter(has_text="Oak")).to_contain_text("Approved")


def test_changed_order_is_on_the_home_and_leads_to_its_page(
    visit: Callable[..., Page], console: Console, accessibility: Accessibility
) -> None:
    with console.database() as session:
        session.add(Order(name="Ash & Sons <b>"))
    page = visit("editor")
    page.goto("/admin/")
    recent = page.get_by_role("region", name="Recent activity")
    ash = recent.get_by_role("link", name="order “Ash & Sons <b>”")
    accessibility.check_everywhere(page)
    check_everywhere(page)
    ash.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ash & Sons <b>")
