"""Products exported with their photos: as links that open, and in a ZIP that comes in again as it is."""

import csv
import io
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.catalogue import products
from e2e.pages.photos import Photos
from e2e.pages.product_import import ProductImport
from e2e.server import Console
from e2e.workers import working


def exported(page: Page, server: Console, choice: str) -> Path:
    """Add two photos to a product, and export it with a choice about its files."""
    first = products(server)[0]
    photos = Photos(page).open(first["id"]).choose("red", "blue")
    photos.flashes.expect_only("2 photos added.", "success")
    page.goto(f"/admin/products/?q={first['sku']}")
    page.get_by_role("link", name="Export as…").click()
    group = page.get_by_role("group", name="Files")
    expect(group.get_by_label("Leave out")).to_be_checked()
    group.get_by_label(choice).check()
    with working(server):
        page.get_by_role("button", name="Export").click()
        link = page.get_by_role("link", name="Download products-")
        expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path())


def test_zip_of_products_comes_in_again_without_a_change(page: Page, server: Console) -> None:
    content = exported(page, server, "In a ZIP").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["products.csv", *(f"photos/1/{each}.webp" for each in ("red", "blue"))]
    pages = ProductImport(page)
    with working(server):
        pages.upload(content, "products.zip").press("Check")
        pages.expect_count("Unchanged", 1)
        pages.expect_count("Refused", 0)


def test_link_of_an_exported_photo_opens_it(page: Page, server: Console) -> None:
    text = exported(page, server, "As links").read_text("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    links = row["photos"].split("; ")
    assert len(links) == 2
    # Not shown in a tab, because a browser gives pictures there a style that their policy refuses.
    opened = page.request.get(re.sub(r"^http://[^/]+", "", links[0]))
    assert opened.headers["content-type"] == "image/webp"
