"""Numbers as their user writes them: chosen in the profile, shown and typed on every page."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import product_id, products
from e2e.components.cells import Cells
from e2e.pages.detail import ProductDetailPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage
from e2e.server import Console

LAMP = "Oak Lamp"
COMMA, POINT = "1.200,00", "1,200.00"
FORMS = {COMMA: "1.234,50", "1\u202f200,00": "1\u202f234,50", "1'200.00": "1'234.50", POINT: "1,234.50"}


def price(server: Console) -> Decimal:
    """The stored price of the lamp."""
    found: Decimal = products(server)[product_id(server, LAMP) - 1]["price"]
    return found


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("form", FORMS)
def test_chosen_form_is_shown_by_every_page_and_read_by_the_form(
    page: Page, page_without_javascript: Page, server: Console, form: str, script: bool
) -> None:
    tab, key = page if script else page_without_javascript, product_id(server, LAMP)
    ProfilePage(tab).choose_numbers(form)
    expect(ProfilePage(tab).numbers.get_by_role("option", selected=True)).to_have_text(form)
    edit = ProductFormPage(tab).edit(key)
    edit.fill(price=FORMS[form], stock=FORMS[form].split("50")[0][:-1]).save_button.click()
    products_page = ProductListPage(tab).expect_open()
    assert price(server) == Decimal("1234.5")
    products_page.open("?q=oak+lamp")
    row = products_page.table.row(LAMP)
    expect(row).to_contain_text(f"{FORMS[form]} EUR")
    ProductDetailPage(tab).open_id(key).expect_fact("Price", f"{FORMS[form]} EUR")
    sign = "," if form.endswith(",00") else "."
    ProductFormPage(tab).edit(key).expect_values(price=f"1234{sign}50", stock="1234")


def test_cell_shows_and_takes_the_chosen_form(page: Page, server: Console) -> None:
    ProfilePage(page).choose_numbers(COMMA)
    page.goto("/admin/products/?q=oak+lamp")
    cells = Cells(page)
    expect(cells.cell("price", LAMP)).to_have_text("79,90 EUR")
    cells.open("price", LAMP)
    expect(cells.dialog.get_by_label("Price in EUR")).to_have_value("79,90")
    cells.type("1.234").expect_saved("Price", LAMP, "1.234,00 EUR")
    assert price(server) == Decimal(1234)
    cells.open("price", LAMP)
    expect(cells.field).to_have_value("1234,00")
    cells.field.press("Enter")
    expect(cells.dialog).to_have_count(0)
    assert price(server) == Decimal(1234)
    cells.undo.click()
    expect(cells.cell("price", LAMP)).to_have_text("79,90 EUR")


def test_tab_from_before_keeps_its_form_in_cells_and_in_the_form(page: Page, server: Console) -> None:
    ProfilePage(page).choose_numbers(COMMA)
    page.goto("/admin/products/?q=oak+lamp")
    edit = ProductFormPage(page.context.new_page()).edit(product_id(server, LAMP))
    ProfilePage(page.context.new_page()).choose_numbers(POINT)
    cells = Cells(page)
    cells.open("price", LAMP).type("2.345").expect_saved("Price", LAMP, "2.345,00 EUR")
    assert price(server) == Decimal(2345)
    edit = edit.edit(product_id(server, LAMP)).expect_values(price="2345.00")
    ProfilePage(page).choose_numbers(COMMA)
    edit.fill(price="3,456").save_button.click()
    ProductListPage(edit.page).expect_open()
    assert price(server) == Decimal(3456)


@pytest.mark.parametrize("how", ["back", "reload"])
def test_typed_number_is_the_same_when_the_form_is_opened_again(
    page: Page, server: Console, how: str
) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    ProfilePage(page).choose_numbers(COMMA)
    edit = ProductFormPage(page).edit(product_id(server, LAMP)).fill(price="1.234")
    ProfilePage(page.context.new_page()).choose_numbers(POINT)
    if how == "back":
        page.goto("/admin/categories/")
        page.go_back()
    else:
        page.reload()
    edit.expect_values(price="1.234").save_button.click()
    ProductListPage(page).expect_open()
    assert price(server) == Decimal(1234)


def test_number_typed_for_a_new_record_is_not_taken_for_another(page: Page, server: Console) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    ProfilePage(page).choose_numbers(COMMA)
    form = ProductFormPage(page).new().fill(name="Elm Lamp", sku="ELM-1", price="1.234")
    page.goto("/admin/categories/")
    page.go_back()
    form.expect_values(name="Elm Lamp", price="1.234")
    page.goto("/admin/categories/")
    ProfilePage(page.context.new_page()).choose_numbers(POINT)
    page.go_back()
    form.expect_values(name="Elm Lamp", price="").fill(price="1,234").create_button.click()
    ProductListPage(page).expect_open()
    assert products(server)[-1]["price"] == Decimal(1234)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_filter_takes_the_chosen_form_and_its_address_has_one(
    page: Page, page_without_javascript: Page, server: Console, script: bool
) -> None:
    tab = page if script else page_without_javascript
    ProfilePage(tab).choose_numbers(COMMA)
    listed = ProductListPage(tab).open("?q=lamp")
    listed.filters.open()
    listed.filters.field("Price", "At least").fill("79,5")
    listed.filters.field("Price", "At most").fill("1.234")
    listed.filters.apply()
    listed.filters.expect_chips("Search: lamp", "Price: at least 79,5", "Price: at most 1234")
    assert "price_min=79.5&price_max=1234" in tab.url
    expect(listed.table.link(LAMP)).to_be_visible()
    ProfilePage(tab).choose_numbers(POINT)
    listed.open("?price_min=79.5")
    listed.filters.expect_chips("Price: at least 79.5")


@pytest.mark.browser_context_args(locale="de-DE")
def test_language_of_the_browser_decides_until_a_form_is_chosen(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    expect(listed.table.row(LAMP)).to_contain_text("79,90 EUR")
    profile = ProfilePage(page).open()
    expect(profile.numbers.get_by_role("option", selected=True)).to_have_text(
        f"This browser's language: {COMMA}"
    )
    profile.choose_numbers(POINT)
    listed.open("?q=oak+lamp")
    expect(listed.table.row(LAMP)).to_contain_text("79.90 EUR")
