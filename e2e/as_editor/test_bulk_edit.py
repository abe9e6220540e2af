"""Editing many products at once: a form, a preview, the edit and its undo."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from dashboard.admin.features import bulk_job
from dashboard.admin.kit import bulk
from dashboard.catalogue.models import Product
from dashboard.history.models import ChangeSet
from e2e.catalogue import product_id, products
from e2e.pages.bulk_edit import BulkEditPage
from e2e.pages.history import HistoryPage
from e2e.pages.login import LoginPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console, ServerClock, email_of
from e2e.workers import working

LAMPS = ("Oak Lamp", "Salt Crystal Lamp")


def editing(page: Page, *names: str) -> BulkEditPage:
    listed = ProductListPage(page).open("?q=lamp&sort=name")
    listed.table.select(*(names or LAMPS))
    listed.bulk_bar.choose("Edit…")
    return BulkEditPage(page)


def prices(server: Console) -> dict[str, Decimal]:
    return {each["name"]: each["price"] for each in products(server) if each["name"] in LAMPS}


def stocks(server: Console) -> dict[str, int]:
    return {each["name"]: each["stock"] for each in products(server)}


def test_bulk_edit_raises_prices_after_a_preview_and_undo_restores_them(page: Page, server: Console) -> None:
    before = prices(server)
    form = editing(page).expect_asks("Edit 2 products")
    form.choose(Price="Increase by %", Rounding="Multiples of 0.10")
    form.fill("Amount or percent", "10").fill("Reason", "Autumn").preview()
    form.expect_asks("Edit 2 products: preview").expect_outcome(2, 0, 0)
    form.expect_change("Oak Lamp", "Price", "79.90 EUR", "87.90 EUR")
    assert prices(server) == before
    form.apply("Change 2 products")
    listed = ProductListPage(page).expect_open()
    listed.flashes.expect_only("2 products changed.", "success")
    expect(page).to_have_url("/admin/products/?q=lamp&sort=name")
    assert prices(server)["Oak Lamp"] == Decimal("87.90")
    listed.flashes.undo().expect_only("Undone. 2 products restored.", "success")
    assert prices(server) == before
    history = HistoryPage(page).open().follow("Edited 2 products")
    expect(history.facts).to_contain_text("Autumn")


def test_word_is_replaced_in_many_names_after_a_preview(page: Page, server: Console) -> None:
    form = editing(page)
    name = page.get_by_role("group", name="Change the name")
    name.get_by_label("Find").fill("Lamp")
    name.get_by_label("New text").fill("Light")
    form.preview().expect_outcome(2, 0, 0)
    form.expect_change("Oak Lamp", "Name", "Oak Lamp", "Oak Light")
    form.apply("Change 2 products")
    listed = ProductListPage(page).expect_open()
    listed.flashes.expect_only("2 products changed.", "success")
    assert {"Oak Light", "Salt Crystal Light"} <= stocks(server).keys()
    listed.flashes.undo().expect_only("Undone. 2 products restored.", "success")
    assert {*LAMPS} <= stocks(server).keys()


def test_preview_pages_through_all_changes_and_back(page: Page) -> None:
    listed = ProductListPage(page).open("?sort=name")
    listed.table.select_all.check()
    listed.bulk_bar.offer.click()
    listed.bulk_bar.choose("Edit…")
    form = BulkEditPage(page).choose(Status="Archived").preview()
    first = form.sample.get_by_role("rowheader").first
    before = first.inner_text()
    expect(page.get_by_role("heading", name="Changes 1 to 25 of")).to_be_visible()
    page.get_by_role("button", name="Next changes").click()
    expect(page.get_by_role("heading", name="Changes 26 to 50 of")).to_be_visible()
    expect(first).not_to_have_text(before)
    page.get_by_role("button", name="Previous changes").click()
    expect(first).to_have_text(before)


def test_session_ending_during_a_bulk_edit_loses_nothing(
    page: Page, server: Console, server_clock: ServerClock
) -> None:
    form = editing(page).choose(Price="Set to").fill("Amount or percent", "12").fill("Reason", "Autumn")
    server_clock.advance(hours=9)
    form.preview()
    LoginPage(page).log_in(email_of("editor"))
    form.expect_asks("Edit 2 products")
    expect(page.get_by_label("Reason")).to_have_value("Autumn")
    form.preview().expect_outcome(2, 0, 0).apply("Change 2 products")
    listed = ProductListPage(page).expect_open()
    listed.flashes.expect_only("2 products changed.", "success")
    expect(page).to_have_url("/admin/products/?q=lamp&sort=name")
    assert set(prices(server).values()) == {Decimal("12.00")}


def test_every_way_out_leads_back_to_the_filtered_list(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    filtered = "/admin/products/?q=lamp&sort=name"
    editing(page).cancel.click()
    expect(page).to_have_url(filtered)
    editing(page).choose(Status="Draft").preview().expect_outcome(2, 0, 0).cancel.click()
    expect(page).to_have_url(filtered)
    form = editing(page).choose(Status="Draft").preview().expect_outcome(2, 0, 0)
    form.back_button.click()
    form.expect_asks("Edit 2 products").preview().expect_outcome(2, 0, 0).apply("Change 2 products")
    expect(page).to_have_url(filtered)


def test_skipped_products_are_listed_with_the_reason(page: Page, server: Console) -> None:
    key = product_id(server, "Salt Crystal Lamp")
    with server.database() as session:
        session.get_one(Product, key).stock = 5
    before = stocks(server)
    form = editing(page).choose(Stock="Subtract").fill("Quantity", "20").preview()
    form.expect_outcome(1, 0, 1)
    expect(form.failures).to_contain_text("Salt Crystal Lamp")
    expect(form.failures).to_contain_text("below zero.")
    form.apply("Change 1 product")
    ProductListPage(page).flashes.expect_only("1 product changed, 1 skipped.", "success")
    assert stocks(server) == {**before, "Oak Lamp": 7}  # the other is neither negative nor set to zero


def test_preview_lists_twenty_skipped_products_and_counts_the_rest(page: Page) -> None:
    listed = ProductListPage(page).open("?sort=name&size=25")
    listed.table.select_all.check()
    listed.bulk_bar.choose("Edit…")
    form = BulkEditPage(page).choose(Stock="Subtract").fill("Quantity", "99999").preview()
    form.expect_outcome(0, 0, 25)
    expect(form.failures.get_by_role("rowheader")).to_have_count(20)
    expect(page.get_by_text("and 5 more", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Change")).to_have_count(0)


def test_form_keeps_its_fields_after_an_error_and_a_preview(page: Page) -> None:
    form = editing(page).choose(Price="Decrease by %", Status="Draft")
    form.fill("Amount or percent", "x").fill("Reason", "Autumn").preview().expect_asks("Edit 2 products")
    expect(form.error_summary).to_be_focused()
    expect(page.get_by_label("Status")).to_have_value("draft")
    form.fill("Amount or percent", "50").preview().expect_outcome(2, 0, 0)
    expect(form.sample).to_contain_text("39.95 EUR")
    form.back_button.click()
    expect(page.get_by_label("Price", exact=True)).to_have_value("lower")
    expect(page.get_by_label("Amount or percent")).to_have_value("50")
    expect(page.get_by_label("Status")).to_have_value("draft")
    expect(page.get_by_label("Reason")).to_have_value("Autumn")


def test_product_changed_since_the_preview_stops_the_edit(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    form = editing(page).choose(Status="Draft").preview()
    form.expect_outcome(2, 0, 0)
    theirs = ProductFormPage(open_as("admin")).edit(product_id(server, "Oak Lamp")).fill(stock="1")
    theirs.save_button.click()
    ProductListPage(theirs.page).expect_open()
    form.apply("Change 2 products")
    ProductListPage(page).expect_open().flashes.expect_only(
        "“Oak Lamp” has changed since you opened this page. Nothing was changed. Review it and try again.",
        "error",
    )
    stored = {each["name"]: (each["status"].value, each["stock"]) for each in products(server)}
    assert stored["Oak Lamp"] == ("active", 1)
    assert stored["Salt Crystal Lamp"][0] == "archived"


def test_long_edit_is_a_job_that_goes_on_without_the_page_and_is_undone(
    page: Page, server: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MANY", 100)
    monkeypatch.setattr(bulk_job, "AT_ONCE", 50)
    before = stocks(server)
    listed = ProductListPage(page).open()
    listed.table.select_all.check()
    listed.bulk_bar.take_offer().choose("Edit…")
    form = BulkEditPage(page).choose(Stock="Add").fill("Quantity", "1").preview()
    form.expect_outcome(200, 0, 0).apply("Change 200 products")
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit 200 products")
    job = page.url
    page.goto("/admin/")
    with working(server):
        page.goto(job)
        expect(page.get_by_role("status").filter(has_text="200 products changed.")).to_be_visible()
        page.get_by_role("link", name="Undo").click()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("status").filter(has_text="200 products undone.")).to_be_visible()
    assert stocks(server) == before


def test_bulk_edit_works_by_keyboard_alone(page: Page, server: Console) -> None:
    before = stocks(server)
    listed = ProductListPage(page).open("?q=lamp&sort=name")
    for name in LAMPS:
        listed.table.row(name).get_by_role("checkbox").press("Space")
    listed.bulk_bar.tools.get_by_role("button", name="Edit…").press("Enter")
    form = BulkEditPage(page).expect_asks("Edit 2 products")
    page.get_by_label("Stock", exact=True).press("A")  # chooses Add, the first option with A
    page.keyboard.press("Tab")
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    expect(form.error_summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Quantity")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    form.expect_outcome(2, 0, 0)
    page.get_by_role("button", name="Change 2 products").press("Enter")
    listed.flashes.expect_only("2 products changed.", "success")
    expect(listed.flashes.all).to_be_focused()
    assert stocks(server) == {**before, **{name: before[name] + 1 for name in LAMPS}}


def test_double_click_on_change_edits_once(page: Page, server: Console) -> None:
    form = editing(page).choose(Stock="Add").fill("Quantity", "1").preview().expect_outcome(2, 0, 0)
    page.get_by_role("button", name="Change 2 products").dblclick()
    listed = ProductListPage(page).expect_open()
    listed.flashes.expect_only("2 products changed.", "success").undo_button.dblclick()
    form.flashes.expect_only("Undone. 2 products restored.", "success")
    with server.database() as session:
        assert session.scalar(select(func.count()).select_from(ChangeSet)) == 3  # with that of the sample


def test_second_tab_with_the_same_preview_changes_nothing(page: Page, server: Console) -> None:
    tabs = [page, page.context.new_page()]
    for tab in tabs:
        editing(tab).choose(Price="Increase by %").fill("Amount or percent", "10").preview()
        BulkEditPage(tab).expect_outcome(2, 0, 0)
    BulkEditPage(tabs[0]).apply("Change 2 products")
    ProductListPage(tabs[0]).flashes.expect_only("2 products changed.", "success")
    once = prices(server)
    BulkEditPage(tabs[1]).apply("Change 2 products")
    ProductListPage(tabs[1]).flashes.expect_only(
        "“Oak Lamp”, “Salt Crystal Lamp” have changed since you opened this page. "
        "Nothing was changed. Review it and try again.",
        "error",
    )
    assert prices(server) == once


def test_bulk_edit_works_without_javascript(new_context: object, server: Console) -> None:
    context: BrowserContext = new_context(  # type: ignore[operator]
        java_script_enabled=False, storage_state=server.storage_state("editor")
    )
    page = context.new_page()
    form = editing(page).choose(Stock="Add").fill("Quantity", "1").preview().expect_outcome(2, 0, 0)
    form.apply("Change 2 products")
    ProductListPage(page).flashes.expect_only("2 products changed.", "success").undo()
    ProductListPage(page).flashes.expect_only("Undone. 2 products restored.", "success")
