"""Files that are larger than other forms, through the server of production."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.browsing import NewContext
from e2e.pages.product_import import ProductImport
from e2e.pages.product_list import ProductListPage
from e2e.pages.register import RegisterPage

ROWS = 30_000
FILE = "sku,name,price\n" + "".join(f"BIG-{n},{'Long lamp ' * 8}{n},1\n" for n in range(ROWS))


@pytest.fixture
def owner(new_context: NewContext, real_server: str) -> Page:
    """A page of the owner of a fresh installation."""
    page = new_context(base_url=real_server).new_page()
    RegisterPage(page).open().register("first@example.test")
    ProductListPage(page).expect_open()
    return page


def test_file_of_some_megabytes_is_imported_by_the_worker_of_the_server(owner: Page) -> None:
    assert len(FILE) > 2_500_000
    pages = ProductImport(owner).upload(FILE).press("Check")
    expect(owner.get_by_role("button", name=f"Import all {ROWS:,} rows")).to_be_visible(timeout=60_000)
    expect(owner.get_by_text("This file is too large to be saved at once")).to_be_visible()
    pages.press(f"Import all {ROWS:,} rows")
    expect(owner.get_by_text(f"{ROWS:,} products created.")).to_be_visible(timeout=120_000)


@pytest.mark.allow(status=413)
def test_file_beyond_the_bound_gets_its_form_and_the_bound(owner: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(106 * 1024 * 1024)
    pages = ProductImport(owner).open()
    pages.file.set_input_files(large)
    pages.press("Upload")
    expect(owner.get_by_role("alert")).to_contain_text("Nothing was uploaded. Use at most 100 MB for a file")
    expect(pages.file).to_be_visible()
