"""Moments of an own record in the zone of the browser: in the form, in a cell, after a way back."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from e2e.components.cells import Cells
from e2e.own_kinds import Base, Supplier
from e2e.pages.suppliers import SupplierFormPage, SupplierListPage
from e2e.server import Console

OAK = "Oak & Sons"


@pytest.fixture
def page(console_of: Callable[..., Console], page_at: Callable[..., Page]) -> Page:
    """A page of an editor in Berlin, at a console with one supplier."""
    console = console_of("e2e.own_kinds", Base)
    with console.database() as session:
        session.add(Supplier(name=OAK, city="Bonn", called=datetime(2026, 3, 31, 9, 30, tzinfo=UTC)))
    page = page_at(console)
    berlin = {"name": "browser_zone", "value": "Europe/Berlin", "url": console.url}
    page.context.add_cookies([berlin])  # type: ignore[list-item]
    return page


def test_hour_that_clocks_show_twice_is_asked_for(page: Page) -> None:
    form = SupplierFormPage(page).edit(1).expect_values(called="2026-03-31 11:30")
    expect(page.get_by_text("Time zone: Europe/Berlin.")).to_be_visible()
    form.fill(called="2026-10-25 02:30").save_button.click()
    both = "Type 2026-10-25 02:30+02:00 for the first, or 2026-10-25 02:30+01:00 for the second."
    expect(form.error_summary).to_contain_text(both)
    form.expect_values(called="2026-10-25 02:30").fill(called="2026-10-25 02:30+01:00").save_button.click()
    moment = SupplierListPage(page).expect_open().table.row(OAK).get_by_role("time")
    expect(moment).to_have_attribute("title", "25 Oct 2026, 01:30 UTC")
    SupplierFormPage(page).edit(1).expect_values(called="2026-10-25 02:30+01:00")


def test_cell_is_edited_in_the_zone(page: Page) -> None:
    listed = SupplierListPage(page).open()
    cells = Cells(page)
    cells.cell("called", OAK).press("Enter")
    expect(cells.field).to_have_value("2026-03-31 11:30")
    cells.type("2026-06-01 00:30")
    expect(cells.dialog).to_have_count(0)
    for _ in range(2):
        moment = listed.table.row(OAK).get_by_role("time")
        expect(moment).to_have_text("1 Jun 2026")
        expect(moment).to_have_attribute("title", "31 May 2026, 22:30 UTC")
        page.reload()


def test_typed_time_is_there_after_a_way_back(page: Page) -> None:
    form = SupplierFormPage(page).edit(1).fill(called="2026-06-01 00:30")
    page.get_by_label("City").focus()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    form.expect_values(called="2026-06-01 00:30")
    form.save_button.click()
    moment = SupplierListPage(page).expect_open().table.row(OAK).get_by_role("time")
    expect(moment).to_have_attribute("title", "31 May 2026, 22:30 UTC")
