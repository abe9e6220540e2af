import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import product_id, products
from e2e.pages.detail import ProductDetailPage
from e2e.pages.error import ErrorPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

SAVED = "Product “Oak Lamp” saved."
NO_IDS = ["999", "", "0", "-1", "1,2", "1.0", "abc", "1'--", "٣", "%00", "9" * 25]


def editing(page: Page, server: Console, name: str = "Oak Lamp") -> ProductFormPage:
    return ProductFormPage(page).edit(product_id(server, name))


def test_every_field_can_be_changed(page: Page, server: Console) -> None:
    form = editing(page, server)
    expect(form.heading).to_have_text("Edit Oak Lamp")
    form.expect_values(
        name="Oak Lamp", sku="LMP-0012", price="79.90", currency="EUR", stock="27", status="active"
    )
    expect(page.get_by_label("Category").get_by_role("option", selected=True)).to_have_text("Lighting")
    expect(page.get_by_text("Last changed")).to_be_visible()
    form.fill(name="Ash Lamp", sku="ASH-1", description="Of ash.", price="1200", currency="jpy", stock="0")
    form.choose(status="Archived", category="Garden").save_button.click()
    listed = ProductListPage(page).expect_open()
    listed.flashes.expect_only("Product “Ash Lamp” saved.", "success")
    listed.filters.search("ASH-1")
    row = listed.table.row("Ash Lamp")
    for text in ("ASH-1", "Garden", "1,200 JPY", "0", "Archived"):
        expect(row.get_by_text(text, exact=True)).to_be_visible()


def test_category_of_a_product_can_be_removed(page: Page, server: Console) -> None:
    editing(page, server).choose(category="No category").save_button.click()
    ProductListPage(page).expect_open().flashes.expect_only(SAVED, "success")
    ProductDetailPage(page).open_id(product_id(server, "Oak Lamp")).expect_fact("Category", "—")


def test_cancel_and_saving_unchanged_change_nothing(page: Page, server: Console) -> None:
    before = products(server)
    page.on("dialog", lambda dialog: dialog.accept())
    ProductListPage(page).open("?q=lamp&sort=price").table.edit("Oak Lamp")
    ProductFormPage(page).fill(name="Ash Lamp").cancel.click()
    ProductListPage(page).expect_open().flashes.expect_none()
    expect(page).to_have_url("/admin/products/?q=lamp&sort=price")
    editing(page, server).save_button.click()
    ProductListPage(page).expect_open().flashes.expect_only(SAVED, "success")
    assert products(server) == before


def test_saving_from_the_detail_page_returns_to_it_and_then_to_the_list(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp&sort=price")
    listed.table.link("Oak Lamp").click()
    detail = ProductDetailPage(page).expect_record("Oak Lamp")
    detail.edit_link.click()
    ProductFormPage(page).fill(stock="3").save_button.click()
    listed.flashes.expect_only(SAVED, "success")
    detail.expect_record("Oak Lamp")
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Products").click()
    listed.expect_open()
    expect(page).to_have_url("/admin/products/?q=lamp&sort=price")


def test_saving_after_an_error_returns_to_the_filtered_list(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp&sort=price")
    listed.table.edit("Oak Lamp")
    form = ProductFormPage(page).fill(price="free")
    form.save_button.click()
    expect(form.error_summary).to_be_visible()
    form.fill(price="80").save_button.click()
    listed.expect_open().flashes.expect_only(SAVED, "success")
    expect(page).to_have_url("/admin/products/?q=lamp&sort=price")


def test_way_back_to_another_site_is_not_followed(page: Page, server: Console) -> None:
    key = product_id(server, "Oak Lamp")
    page.goto(f"/admin/products/edit/?id={key}&next=//elsewhere.invalid/admin/products/")
    ProductFormPage(page).save_button.click()
    ProductListPage(page).expect_open().flashes.expect_only(SAVED, "success")
    expect(page).to_have_url("/admin/products/")


@pytest.mark.allow(status=404)
def test_unknown_product_is_not_found(page: Page) -> None:
    page.goto("/admin/products/edit/?id=999")
    ErrorPage(page).expect_error(404, "Not found")
    paths = [
        f"/admin/products/{screen}/?id={number}"
        for screen in ("details", "edit", "delete")
        for number in NO_IDS
    ]
    found = {path: page.request.get(path).status for path in paths}
    assert set(found.values()) == {404}, found


@pytest.mark.allow(status=400)
def test_forged_version_is_refused_and_changes_nothing(page: Page, server: Console) -> None:
    before = products(server)
    form = editing(page, server).fill(stock="3")
    page.locator("input[name=dashboard-version]").evaluate(
        "input => { input.value = 'WyJQcm9kdWN0IiwxLDFd.forged' }"
    )
    form.save_button.click()
    ErrorPage(page).expect_error(400, "Bad request")
    assert products(server) == before


def test_fields_that_the_form_does_not_have_are_ignored(page: Page, server: Console) -> None:
    form = editing(page, server)
    page.locator("form[data-guard]").evaluate("""form => {
        for (const [name, value] of [['id', '1'], ['created_at', '2001-01-01'], ['category_id', '99']])
            form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}));
    }""")
    before = products(server)
    form.save_button.click()
    ProductListPage(page).expect_open().flashes.expect_only(SAVED, "success")
    assert products(server) == before


def test_fields_that_belong_together_stand_in_one_row(page: Page, server: Console) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    ProductFormPage(page).edit(product_id(server, "Oak Lamp"))
    boxes = {name: page.get_by_label(name).bounding_box() for name in ("Name", "Price", "Currency", "Status")}
    assert boxes["Price"]["y"] == boxes["Currency"]["y"]
    assert boxes["Status"]["x"] > boxes["Name"]["x"] + boxes["Name"]["width"]
    page.set_viewport_size({"width": 900, "height": 900})
    status = page.get_by_label("Status").bounding_box()
    assert status["y"] > page.get_by_label("Stock").bounding_box()["y"]
