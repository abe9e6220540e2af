"""Reverting from the history: one field, a change or a change set, each after a preview."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import trash_products
from e2e.catalogue import product_id, products, trashed_id
from e2e.pages.detail import ProductDetailPage
from e2e.pages.history import HistoryPage, TimelinePage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.revert import RevertPage, SetBackPage
from e2e.pages.trash import TrashedProductPage
from e2e.server import Console, email_of

SET_BACK = "Product “Oak Lamp”: Price set back to 79.90 EUR."
DONE = "Reverted. 1 product restored."
LAMP, EDITED = "product “Oak Lamp”", "Edited product “Oak Lamp”"


@pytest.fixture
def lamp(server: Console) -> int:
    return product_id(server, "Oak Lamp")


@pytest.fixture
def edited(page: Page, lamp: int) -> TimelinePage:
    """The history of the lamp after its price and stock were changed."""
    ProductFormPage(page).edit(lamp).fill(price="84.50", stock="3").save_button.click()
    ProductListPage(page).expect_open()
    return TimelinePage(page).open_of("products", lamp)


def now(server: Console, lamp: int) -> tuple[str, int]:
    (row,) = (each for each in products(server) if each["id"] == lamp)
    return f"{row['price']:.2f}", row["stock"]


def test_single_field_is_set_back_after_a_preview(
    page: Page, server: Console, edited: TimelinePage, lamp: int
) -> None:
    question = SetBackPage(page).ask(f"Set back to 27: Stock, {EDITED}").expect_asks(f"Stock of {LAMP}")
    question.expect_preview("Stock", "3", "27")
    expect(question.warning).to_have_count(0)
    assert now(server, lamp) == ("84.50", 3)
    question.button("27").click()
    question.flashes.expect_only("Product “Oak Lamp”: Stock set back to 27.", "success")
    expect(edited.entries.get_by_role("heading")).to_have_text(["Reverted", "Edited", "Created"])
    edited.expect_change("Stock", "3", "27")
    ProductDetailPage(page).open_id(lamp).expect_fact("Stock", "27").expect_fact("Price", "84.50 EUR")


def test_whole_change_is_reverted_and_undo_restores_it(
    page: Page, server: Console, edited: TimelinePage, lamp: int
) -> None:
    question = RevertPage(page).ask(f"Revert: {EDITED}").expect_asks(LAMP)
    question.expect_change("Price", "84.50 EUR", "79.90 EUR").expect_change("Stock", "3", "27")
    question.revert().flashes.expect_only(DONE, "success")
    assert now(server, lamp) == ("79.90", 27)
    edited.flashes.undo().expect_only("Undone. 1 product restored.", "success")
    expect(edited.entries.get_by_role("heading").first).to_have_text("Undone")
    assert now(server, lamp) == ("84.50", 3)


def test_bulk_change_is_reverted_from_its_page(page: Page, server: Console) -> None:
    before = [each["stock"] for each in products(server)]
    with server.database():
        change_products(range(1, 31), lambda row: {"stock": row["stock"] + 1000})
    history = HistoryPage(page).open().follow("Edited 30 products")
    RevertPage(page).ask("Revert: Edited 30 products").expect_asks("change no. 2").revert()
    history.flashes.expect_only("Reverted. 30 products restored.", "success")
    expect(history.facts).to_contain_text("Reverted by")
    assert [each["stock"] for each in products(server)] == before


def test_cancel_reverts_nothing_and_leads_back_to_the_history(
    page: Page, server: Console, edited: TimelinePage, lamp: int
) -> None:
    RevertPage(page).ask(f"Revert: {EDITED}").expect_asks(LAMP).cancel_link.click()
    expect(edited.heading).to_have_text(f"History of {LAMP}")
    assert now(server, lamp) == ("84.50", 3)


def test_field_changed_since_is_named_and_kept(
    page: Page, server: Console, edited: TimelinePage, lamp: int
) -> None:
    with server.database() as session:
        session.get_one(Product, lamp).stock = 5
    question = RevertPage(page).ask(f"Revert: {EDITED}")
    question.expect_refused("Product “Oak Lamp” has since been changed: Stock.")
    expect(question.obstacles).to_be_focused()
    question.back_link.click()
    SetBackPage(page).ask(f"Set back to 79.90 EUR: Price, {EDITED}").button("79.90 EUR").click()
    question.flashes.expect_only(SET_BACK, "success")
    assert now(server, lamp) == ("79.90", 5)


def test_field_changed_since_is_set_back_after_a_warning(
    page: Page, server: Console, edited: TimelinePage, lamp: int
) -> None:
    ProductFormPage(page).edit(lamp).fill(price="90").save_button.click()
    ProductListPage(page).expect_open()
    edited.open_of("products", lamp)
    question = SetBackPage(page).ask(f"Set back to 79.90 EUR: Price, {EDITED}")
    expect(question.warning).to_contain_text("Price has been changed since")
    expect(question.warning.get_by_role("listitem")).to_contain_text(email_of("editor"))
    expect(question.warning.get_by_role("deletion")).to_have_text("84.50 EUR")
    expect(question.warning.get_by_role("insertion")).to_have_text("90.00 EUR")
    question.expect_preview("Price", "90.00 EUR", "79.90 EUR").button("79.90 EUR").click()
    question.flashes.expect_only(SET_BACK, "success")
    expect(edited.heading).to_have_text(f"History of {LAMP}")
    assert now(server, lamp) == ("79.90", 3)
    edited.flashes.undo().expect_only("Undone. 1 product restored.", "success")
    assert now(server, lamp) == ("90.00", 3)


def test_field_is_set_back_without_javascript(
    page_without_javascript: Page, server: Console, edited: TimelinePage, lamp: int
) -> None:
    page = page_without_javascript
    TimelinePage(page).open_of("products", lamp)
    SetBackPage(page).ask(f"Set back to 79.90 EUR: Price, {EDITED}").button("79.90 EUR").click()
    TimelinePage(page).flashes.expect_only(SET_BACK, "success")
    assert now(server, lamp) == ("79.90", 3)


def test_field_changed_while_the_question_is_open_stops_reverting(
    page: Page, server: Console, edited: TimelinePage, lamp: int
) -> None:
    question = RevertPage(page).ask(f"Revert: {EDITED}").expect_asks(LAMP)
    with server.database() as session:
        session.get_one(Product, lamp).stock = 5
    question.revert().flashes.expect_only(
        "Nothing was reverted: “Oak Lamp” has since been changed: Stock.", "error"
    )
    expect(edited.flashes.undo_button).to_have_count(0)
    assert now(server, lamp) == ("84.50", 5)


def test_reverting_a_deletion_restores_the_product(page: Page, server: Console, lamp: int) -> None:
    with server.database():
        trash_products([lamp])
    TimelinePage(page).open_of("products", lamp)
    question = RevertPage(page).ask(f"Revert: Deleted {LAMP}").expect_asks(LAMP)
    question.expect_steps(f"Restore {LAMP}").revert().flashes.expect_only(DONE, "success")
    ProductDetailPage(page).open_id(lamp).expect_record("Oak Lamp")
    expect(page).to_have_url(f"/admin/products/details/?id={lamp}")


def test_reverting_a_creation_moves_the_product_to_the_trash(page: Page, server: Console) -> None:
    form = ProductFormPage(page).new().fill(name="Stool", sku="STL-1", price="9")
    form.create_button.click()
    ProductListPage(page).expect_open()
    key = product_id(server, "Stool")
    TimelinePage(page).open_of("products", key)
    question = RevertPage(page).ask("Revert: Created product “Stool”")
    question.expect_steps("Delete product “Stool”").revert().flashes.expect_only(
        "Reverted. 1 product deleted.", "success"
    )
    TrashedProductPage(page).open_id(trashed_id(server, "Stool")).expect_record("Stool")


@pytest.mark.allow(status=403)
def test_viewer_is_offered_no_revert_and_is_refused(
    edited: TimelinePage, open_as: Callable[..., Page], lamp: int
) -> None:
    page = open_as("viewer")
    theirs = TimelinePage(page).open_of("products", lamp)
    theirs.expect_change("Stock", "27", "3")
    expect(page.get_by_role("link", name="Revert")).to_have_count(0)
    page.goto("/admin/revert/?set=2")
    expect(theirs.heading).to_have_text("No permission")


def test_reverting_works_by_keyboard_alone(
    page: Page, server: Console, edited: TimelinePage, lamp: int
) -> None:
    page.get_by_role("link", name=f"Set back to 27: Stock, {EDITED}").press("Enter")
    question = SetBackPage(page).expect_asks(f"Stock of {LAMP}")
    question.button("27").press("Enter")
    question.flashes.expect_only("Product “Oak Lamp”: Stock set back to 27.", "success")
    expect(edited.flashes.all).to_be_focused()
    page.keyboard.press("Tab")
    expect(edited.flashes.undo_button).to_be_focused()
    page.keyboard.press("Tab")
    expect(edited.flashes.close_button).to_be_focused()


def test_reverting_works_without_javascript(
    page_without_javascript: Page, server: Console, lamp: int
) -> None:
    page = page_without_javascript
    with server.database() as session:
        session.get_one(Product, lamp).stock = 3
    TimelinePage(page).open_of("products", lamp)
    question = RevertPage(page).ask(f"Revert: {EDITED}").expect_asks(LAMP).expect_change("Stock", "3", "27")
    question.revert().flashes.expect_only(DONE, "success").undo()
    question.flashes.expect_only("Undone. 1 product restored.", "success")
    assert now(server, lamp)[1] == 3
