"""Imports in a browser: the whole path, by file and by paste, with and without scripts, and back."""

from collections.abc import Callable, Iterator
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import products
from e2e.components.flashes import Flashes
from e2e.keyboard import press, tab_to
from e2e.pages.login import LoginPage
from e2e.pages.product_import import ProductImport
from e2e.server import Console, ServerClock, email_of
from e2e.workers import waiting_in_the_middle, work, working

FILE = "sku,name,price,stock\nLMP-0001,Brass Arc Floor Lamp,250.00,14\nNEW-1,Garden Lamp,12.50,3\n"
BAD = f"{FILE}NEW-2,Porch Lamp,cheap,1\n"


def names(server: Console) -> set[str]:
    """The names of all products."""
    return {each["name"] for each in products(server)}


@pytest.fixture
def going(server: Console) -> Iterator[Event]:
    """Imports wait amid their work until this event is set."""
    with waiting_in_the_middle(server, "import") as go_on:
        yield go_on


def test_file_whose_header_matches_takes_three_buttons(page: Page, server: Console) -> None:
    page.goto("/admin/products/")
    page.get_by_role("link", name="Import…").click()
    pages = ProductImport(page).choose(FILE)
    with working(server):
        pages.press("Upload").press("Check")
        pages.expect_count("New", 1)
        pages.expect_count("Changed", 1)
        expect(page.get_by_role("row", name="Price 249.00 250.00")).to_be_visible()
        pages.press("Import all 2 rows")
        expect(page.get_by_text("1 product created, 1 changed.")).to_be_visible()
    assert "Garden Lamp" in names(server)
    page.get_by_role("link", name="Show in history").click()
    expect(page.get_by_text("Import of products.csv")).to_be_visible()


