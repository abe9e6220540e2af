"""The reason that an editor gives for a change, and where it is demanded."""

import pytest
from playwright.sync_api import Page, expect

from dashboard.registry import REGISTRY
from e2e.catalogue import product_id, products
from e2e.pages.history import HistoryPage, TimelinePage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

WHY = "The supplier raised prices"
MISSING = "Enter a reason for this change."


@pytest.fixture
def lamp(server: Console) -> int:
    return product_id(server, "Oak Lamp")


@pytest.fixture
def demanding(server: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console whose changes of products need a reason."""
    declared = server.app.extensions[REGISTRY]["products"]
    monkeypatch.setitem(declared.__dict__, "reason_required", True)
    return server


def test_reason_is_shown_and_found_in_the_history(page: Page, lamp: int) -> None:
    form = ProductFormPage(page).edit(lamp).fill(price="84.50")
    page.get_by_label("Reason").fill(WHY)
    form.save_button.click()
    ProductListPage(page).expect_open()
    timeline = TimelinePage(page).open_of("products", lamp)
    expect(timeline.entries.first).to_contain_text(WHY)
    history = HistoryPage(page).open()
    history.filters.search("supplier raised")
    expect(history.table.names).to_have_count(1)
    expect(history.table.names).to_contain_text(f"“{WHY}”")
    history.follow("Edited product “Oak Lamp”")
    expect(history.facts).to_contain_text(WHY)


def test_demanded_reason_is_asked_for_beside_its_input(page: Page, demanding: Console, lamp: int) -> None:
    form = ProductFormPage(page).edit(lamp).fill(price="84.50")
    form.save_button.click()
    field = page.get_by_label("Reason")
    expect(field).to_have_accessible_description(f"The history shows it. {MISSING}")
    expect(page.get_by_label("Price")).to_have_value("84.50")
    field.fill(WHY)
    form.save_button.click()
    ProductListPage(page).expect_open()
    assert [f"{each['price']:.2f}" for each in products(demanding) if each["id"] == lamp] == ["84.50"]


def test_list_has_no_cells_to_edit_where_a_reason_is_demanded(page: Page, demanding: Console) -> None:
    ProductListPage(page).open("?q=oak+lamp")
    expect(page.get_by_role("link", name="Oak Lamp", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Edit price of Oak Lamp")).to_have_count(0)


def test_reason_of_a_deletion_is_asked_for_without_javascript(
    page_without_javascript: Page, demanding: Console, lamp: int
) -> None:
    page = page_without_javascript
    page.goto(f"/admin/products/delete/?id={lamp}")
    page.get_by_label("Reason").fill(WHY)
    page.get_by_role("button", name="Delete product").click()
    timeline = TimelinePage(page).open_of("products", lamp)
    expect(timeline.entries.first).to_contain_text(WHY)
