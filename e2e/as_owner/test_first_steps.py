"""The first steps of the owner of an empty console."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.keyboard import press
from e2e.pages.home import HomePage
from e2e.pages.link import LinkPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.register import RegisterPage
from e2e.pages.user_form import UserFormPage
from e2e.server import ROLES, Console, email_of

pytestmark = pytest.mark.database("empty")
TO_DO = re.compile(r"^\s*To do: ")


@pytest.fixture
def role() -> None:
    """Nobody: the owner registers in the test."""


def registered(page: Page) -> HomePage:
    RegisterPage(page).open().register(email_of("owner"))
    ProductListPage(page).expect_open()
    return HomePage(page).open().expect_open()


@pytest.mark.phone
def test_steps_of_a_new_owner_are_ticked_and_go(page: Page) -> None:
    home = registered(page)
    expect(home.steps.get_by_role("listitem")).to_have_text([TO_DO] * 3)
    home.steps.get_by_role("link", name="New product").click()
    ProductFormPage(page).fill(name="Oak Lamp", sku="OAK-1", price="49.90").create_button.click()
    ProductListPage(page).expect_open().flashes.expect_only("Product “Oak Lamp” created.", "success")
    first, second, _ = home.open().steps.get_by_role("listitem").all()
    expect(first).to_have_text("Done: Add your first product or import a file")
    expect(first.get_by_role("link")).to_have_count(0)
    second.get_by_role("link", name="Invite user").click()
    UserFormPage(page).fill(email="newcomer@example.test").create_button.click()
    LinkPage(page).expect_link()
    expect(home.open().expect_open().figures).not_to_have_count(0)
    expect(home.steps).to_have_count(0)


def test_steps_are_hidden_by_keyboard(page: Page) -> None:
    home = registered(page)
    press(home.hide_steps)
    home.expect_open().flashes.expect_only("First steps hidden.", "success")
    expect(home.steps).to_have_count(0)
    expect(home.reload().attention).to_be_visible()
    expect(home.steps).to_have_count(0)


def test_steps_work_without_a_script(page_without_javascript: Page) -> None:
    home = registered(page_without_javascript)
    home.steps.get_by_role("link", name="Import products").click()
    expect(home.heading).to_have_text("Import products")
    home.open().hide_steps.click()
    home.flashes.expect_only("First steps hidden.", "success")
    expect(home.steps).to_have_count(0)


@pytest.mark.database("seeded")
def test_filled_console_has_no_first_steps(page: Page, server: Console) -> None:
    for role in ROLES:
        page.context.add_cookies(server.storage_state(role)["cookies"])
        home = HomePage(page).open().expect_open()
        expect(home.attention).to_be_visible()
        expect(home.steps).to_have_count(0)