def test_pasted_rows_are_imported_by_keyboard_alone(page: Page, server: Console) -> None:
    pages = ProductImport(page).open()
    tab_to(pages.text)
    page.evaluate(
        "text => document.activeElement.value = text", "SKU\tName\tPrice\nNEW-9\tStable Lamp\t9,50\n"
    )
    press(page.get_by_role("button", name="Upload"))
    tab_to(page.get_by_role("combobox", name="Price"))
    tab_to(page.get_by_role("radio", name="1.234,50"))
    expect(page.get_by_role("radio", name="1.234,50")).to_be_checked()
    press(page.get_by_role("button", name="Check"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Check of Pasted rows")
    work(server)
    press(page.get_by_role("button", name="Import the row"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Import of Pasted rows")
    work(server)
    expect(page.get_by_text("1 product created.")).to_be_visible()
    assert "Stable Lamp" in names(server)


def test_import_works_without_scripts(page_without_javascript: Page, server: Console) -> None:
    page = page_without_javascript
    pages = ProductImport(page).upload(FILE).press("Check")
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    work(server)
    page.get_by_role("link", name="Refresh").click()
    pages.press("Import all 2 rows")
    work(server)
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_text("1 product created, 1 changed.")).to_be_visible()
    page.get_by_role("link", name="Undo import").click()
    pages.press("Undo import")
    work(server)
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_text("2 products undone.")).to_be_visible()
    assert "Garden Lamp" not in names(server)


def test_bar_moves_and_a_cancelled_import_leaves_nothing(page: Page, server: Console, going: Event) -> None:
    pages = ProductImport(page).upload(FILE).press("Check")
    with working(server):
        pages.press("Import all 2 rows")
        expect(page.get_by_text("10 of 40")).to_be_visible()
        expect(pages.progress).to_have_js_property("value", 10)
        pages.press("Cancel job")
        expect(page.get_by_text("Cancelled.").first).to_be_visible()
    assert "Garden Lamp" not in names(server)
    expect(page.get_by_role("heading", level=1)).to_have_text("Import of products.csv")


def test_refused_rows_are_mended_and_uploaded_again(page: Page, server: Console) -> None:
    pages = ProductImport(page)
    with working(server):
        pages.upload(BAD).press("Check")
        expect(page.get_by_role("row", name="4 Price: Enter a price")).to_be_visible()
        pages.press("Import the good rows")
        expect(page.get_by_text("1 product created, 1 changed, 1 refused.")).to_be_visible()
        refused = pages.downloaded("Download refused rows").read_text("utf-8-sig")
        assert refused.splitlines()[0] == "sku,name,price,stock,Error"
        pages.upload(refused.replace("cheap", "5")).press("Check").press("Import the row")
        expect(page.get_by_text("1 product created.")).to_be_visible()
    assert {"Garden Lamp", "Porch Lamp"} <= names(server)


def test_import_is_undone_after_a_question_in_a_dialog(page: Page, server: Console) -> None:
    before = products(server)
    pages = ProductImport(page)
    with working(server):
        pages.upload(FILE).press("Check").press("Import all 2 rows")
        page.get_by_role("link", name="Undo import").click()
        dialog = page.get_by_role("dialog", name="Undo the import of products.csv?")
        dialog.get_by_role("button", name="Undo import").click()
        expect(page.get_by_text("2 products undone.")).to_be_visible()
    assert [each["price"] for each in products(server)] == [each["price"] for each in before]


def test_two_imports_at_once_do_not_disturb_each_other(
    page: Page, server: Console, page_at: Callable[..., Page]
) -> None:
    other = page_at(server, "admin")
    tabs = [ProductImport(page), ProductImport(other)]
    for tab, name in zip(tabs, ("First", "Second"), strict=True):
        tab.upload(f"sku,name,price\n{name},{name} Lamp,1\n").press("Check")
    with working(server):
        for tab in tabs:
            tab.press("Import the row")
        for tab in tabs:
            expect(tab.page.get_by_text("1 product created.")).to_be_visible()
    assert {"First Lamp", "Second Lamp"} <= names(server)


def test_back_after_an_import_leads_to_it_and_not_to_a_second_one(page: Page, server: Console) -> None:
    pages = ProductImport(page)
    with working(server):
        pages.upload(FILE).press("Check").press("Import all 2 rows")
        expect(page.get_by_text("1 product created, 1 changed.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Import all 2 rows")).to_have_count(0)
    page.get_by_role("link", name="Show the import").click()
    expect(page.get_by_text("1 product created, 1 changed.")).to_be_visible()


def test_pasted_rows_are_back_after_logging_in_again(
    page: Page, server: Console, server_clock: ServerClock
) -> None:
    pages = ProductImport(page).open()
    pages.text.fill("sku\tname\tprice\nNEW-7\tLate Lamp\t1\n")
    server_clock.advance(hours=9)
    pages.press("Upload")
    LoginPage(page).expect_open().log_in(email_of("editor"))
    expect(pages.text).to_have_value("sku\tname\tprice\nNEW-7\tLate Lamp\t1\n")
    pages.press("Upload")
    expect(page.get_by_role("heading", level=1)).to_have_text("Columns of Pasted rows")


def test_draft_is_found_again_among_the_jobs(page: Page) -> None:
    ProductImport(page).upload(FILE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Columns of products.csv")
    page.goto("/admin/jobs/")
    expect(page.get_by_role("row", name="Check of products.csv Draft")).to_be_visible()
    page.get_by_role("link", name="Check of products.csv").click()
    page.get_by_role("link", name="Go on with the import").click()
    ProductImport(page).press("Give up")
    Flashes(page).expect_only("Given up. Nothing was changed.", "success")


def test_file_that_is_dropped_on_the_page_is_uploaded(page: Page) -> None:
    pages = ProductImport(page).open()
    dropped = page.evaluate_handle(
        """text => {
            const held = new DataTransfer();
            held.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }));
            return held;
        }""",
        FILE,
    )
    page.get_by_role("main").dispatch_event("dragover", {"dataTransfer": dropped})
    page.get_by_role("main").dispatch_event("drop", {"dataTransfer": dropped})
    expect(pages.file).to_be_focused()
    pages.press("Upload")
    expect(page.get_by_role("heading", level=1)).to_have_text("Columns of dropped.csv")


def test_number_options_appear_only_where_a_number_is_filled(page: Page) -> None:
    pages = ProductImport(page).upload(FILE)
    numbers = page.get_by_role("group", name="The file writes numbers like")
    expect(numbers).to_be_visible()
    for column in ("price", "stock"):
        pages.field_of(column).select_option("Leave out")
    expect(numbers).to_be_hidden()
