from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import product_id, products
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

STOOL = {"name": "Folding Stool", "sku": "FST-0001", "price": "24.50", "stock": "7"}
SKU_RULE = "Use letters A-Z, digits and . _ / + - only, beginning with a letter or digit."
PRICE_RULE = "Enter a price of 0 or more in digits, with a point for decimals, such as 12.50."
CURRENCY_RULE = "Enter a three-letter currency code, such as EUR."
STOCK_RULE = "Enter a whole number of 0 or more."

# Several rules at once: the invalid fields, each with its text and its error, in the order of the form.
WRONG = {
    "nothing typed": {
        "name": (" ", "Name: Enter a name."),
        "sku": ("", "SKU: Enter a SKU."),
        "price": ("", f"Price: {PRICE_RULE}"),
        "currency": ("", f"Currency: {CURRENCY_RULE}"),
        "stock": ("", f"Stock: {STOCK_RULE}"),
    },
    "signs": {
        "name": ("Bell\a", "Name: Remove the control characters or line breaks."),
        "sku": ("-0001", f"SKU: {SKU_RULE}"),
        "price": ("-1", f"Price: {PRICE_RULE}"),
        "currency": ("ABC", f"Currency: {CURRENCY_RULE}"),
        "stock": ("-1", f"Stock: {STOCK_RULE}"),
    },
    "decimals": {
        "sku": ("FST 0001", f"SKU: {SKU_RULE}"),
        "price": ("0.001", "Price: EUR has 2 decimals; round the price."),
        "stock": ("1.5", f"Stock: {STOCK_RULE}"),
    },
    "large": {
        "price": ("99999999999", "Price: Enter a price of at most 9,999,999,999."),
        "stock": ("9999999999", "Stock: Enter a stock of at most 1,000,000,000."),
    },
    "two meanings": {"price": ("1.200", "Price: 1.200 can mean 1200 or 1.2. Type 1200 or 1.2.")},
    "yen": {
        "price": ("24.50", "Price: JPY has no decimals; round the price."),
        "currency": ("JPY", ""),
    },
}


def refused(page: Page, **fields: str) -> ProductFormPage:
    form = ProductFormPage(page).new()
    form.fill(**{**STOOL, **fields}).create_button.click()
    return form


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_all_invalid_fields_are_reported_at_once_and_kept(
    page: Page, server: Console, wrong: dict[str, tuple[str, str]]
) -> None:
    typed = {**STOOL, "currency": "EUR", **{field: value for field, (value, _) in wrong.items()}}
    form = ProductFormPage(page).new().fill(**typed)
    form.create_button.click()
    form.expect_errors(*[error for _, error in wrong.values() if error]).expect_values(**typed)
    expect(form.error_summary).to_be_focused()
    assert len(products(server)) == 200


def test_long_text_is_cut_while_typing_and_refused_when_sent(page: Page) -> None:
    form = (
        ProductFormPage(page).new().fill(**STOOL).fill(name="x" * 201, sku="x" * 41, description="x" * 5001)
    )
    form.expect_values(name="x" * 200, sku="x" * 40, description="x" * 5000)
    page.locator("[maxlength]").evaluate_all("fields => fields.forEach(f => f.removeAttribute('maxlength'))")
    form.fill(name="x" * 201, sku="x" * 41, description="x" * 5001).create_button.click()
    form.expect_errors(
        "Name: Use at most 200 characters; this has 201.",
        "SKU: Use at most 40 characters; this has 41.",
        "Description: Use at most 5,000 characters; this has 5,001.",
    )


def test_invalid_field_is_marked_described_and_linked(page: Page) -> None:
    form = refused(page, sku="", price="free")
    for label in ("Price", "SKU"):
        form.error_summary.get_by_role("link", name=label).click()
        expect(page.get_by_label(label)).to_be_focused()
    price = page.get_by_label("Price")
    expect(price).to_have_attribute("aria-invalid", "true")
    expect(price).to_have_accessible_description(f"For example, 12.50 {PRICE_RULE}")
    expect(page.get_by_label("Stock")).not_to_have_attribute("aria-invalid", "true")
    form.fill(sku="FST-0001", price="5").create_button.click()
    ProductListPage(page).expect_open().flashes.expect_only("Product “Folding Stool” created.", "success")


def test_numbers_are_read_as_people_write_them(page: Page, server: Console) -> None:
    form = refused(page, price="1,200", stock="1 200")
    form.expect_errors("Price: 1,200 can mean 1200 or 1.2. Type 1200 or 1.2.")
    form.fill(price="1.200,00").create_button.click()
    ProductListPage(page).expect_open().flashes.expect_only("Product “Folding Stool” created.", "success")
    (stool,) = (each for each in products(server) if each["name"] == "Folding Stool")
    assert (stool["price"], stool["stock"]) == (1200, 1200)


def test_choices_are_kept_after_an_error(page: Page) -> None:
    form = ProductFormPage(page).new().fill(name="Folding Stool", description="Two\nlines")
    form.choose(status="Archived", category="Garden").create_button.click()
    expect(form.error_summary).to_be_visible()
    form.expect_values(status="archived", description="Two\nlines")
    expect(page.get_by_label("Category").get_by_role("option", selected=True)).to_have_text("Garden")


def test_sku_in_use_is_refused(page: Page, server: Console) -> None:
    form = ProductFormPage(page).edit(product_id(server, "Oak Lamp"))
    form.fill(sku="LMP-0001").save_button.click()
    form.title = "Edit Oak Lamp"
    form.expect_errors("SKU: This SKU is already in use.").expect_values(sku="LMP-0001")
    form.fill(sku="lmp-0001").save_button.click()
    told = "SKU: Another product has the SKU LMP-0001, which differs in case only."
    form.expect_errors(told).expect_values(sku="lmp-0001")


@pytest.mark.postgresql
def test_same_sku_by_two_users_creates_one_product(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    mine = ProductFormPage(page).new().fill(**STOOL)
    theirs = ProductFormPage(open_as("editor")).new().fill(**{**STOOL, "name": "Their Stool"})
    mine.create_button.click()
    ProductListPage(page).expect_open()
    theirs.create_button.click()
    theirs.expect_errors("SKU: This SKU is already in use.").expect_values(name="Their Stool")
    assert [each["name"] for each in products(server)][200:] == ["Folding Stool"]
