"""Times in the zone of the browser, or in the one that is chosen in the profile."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from dashboard.extensions import db
from dashboard.testing.catalogue import a_product
from dashboard.testing.harness.browsing import NewContext
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage
from e2e.pages.register import RegisterPage
from e2e.server import Console, email_of

NAME = "Midnight Lamp"
EXACT = "28 Mar 2026, 23:30 UTC"
DAYS = {"Europe/Berlin": "29 Mar 2026", "America/New_York": "28 Mar 2026"}
DETAIL = {"Europe/Berlin": "29 Mar 2026, 00:30", "America/New_York": "28 Mar 2026, 19:30"}


@pytest.fixture(autouse=True)
def _lamp(server: Console) -> None:
    """A product that was created when it was the next day in Berlin."""
    with server.database():
        a_product(NAME, sku="MID-1", created_at=datetime(2026, 3, 28, 23, 30, tzinfo=UTC))
        db.session.flush()


def log_in(page: Page) -> ProductListPage:
    """Log in by the form, and open the list with the product."""
    LoginPage(page).open().log_in(email_of("editor"))
    products = ProductListPage(page).expect_open()
    products.open("?q=midnight&column=name&column=created")
    return products


@pytest.mark.parametrize("zone", DAYS)
def test_list_page_and_filter_are_in_the_zone_of_the_browser(new_context: NewContext, zone: str) -> None:
    page = new_context(timezone_id=zone).new_page()
    products = log_in(page)
    moment = products.table.row(NAME).get_by_role("time")
    expect(moment).to_have_text(DAYS[zone])
    expect(moment).to_have_attribute("title", EXACT)
    expect(page.get_by_role("columnheader", name="Created", exact=True)).to_be_visible()
    products.table.link(NAME).click()
    expect(page.get_by_role("region", name="Facts")).to_contain_text(DETAIL[zone])
    for day in ("2026-03-28", "2026-03-29"):
        products.open(f"?q=midnight&created_from={day}&created_to={day}")
        there = datetime.strptime(DAYS[zone], "%d %b %Y").strftime("%Y-%m-%d") == day  # noqa: DTZ007 - a day
        expect(products.table.link(NAME)).to_have_count(1 if there else 0)
    by_days = page.get_by_text(f"Days in {zone.replace('_', ' ')};")
    expect(by_days).to_have_count(2)  # when they were created, and last changed


def test_profile_chooses_another_zone_and_the_browser_s_again(new_context: NewContext) -> None:
    page = new_context(timezone_id="America/New_York").new_page()
    products = log_in(page)
    profile = ProfilePage(page)
    for label, shown in (
        ("Europe/Berlin", "29 Mar 2026"),
        ("This browser's: America/New York", "28 Mar 2026"),
        ("UTC", "28 Mar 2026"),
    ):
        profile.open().zone.select_option(label=label)
        profile.save.click()
        profile.flashes.expect_only("Profile saved.", "success")
        expect(profile.zone.locator("option:checked")).to_have_text(label)
        products.open("?q=midnight&column=name&column=created")
        expect(products.table.row(NAME).get_by_role("time")).to_have_text(shown)
    expect(page.get_by_role("columnheader", name="Created UTC")).to_be_visible()


def test_without_javascript_times_are_in_utc_and_say_so(new_context: NewContext) -> None:
    page = new_context(timezone_id="Europe/Berlin", java_script_enabled=False).new_page()
    products = log_in(page)
    expect(products.table.row(NAME).get_by_role("time")).to_have_text("28 Mar 2026")
    expect(page.get_by_role("columnheader", name="Created UTC")).to_be_visible()
    products.table.link(NAME).click()
    expect(page.get_by_role("region", name="Facts")).to_contain_text(EXACT)


def test_user_who_registers_sees_the_zone_of_the_browser(new_context: NewContext) -> None:
    page = new_context(timezone_id="Asia/Tokyo").new_page()
    RegisterPage(page).open().register("tokyo@example.test")
    ProductListPage(page).expect_open()
    profile = ProfilePage(page).open()
    expect(profile.zone.locator("option:checked")).to_have_text("This browser's: Asia/Tokyo")
