import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import products
from e2e.pages.detail import ProductDetailPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

STOOL = {
    "name": "Folding Stool",
    "sku": "FST-0001",
    "description": "Three legs.\nOne seat.",
    "price": "24.50",
    "stock": "1200",
}


def form_with(page: Page, **fields: str) -> ProductFormPage:
    return ProductFormPage(page).new().fill(**{**STOOL, **fields})


@pytest.mark.postgresql
def test_new_product_is_confirmed_and_first_in_the_list(page: Page) -> None:
    form_with(page).choose(status="Active", category="Furniture").create_button.click()
    listed = ProductListPage(page).expect_open()
    listed.flashes.expect_only("Product “Folding Stool” created.", "success")
    expect(listed.table.names.first).to_have_text("Folding Stool")
    row = listed.table.row("Folding Stool")
    for text in ("FST-0001", "Furniture", "24.50 EUR", "1,200", "Active"):
        expect(row.get_by_text(text, exact=True)).to_be_visible()
    listed.table.link("Folding Stool").click()
    detail = ProductDetailPage(page).expect_record("Folding Stool")
    detail.expect_fact("SKU", "FST-0001").expect_fact("Category", "Furniture")
    expect(detail.section("Description")).to_contain_text("Three legs. One seat.")


def test_enter_saves_a_new_product_as_draft_without_category(page: Page) -> None:
    form_with(page, name="  Folding Stool ", sku=" FST-0001 ")
    page.get_by_label("SKU").press("Enter")
    listed = ProductListPage(page).expect_open()
    listed.flashes.expect_only("Product “Folding Stool” created.", "success")
    row = listed.table.row("Folding Stool")
    for text in ("FST-0001", "Draft", "—"):
        expect(row.get_by_text(text, exact=True)).to_be_visible()


def test_form_has_defaults_and_cancel_returns_to_the_filtered_list(page: Page) -> None:
    ProductListPage(page).open("?q=lamp&sort=price").new_button.click()
    form = ProductFormPage(page).expect_values(currency="EUR", stock="0")
    expect(form.heading).to_have_text("New product")
    expect(page).to_have_title("New product · Staff console")
    form.cancel.click()
    ProductListPage(page).expect_open()
    expect(page).to_have_url("/admin/products/?q=lamp&sort=price")


def test_enter_in_the_description_starts_a_new_line(page: Page) -> None:
    form = form_with(page, description="One")
    page.get_by_label("Description").press("End")
    page.get_by_label("Description").press("Enter")
    form.expect_values(description="One\n")
    expect(form.heading).to_have_text("New product")


def test_double_click_on_create_makes_one_product(page: Page, server: Console) -> None:
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    form_with(page).create_button.dblclick()
    ProductListPage(page).expect_open().flashes.expect_only("Product “Folding Stool” created.", "success")
    assert len(posts) == 1
    assert [product["sku"] for product in products(server)].count("FST-0001") == 1


def test_second_click_while_the_first_is_sent_does_nothing(page: Page) -> None:
    form, sent = form_with(page), []
    page.route("**/new/", lambda route: sent.append(route))
    with page.expect_request("**/new/"):
        form.create_button.click(no_wait_after=True)
    # By the mouse, which is over the button: a locator would wait for the next page.
    page.mouse.down()
    page.mouse.up()
    sent[0].continue_()
    ProductListPage(page).expect_open().flashes.expect_only("Product “Folding Stool” created.", "success")
    assert len(sent) == 1


def test_cancel_creates_nothing(page: Page, server: Console) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    form_with(page).cancel.click()
    listed = ProductListPage(page).expect_open()
    listed.flashes.expect_none()
    listed.pager.expect_range(1, 25, 200)
    assert len(products(server)) == 200


@pytest.mark.allow(status=400)
def test_form_without_its_token_is_refused_and_creates_nothing(page: Page, server: Console) -> None:
    form = form_with(page)
    page.locator("form[data-guard] input[name=csrf_token]").evaluate("input => input.remove()")
    form.create_button.click()
    expect(form.heading).to_have_text("New product")
    expect(page.get_by_role("alert")).to_contain_text("This form is no longer valid")
    assert len(products(server)) == 200
