"""A kind of record that a plug-in adds: made, edited in its cells, filtered, deleted and restored."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from e2e.components.cells import Cells
from e2e.own_kinds import CREDIT, Base, Supplier
from e2e.pages.suppliers import SupplierFormPage, SupplierListPage
from e2e.server import Console

OAK, ELM = "Oak & Sons", "Elm <i>"
LOOKS = (
    "row => [...row.cells].map(e => [e.className, e.innerText, e.querySelector('time')?.dateTime ?? null])"
)


@pytest.fixture
def console(console_of: Callable[..., Console]) -> Console:
    """A console with the plug-in and two suppliers."""
    console = console_of("e2e.own_kinds", Base)
    with console.database() as session:
        called = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
        session.add(Supplier(name=OAK, city="Bonn", since=date(2026, 1, 31), called=called))
        session.add(Supplier(name=ELM, terms="LATER"))
    return console


@pytest.fixture
def visit(console: Console, page_at: Callable[..., Page]) -> Callable[..., Page]:
    """`visit()` is a page of an editor at this console; takes the options of a context."""
    return partial(page_at, console)


def elsewhere(console: Console, **values: Any) -> None:
    """Change both suppliers as another program would."""
    with console.database() as session:
        session.connection().execute(update(Supplier.__table__).values(**values))


def test_own_record_is_created_filtered_deleted_and_restored(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/admin/products/")
    page.get_by_role("navigation").get_by_role("link", name="Suppliers", exact=True).first.click()
    listed = SupplierListPage(page).expect_open()
    listed.new_button.click()
    form = SupplierFormPage(page).fill(name="Ash", city="Rome", state="New").choose(terms="Later")
    form.create_button.click()
    listed.expect_open().flashes.expect_only("Supplier “Ash” created.", "success")
    listed.filters.open().tick("Later").apply()
    listed.filters.expect_chips("Terms: Later")
    listed.table.expect_names("Ash", ELM)
    listed.table.delete("Ash")
    listed.dialog.expect_asks("Delete Ash?").confirm("Delete supplier")
    listed.expect_open().flashes.expect_only("Supplier “Ash” deleted.", "success")
    listed.table.expect_names(ELM)
    listed.flashes.undo().expect_only("Undone. 1 supplier restored.", "success")
    listed.table.expect_names("Ash", ELM)


def test_cells_of_every_sort_are_edited_by_keyboard_alone(visit: Callable[..., Page]) -> None:
    page = visit()
    SupplierListPage(page).open()
    cells = Cells(page)
    steps = (
        ("city", "Bonn", " <b>Köln</b>", "<b>Köln</b>"),
        ("credit", "", "-1234.5", "-1,234.50"),
        ("since", "2026-01-31", "2026-02-01", "1 Feb 2026"),
        ("called UTC", "2026-03-31 09:30", "2027-04-01 08:00", "1 Apr 2027"),
        ("state", "", "Good", "Good"),
        ("state", "Good", "", "—"),
        ("called UTC", "2027-04-01 08:00", "", "—"),
        ("credit", "-1234.50", "7", "7.00"),
    )
    for column, held, typed, shown in steps:
        cells.cell(column, OAK).press("Enter")
        expect(cells.field).to_have_value(held)
        cells.type(typed)
        expect(cells.dialog).to_have_count(0)
        expect(cells.cell(column, OAK)).to_have_text(shown)
        expect(cells.cell(column, OAK)).to_be_focused()
    page.reload()
    for column, shown in (
        ("city", "<b>Köln</b>"),
        ("credit", "7.00"),
        ("since", "1 Feb 2026"),
        ("called UTC", "—"),
    ):
        expect(cells.cell(column, OAK)).to_have_text(shown)


def test_saved_cell_looks_like_the_list_after_a_reload(visit: Callable[..., Page]) -> None:
    page = visit()
    SupplierListPage(page).open()
    cells = Cells(page)
    for column, typed in (("credit", "5"), ("called UTC", "2027-04-01 08:00"), ("since", "")):
        cells.open(column, OAK).type(typed)
        expect(cells.dialog).to_have_count(0)
    row = SupplierListPage(page).table.row(OAK)
    saved = row.evaluate(LOOKS)
    page.reload()
    expect(cells.cell("credit", OAK)).to_be_visible()
    assert row.evaluate(LOOKS) == saved
    assert saved[3] == ["number", "5.00", None]


def test_choice_is_cleared_in_its_cell(visit: Callable[..., Page]) -> None:
    page = visit()
    SupplierListPage(page).open()
    cells = Cells(page).open("terms", ELM)
    expect(cells.dialog.get_by_role("radio", name="Later")).to_be_checked()
    cells.choose("Not set")
    expect(cells.cell("terms", ELM)).to_have_text("—")
    expect(cells.saved).to_have_text(f"Terms of {ELM} saved: blank")
    cells.open("terms", ELM)
    expect(cells.dialog.get_by_role("radio", name="Not set")).to_be_checked()


def test_long_text_is_edited_in_the_form(visit: Callable[..., Page], console: Console) -> None:
    elsewhere(console, state="One\nTwo")
    page = visit()
    SupplierListPage(page).open()
    Cells(page).cell("state", OAK).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Edit {OAK}")
    SupplierFormPage(page).expect_values(state="One\nTwo")


@pytest.mark.allow(status=409)
def test_conflict_with_another_program_is_decided_in_the_cell(
    visit: Callable[..., Page], console: Console
) -> None:
    page = visit()
    SupplierListPage(page).open()
    cells = Cells(page)
    elsewhere(console, city=None)
    cells.open("city", OAK).type("Rome").expect_problem("Another user changed this to blank.", "Rome")
    cells.save_anyway.click()
    cells.expect_saved("City", OAK, "Rome")


@pytest.mark.allow(status=422)
def test_rule_of_the_plug_in_is_told_in_cell_and_form(visit: Callable[..., Page]) -> None:
    page = visit()
    SupplierListPage(page).open()
    cells = Cells(page).open("credit", ELM).type("5").expect_problem(CREDIT, "5")
    cells.cancel.click()
    SupplierListPage(page).table.edit(ELM)
    form = SupplierFormPage(page).fill(credit="5")
    form.save_button.click()
    expect(form.error_summary.get_by_role("listitem")).to_have_text(f"Credit: {CREDIT}")
    form.fill(city="Ulm").save_button.click()
    SupplierListPage(page).expect_open().flashes.expect_only(f"Supplier “{ELM}” saved.", "success")


def test_own_record_needs_no_script(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    SupplierListPage(page).open().table.edit(OAK)
    SupplierFormPage(page).fill(city="Rome").save_button.click()
    listed = SupplierListPage(page).expect_open()
    expect(listed.table.row(OAK).get_by_role("cell", name="Rome", exact=True)).to_be_visible()
