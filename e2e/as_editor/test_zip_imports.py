"""Photos that come with a table in a ZIP: said by the page, checked, and shown."""

import io
import re
import zipfile

from playwright.sync_api import Page, expect

from e2e.pages.photos import photo
from e2e.pages.product_import import ProductImport
from e2e.server import Console
from e2e.workers import work, working

ROWS = "sku,name,price,photos\nNEW-1,Garden Lamp,12.50,photos/red.jpg; blue.jpg\n"


def packed(rows: str = ROWS) -> bytes:
    """A ZIP with a table of products and two photos."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("products.csv", rows)
        for colour in ("red", "blue"):
            archive.writestr(f"photos/{colour}.jpg", photo(colour))
    return target.getvalue()


def test_photos_come_with_a_table_in_a_zip(page: Page, server: Console) -> None:
    pages = ProductImport(page).open()
    expect(pages.file).to_have_accessible_description(
        re.compile("To import photos too, upload a ZIP of the table and the files that its rows name.$")
    )
    with working(server):
        pages.choose(packed(), "products.zip").press("Upload")
        expect(pages.field_of("photos")).to_have_value("photos")
        pages.press("Check")
        pages.expect_count("New", 1)
        expect(page.get_by_text("red.jpg, blue.jpg")).to_be_visible()
        pages.press("Import the row")
        expect(page.get_by_text("1 product created.")).to_be_visible()
    page.goto("/admin/products/?q=NEW-1")
    page.get_by_role("link", name="Garden Lamp", exact=True).click()
    shown = page.get_by_role("region", name="Photos").get_by_role("img")
    expect(shown).to_have_count(2)
    expect(shown.first).to_have_js_property("naturalWidth", 400)


def test_example_zip_is_imported_as_it_is_without_scripts(
    page_without_javascript: Page, server: Console
) -> None:
    page = page_without_javascript
    pages = ProductImport(page).open()
    example = pages.downloaded("Example ZIP").read_bytes()
    pages.choose(example, "products-example.zip").press("Upload").press("Check")
    work(server)
    page.get_by_role("link", name="Refresh").click()
    pages.expect_count("New", 2)
    pages.press("Import all 2 rows")
    work(server)
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_text("2 products created.")).to_be_visible()


def test_photo_that_is_not_in_the_zip_is_named_beside_its_row(page: Page, server: Console) -> None:
    pages = ProductImport(page)
    with working(server):
        pages.upload(packed(ROWS.replace("blue.jpg", "green.jpg")), "products.zip").press("Check")
        expect(page.get_by_role("row", name="2 Photos: “green.jpg” is not in the ZIP.")).to_be_visible()
        expect(page.get_by_role("button", name="Import the row")).to_have_count(0)


def test_zip_without_a_table_says_so_beside_the_file(page: Page) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("red.jpg", photo())
    pages = ProductImport(page).upload(target.getvalue(), "photos.zip")
    expect(pages.file).to_have_accessible_description(re.compile("This ZIP has no table."))
