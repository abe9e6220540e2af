import csv
import io
import re

from playwright.sync_api import Page, expect

from e2e.catalogue import add_product, products
from e2e.pages.category_list import CategoryListPage
from e2e.pages.listing import ListPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

HEADER = "sku,name,description,price,currency,stock,status,category,created_at,updated_at,version"
DANGEROUS = ["=1+1", "+1", "-1+cmd", "@SUM(A1)", "\t=1", "\uff1d1", " =HYPERLINK(1)"]
HARMLESS = ["1-2", "a=b", "Smith & Sons", 'The "best", they say', "Zoë 👍🏽"]


def exported(listed: ListPage) -> list[dict[str, str]]:
    """The rows of the file that the button gives."""
    with listed.page.expect_download() as download:
        listed.export_button.click()
    text = download.value.path().read_bytes().decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_file_holds_every_product_and_every_field(page: Page, server: Console) -> None:
    rows = exported(ProductListPage(page).open("?sort=created"))
    stored = products(server)
    assert ",".join(rows[0]) == HEADER
    assert [row["sku"] for row in rows] == [product["sku"] for product in stored]
    for column in ("name", "description", "currency", "category"):
        assert [row[column] for row in rows] == [product[column] for product in stored]
    assert [int(row["stock"]) for row in rows] == [product["stock"] for product in stored]


def test_the_file_holds_what_the_list_shows_in_its_order(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp&status=active&price_max=100&sort=-price")
    assert [row["name"] for row in exported(listed)] == listed.table.names.all_inner_texts()


def test_the_file_holds_all_pages_of_the_filter(page: Page) -> None:
    rows = exported(ProductListPage(page).open("?status=active&size=10&page=3"))
    assert len(rows) == 188
    assert {row["status"] for row in rows} == {"active"}


def test_a_filter_applied_on_the_page_is_in_the_file(page: Page) -> None:
    listed = ProductListPage(page).open()
    listed.filters.open().tick("Draft").apply()
    listed.filters.expect_chips("Status: Draft")
    assert {row["status"] for row in exported(listed)} == {"draft"}


def test_prices_have_the_decimals_of_their_currency_and_moments_their_zone(page: Page) -> None:
    rows = {row["sku"]: row for row in exported(ProductListPage(page).open())}
    assert rows["LMP-0012"]["price"] == "79.90"
    assert all(re.fullmatch(r"\d+", row["price"]) for row in rows.values() if row["currency"] == "JPY")
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
    assert all(re.fullmatch(moment, row["created_at"]) for row in rows.values())


def test_text_that_a_spreadsheet_would_run_is_neutralised(page: Page, server: Console) -> None:
    for text in DANGEROUS:
        add_product(server, f"Odd {text}", description=text)
    rows = exported(ProductListPage(page).open("?q=odd&sort=created"))
    assert [row["description"] for row in rows] == [f"'{text}" for text in DANGEROUS]


def test_other_text_arrives_as_it_is(page: Page, server: Console) -> None:
    for text in HARMLESS:
        add_product(server, f"Plain {text}", description=f"{text}\nsecond line", stock=0)
    rows = exported(ProductListPage(page).open("?q=plain&sort=created"))
    assert [row["name"] for row in rows] == [f"Plain {text}" for text in HARMLESS]
    assert [row["description"] for row in rows] == [f"{text}\nsecond line" for text in HARMLESS]


def test_the_file_is_named_by_screen_and_day(page: Page) -> None:
    with page.expect_download() as download:
        ProductListPage(page).open("?q=lamp").export_button.click()
    assert re.fullmatch(r"products-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)


def test_the_list_stays_usable_after_the_download(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    exported(listed)
    listed.table.delete("Oak Lamp")
    listed.dialog.expect_asks("Delete Oak Lamp?")


def test_a_list_without_a_match_has_nothing_to_export(page: Page) -> None:
    listed = ProductListPage(page).open("?q=no+such+thing")
    expect(listed.no_match).to_be_visible()
    expect(listed.export_button).to_have_count(0)


def test_the_export_works_without_javascript(page_without_javascript: Page) -> None:
    rows = exported(ProductListPage(page_without_javascript).open("?q=oak+lamp"))
    assert [row["sku"] for row in rows] == ["LMP-0012"]


def test_categories_are_exported_with_what_they_hold(page: Page) -> None:
    rows = exported(CategoryListPage(page).open("?q=g"))
    assert [(row["name"], row["products"]) for row in rows] == [
        ("Garden", "20"),
        ("Lighting", "20"),
        ("Storage", "20"),
    ]
