import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import add_product, products
from e2e.pages.category_list import CategoryListPage
from e2e.pages.history import HistoryPage
from e2e.pages.listing import ListPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console, email_of

HEADER = "sku,name,description,price,currency,stock,status,category,created_at,updated_at,version"
DANGEROUS = ["=1+1", "+1", "-1+cmd", "@SUM(A1)", "\t=1", "\uff1d1", " =HYPERLINK(1)"]
HARMLESS = ["1-2", "a=b", "Smith & Sons", 'The "best", they say', "Zoë 👍🏽"]


def exported(listed: ListPage) -> list[dict[str, str]]:
    """Return the rows of the exported file."""
    with listed.page.expect_download() as download:
        listed.export_button.click()
    text = download.value.path().read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_file_contains_every_product_and_field(page: Page, server: Console) -> None:
    rows = exported(ProductListPage(page).open("?sort=created"))
    stored = products(server)
    assert ",".join(rows[0]) == HEADER
    assert [row["sku"] for row in rows] == [product["sku"] for product in stored]
    for column in ("name", "description", "currency", "category"):
        assert [row[column] for row in rows] == [product[column] for product in stored]
    assert [int(row["stock"]) for row in rows] == [product["stock"] for product in stored]
    assert rows[stored.index(next(each for each in stored if each["sku"] == "LMP-0012"))]["price"] == "79.90"
    assert all(re.fullmatch(r"\d+", row["price"]) for row in rows if row["currency"] == "JPY")
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
    assert all(re.fullmatch(moment, row["created_at"]) for row in rows)


def test_file_begins_with_the_byte_order_mark_for_excel(page: Page, server: Console) -> None:
    add_product(server, "Café; Stühle")
    listed = ProductListPage(page).open("?q=stühle")
    with page.expect_download() as download:
        listed.export_button.click()
    assert download.value.path().read_bytes().startswith(b"\xef\xbb\xbfsku,name,")
    (row,) = exported(listed)
    assert row["name"] == "Café; Stühle"


@pytest.mark.postgresql
def test_file_contains_the_filtered_list_in_its_order(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp&status=active&sort=-price")
    listed.filters.open().field("Price", "At most").fill("100")
    listed.filters.apply()
    listed.filters.expect_chips("Search: lamp", "Status: Active", "Price: at most 100")
    with page.expect_download() as download:
        rows = exported(listed)
    assert re.fullmatch(r"products-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
    assert [row["name"] for row in rows] == listed.table.names.all_inner_texts()
    listed.table.delete("Oak Lamp")
    listed.dialog.expect_asks("Delete Oak Lamp?")


def test_file_contains_all_pages_of_the_filtered_list(page: Page) -> None:
    rows = exported(ProductListPage(page).open("?status=active&size=10&page=3"))
    assert len(rows) == 188
    assert {row["status"] for row in rows} == {"active"}


@pytest.mark.security(69)
def test_formulas_are_neutralised(page: Page, server: Console) -> None:
    for text in [*DANGEROUS, *HARMLESS]:
        add_product(server, f"Odd {text}", description=f"{text}\nsecond line")
    rows = exported(ProductListPage(page).open("?q=odd&sort=created"))
    assert [row["name"] for row in rows] == [f"Odd {text}".strip() for text in [*DANGEROUS, *HARMLESS]]
    told = [*(f"'{text}" for text in DANGEROUS), *HARMLESS]
    assert [row["description"] for row in rows] == [f"{text}\nsecond line" for text in told]


def test_categories_are_exported_with_their_number_of_products(page: Page) -> None:
    rows = exported(CategoryListPage(page).open("?q=g"))
    assert [(row["name"], row["products"]) for row in rows] == [
        ("Garden", "20"),
        ("Lighting", "20"),
        ("Storage", "20"),
    ]


def test_history_says_who_exported_how_many_products(page: Page) -> None:
    exported(ProductListPage(page).open("?status=active"))
    history = HistoryPage(page).open("?kind=export")
    expect(history.table.row("Exported 188 products")).to_contain_text(email_of("editor"))
    history.follow("Exported 188 products")
    expect(history.facts).to_contain_text("Form")
    expect(history.field("Format")).to_have_text("CSV")
    expect(history.field("Columns")).to_have_text(HEADER.replace(",", ", "))
    expect(history.field("Filter")).to_have_text("Status: Active")
    expect(page.get_by_role("link", name="Revert")).to_have_count(0)
