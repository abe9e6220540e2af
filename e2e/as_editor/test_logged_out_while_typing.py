"""A form left open overnight, whose session has ended when it is sent."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import product_id, products
from e2e.colleagues import OpenAs, conflicts, saved_by_a_colleague
from e2e.pages.login import LoginPage
from e2e.pages.merge import MergePage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console, ServerClock, email_of

LAMP = "Oak Lamp"
IS_BACK = "Your changes are back, but not saved yet."
TYPED = {"price": "85.00", "description": "Mine & <b>only</b> mine"}
EDITOR = email_of("editor")


def sent_late(page: Page, server: Console, clock: ServerClock) -> ProductFormPage:
    """Type, let the session end and save; the login page opens."""
    form = ProductFormPage(page).edit(product_id(server, LAMP)).fill(**TYPED).choose(status="Archived")
    clock.advance(hours=9)
    form.save_button.click()
    LoginPage(page).expect_open()
    return form


@pytest.mark.postgresql
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_typed_text_is_back_after_logging_in_until_saved(
    page: Page,
    page_without_javascript: Page,
    server: Console,
    server_clock: ServerClock,
    script: bool,
) -> None:
    tab = page if script else page_without_javascript
    form = sent_late(tab, server, server_clock)
    LoginPage(tab).log_in(EDITOR)
    for _ in range(2):
        expect(tab.get_by_role("status").filter(has_text=IS_BACK)).to_be_visible()
        form.expect_values(**TYPED, status="archived")
        tab.once("dialog", lambda dialog: dialog.accept())
        tab.reload()
    assert products(server)[product_id(server, LAMP) - 1]["price"] == Decimal("79.90")
    form.save_button.click()
    ProductListPage(tab).expect_open()
    stored = products(server)[product_id(server, LAMP) - 1]
    assert (stored["price"], stored["description"]) == (Decimal("85.00"), TYPED["description"])
    form.edit(product_id(server, LAMP)).expect_values(price="85.00")
    expect(tab.get_by_text(IS_BACK)).to_have_count(0)
    expect(tab.get_by_role("link", name="Show unsaved changes")).to_have_count(0)


def test_each_of_two_tabs_gets_its_own_text_back(page: Page, server_clock: ServerClock) -> None:
    tabs = [page, page.context.new_page()]
    forms = [ProductFormPage(tab).new().fill(name=name) for tab, name in zip(tabs, "AB", strict=True)]
    server_clock.advance(hours=9)
    for form in forms:
        form.create_button.click()
        LoginPage(form.page).expect_open()
    for form, name in zip(forms, "AB", strict=True):
        LoginPage(form.page).log_in(EDITOR)
        form.expect_values(name=name)


def test_logging_out_deletes_the_draft(page: Page, server: Console, server_clock: ServerClock) -> None:
    form = sent_late(page, server, server_clock)
    asked = page.url
    LoginPage(page).log_in(EDITOR)
    form.expect_values(**TYPED)
    page.on("dialog", lambda dialog: dialog.accept())
    form.nav.log_out()
    page.goto(asked)
    LoginPage(page).log_in(EDITOR)
    form.expect_values(price="79.90")
    expect(page.get_by_text(IS_BACK)).to_have_count(0)


def test_draft_is_not_shown_to_another_user(page: Page, server: Console, server_clock: ServerClock) -> None:
    form = sent_late(page, server, server_clock)
    LoginPage(page).log_in(email_of("admin"))
    form.expect_values(price="79.90")
    expect(page.get_by_text(IS_BACK)).to_have_count(0)


def test_form_opened_another_way_offers_the_draft(
    page: Page, server: Console, server_clock: ServerClock
) -> None:
    form = sent_late(page, server, server_clock)
    LoginPage(page).open().log_in(EDITOR)
    ProductListPage(page).expect_open()
    form.edit(product_id(server, LAMP)).expect_values(price="79.90")
    page.get_by_role("link", name="Show unsaved changes").click()
    form.expect_values(**TYPED)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Start over").click()
    form.expect_values(price="79.90")


@conflicts
def test_draft_is_merged_with_changes_saved_since(
    page: Page, open_as: OpenAs, server: Console, server_clock: ServerClock
) -> None:
    form = ProductFormPage(page).edit(product_id(server, LAMP)).fill(**TYPED)
    saved_by_a_colleague(open_as, product_id(server, LAMP), price="90.00")
    server_clock.advance(hours=9)
    form.save_button.click()
    LoginPage(page).log_in(EDITOR)
    form.expect_values(**TYPED).save_button.click()
    MergePage(page).expect_merging(LAMP).choose(Price="Yours: 85.00").save_button.click()
    ProductListPage(page).expect_open()
    assert products(server)[product_id(server, LAMP) - 1]["price"] == Decimal("85.00")
