"""The whole console in a browser that runs no script."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.components.dialog import ConfirmationPage
from e2e.pages.category_form import CategoryFormPage
from e2e.pages.category_list import CategoryListPage
from e2e.pages.link import LinkPage
from e2e.pages.login import LoginPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage
from e2e.pages.register import RegisterPage
from e2e.pages.user_form import UserFormPage
from e2e.pages.user_list import UserListPage
from e2e.server import PASSWORD, email_of

OWNER = "first@example.test"
NEW_PASSWORD = "copper meadow whistle 7"
VIEWER, EDITOR = email_of("viewer"), email_of("editor")

editor = pytest.mark.parametrize("role", ["editor"])
admin = pytest.mark.parametrize("role", ["admin"])


@pytest.fixture
def page(page_without_javascript: Page) -> Page:
    """A page on which no script runs."""
    return page_without_javascript


@pytest.mark.database("empty")
def test_whole_session_from_registering_to_logging_out(page: Page) -> None:
    RegisterPage(page).open().register(OWNER)
    products = ProductListPage(page).expect_open()
    products.flashes.expect_only("Registered successfully.", "success").close()
    products.expect_open().flashes.expect_none()
    expect(products.nothing_yet).to_be_visible()

    products.nav.go_to("Categories")
    CategoryListPage(page).new_button.click()
    CategoryFormPage(page).fill(name="Lighting").create_button.click()
    CategoryListPage(page).expect_open().table.expect_names("Lighting")

    products.nav.go_to("Products")
    products.new_button.click()
    form = ProductFormPage(page).fill(name="Oak Lamp", sku="OAK-1", price="much")
    form.choose(category="Lighting", status="Active").create_button.click()
    expect(form.error_summary).to_contain_text("Price")
    form.expect_values(name="Oak Lamp", sku="OAK-1", price="much")
    form.fill(price="49.90").create_button.click()
    products.flashes.expect_only("Product “Oak Lamp” created.", "success")

    products.table.edit("Oak Lamp")
    form.fill(stock="7").save_button.click()
    expect(products.table.row("Oak Lamp").get_by_role("cell", name="7", exact=True)).to_be_visible()

    products.table.delete("Oak Lamp")
    question = ConfirmationPage(page).expect_asks(
        "Delete Oak Lamp?", "You can restore it from the trash for 30 days."
    )
    question.confirm("Delete product")
    products.flashes.expect_only("Product “Oak Lamp” deleted.", "success")

    products.nav.log_out()
    LoginPage(page).expect_open().log_in(OWNER)
    products.expect_open().nav.expect_logged_in(OWNER, "owner")


@editor
def test_selection_is_changed_after_a_question_on_its_own_page(page: Page, role: str) -> None:
    products = ProductListPage(page).open("?q=lamp&sort=name")
    names = [name.strip() for name in products.table.names.all_inner_texts()[:2]]
    products.table.select(*names)
    products.bulk_bar.choose("Delete")
    ConfirmationPage(page).expect_asks("Delete 2 products?").cancel()
    products.expect_open().flashes.expect_none()
    products.table.select(*names)
    products.bulk_bar.choose("Archive")
    question = ConfirmationPage(page).expect_asks("Archive 2 products?")
    question.confirm("Archive 2 products")
    products.expect_open().flashes.expect_only("2 products archived.", "success")
    products.table.expect_sorted("Name", "ascending")
    for name in names:
        expect(products.table.row(name)).to_contain_text("Archived")


@editor
def test_search_filters_sort_pages_and_export_work(page: Page, role: str) -> None:
    products = ProductListPage(page).open()
    products.filters.open().tick("Active").apply()
    products.filters.expect_chips("Status: Active")
    products.filters.search("s")
    products.filters.expect_chips("Search: s", "Status: Active")
    products.table.sort_by("Price").expect_sorted("Price", "ascending")
    products.pager.show(10).go("Next").expect_page(2, 9)
    with page.expect_download() as download:
        products.export_button.click()
    assert download.value.suggested_filename.endswith(".csv")
    products.filters.clear()
    products.filters.expect_chips()


@admin
def test_users_are_invited_and_deactivated(page: Page, role: str) -> None:
    users = UserListPage(page).open()
    users.new_button.click()
    UserFormPage(page).fill(email="new@example.test").choose(role="Editor").create_button.click()
    link = LinkPage(page).expect_link("Account new@example.test invited.")
    assert "/invitation?token=" in link.field.input_value()
    link.back.click()
    users.table.link(VIEWER).click()
    page.get_by_role("link", name="Deactivate").click()
    ConfirmationPage(page).expect_asks(f"Deactivate {VIEWER}?").confirm("Deactivate")
    users.expect_open().flashes.expect_only(f"Account {VIEWER} deactivated.", "success")
    expect(users.table.row(VIEWER)).to_contain_text("Deactivated")


@editor
def test_profile_saves_name_mode_and_password(page: Page, role: str) -> None:
    profile = ProfilePage(page).open()
    profile.name.fill("Edith")
    profile.choose_mode("Dark").save.click()
    profile.flashes.expect_only("Profile saved.", "success")
    expect(page.locator("html")).to_have_attribute("data-mode", "dark")
    profile.change_password(PASSWORD, NEW_PASSWORD)
    profile.flashes.expect_only("Password changed. Your other sessions are logged out.", "success")
    profile.nav.log_out()
    LoginPage(page).log_in(EDITOR, NEW_PASSWORD)
    ProductListPage(page).expect_open()


@editor
def test_colour_mode_can_be_switched(page: Page, role: str) -> None:
    page.goto("/admin/categories/?q=a")
    for mode in ("Light", "Dark", "System"):
        page.get_by_role("group", name="Colour mode").get_by_role("button", name=mode).click()
        expect(page.locator("html")).to_have_attribute("data-mode", mode.lower())
        expect(page).to_have_url(re.compile(r"/admin/categories/\?q=a$"))


@editor
def test_menu_opens_on_a_phone(page: Page, role: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    products = ProductListPage(page).open("?size=10")
    products.nav.menu_button.click()
    products.nav.go_to("Home")
    expect(products.heading).to_have_text("Home")


@pytest.mark.allow(status=404)
def test_controls_that_need_javascript_are_not_offered(page: Page) -> None:
    page.goto("/login")
    expect(page.get_by_role("button", name="Show password")).to_have_count(0)
    page.goto("/nowhere")
    page.get_by_role("link", name="Back to start page").click()
    LoginPage(page).expect_open()
