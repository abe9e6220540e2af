from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.catalogue.trash import trash_products
from e2e.budget import Cost
from e2e.server import Console

LOGIN = {"kilobytes": 15, "requests": 4, "script_kilobytes": 5}
LIST = {"kilobytes": 36, "requests": 5, "script_kilobytes": 12}
RECORD = {"kilobytes": 25, "requests": 5, "script_kilobytes": 8}
# One request more: the script of a form tells the server at once that the user has it open.
FORM = {**RECORD, "requests": 6}
# The form of a record with files has the script that uploads them as well.
NEW_WITH_FILES = {**RECORD, "script_kilobytes": 9}
HOME = {"kilobytes": 40, "requests": 6, "script_kilobytes": 8}

# The files that the page fetched from the network instead of the cache, without the page itself.
FETCHED = """performance.getEntriesByType('resource')
    .filter(each => each.transferSize > 0).map(each => each.name)"""

CostOf = Callable[[str], Cost]


@pytest.mark.parametrize("role", [None])
def test_pages_for_logged_out_users_are_within_budget(cost_of: CostOf, role: str | None) -> None:
    for path in ("/login", "/register"):
        cost_of(path).assert_within(**LOGIN)


@pytest.mark.parametrize("role", ["admin"])
def test_lists_are_within_budget(cost_of: CostOf, role: str) -> None:
    for path in ("products/", "products/?q=a&status=active&sort=-price", "categories/", "users/", "history/"):
        cost_of(f"/admin/{path}").assert_within(**LIST)


@pytest.mark.parametrize("role", ["owner"])
def test_trash_and_revert_pages_are_within_budget(cost_of: CostOf, server: Console, role: str) -> None:
    with server.database():
        trash_products(range(1, 41))
    cost_of("/admin/trash/").assert_within(**LIST)
    for path in ("details/?id=1", "restore/?id=1", "purge/?id=1"):
        cost_of(f"/admin/trash/{path}").assert_within(**RECORD)
    cost_of("/admin/revert/?set=2").assert_within(**LIST)


@pytest.mark.parametrize("role", ["admin"])
@pytest.mark.parametrize("screen_of", ["products", "categories", "users"])
def test_pages_of_a_record_are_within_budget(cost_of: CostOf, role: str, screen_of: str) -> None:
    for path in ("details/?id=1", "delete/?id=1", "history/?id=1"):
        cost_of(f"/admin/{screen_of}/{path}").assert_within(**RECORD)
    cost_of(f"/admin/{screen_of}/new/").assert_within(**NEW_WITH_FILES if screen_of == "products" else RECORD)
    cost_of(f"/admin/{screen_of}/edit/?id=1").assert_within(**FORM)


@pytest.mark.parametrize("role", ["admin"])
def test_home_profile_and_change_set_are_within_budget(cost_of: CostOf, role: str) -> None:
    cost_of("/admin/").assert_within(**HOME)
    cost_of("/profile").assert_within(**RECORD)
    cost_of("/admin/history/details/?id=1").assert_within(**LIST)


@pytest.mark.parametrize("role", ["viewer"])
def test_second_page_fetches_nothing_but_itself(page: Page, role: str) -> None:
    page.goto("/admin/products/")
    with page.expect_event("load"):
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Categories").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Categories")
    assert page.evaluate(FETCHED) == []
