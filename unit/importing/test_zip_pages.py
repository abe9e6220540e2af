"""The pages of an import take a ZIP: for kinds with files they say so, and give an example."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from dashboard.config import Settings
from unit.consoles import console_over
from unit.files.boats import Base, Boat, BoatView
from unit.importing.pages import IMPORT, Pages, main
from unit.importing.zips import RED, names_of, packed, photos_of, zipped
from unit.record_view.conftest import plugin

PRODUCTS = "/admin/products/import/"
LINE = "To import photos too, upload a ZIP of the table and the files that its rows name."


@pytest.fixture
def products(app: Flask) -> Pages:
    """An editor on the pages that import products."""
    return Pages(app, at=PRODUCTS)


@pytest.fixture
def boats(settings: Settings) -> Iterator[Pages]:
    """An editor on the pages that import boats, which have pictures and papers."""
    with console_over(settings, plugin(lambda: BoatView(Boat)), Base) as app:
        yield Pages(app, at="/admin/own_boats/import/")


def test_form_says_that_a_zip_may_be_given(products: Pages) -> None:
    page = main(products.get(PRODUCTS))
    assert LINE in page.text
    assert page.all("input", name="file")[0].attributes["accept"].endswith(",.zip")


def test_form_of_records_without_files_says_nothing_of_a_zip(pages: Pages) -> None:
    page = main(pages.get(IMPORT))
    assert "ZIP" not in page.text
    assert not page.all("input", name="file")[0].attributes["accept"].endswith(".zip")
    assert pages.get(f"{IMPORT}example/?files=1").mimetype == "text/csv"


def test_zip_is_imported_page_by_page(products: Pages) -> None:
    columns = products.columns(packed(), name="products.zip")
    assert "photos/red.png; blue.png" in products.text(columns)
    check = str(products.send(columns, "Check").location)
    products.work()
    assert "red.png, blue.png" in products.text(check)
    products.apply(check, "Import all 2 rows")
    assert names_of(products.app, photos_of(products.app)) == ["red.png", "blue.png"]


def test_example_zip_can_be_imported_as_it_is(products: Pages) -> None:
    answer = products.get(f"{PRODUCTS}example/?files=1")
    assert answer.headers["Content-Disposition"] == "attachment; filename=products-example.zip"

    text = products.text(products.check(answer.data))

    assert "New 2" in text
    assert "Refused 0" in text
    assert "1.png, 2.png" in text


def test_example_zip_of_own_records_has_files_of_each_list(boats: Pages) -> None:
    content = boats.get("/admin/own_boats/import/example/?files=1").data
    text = boats.text(boats.check(content))
    assert "New 2" in text
    assert "1.txt, 2.txt" in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zipped({"photos/red.png": RED}), "This ZIP has no table."),
        (zipped({"../products.csv": b"sku\nA\n"}), "This ZIP has a file with an unsafe name"),
        (zipped({"a\r\nb/../c": b""}), "This ZIP has a file with an unsafe name"),
        (packed()[:-40], "This ZIP is damaged. Pack the files again."),
        (packed(b""), "This file is empty."),
        (packed(b"\x00\x01\x02\x03\x04\xff\xfe" * 50), "This file is neither a workbook nor text."),
        (zipped({"products.xlsx": packed()}), "This file is a ZIP archive."),
    ],
)
def test_zip_that_is_no_import_is_refused_in_words(products: Pages, content: bytes, words: str) -> None:
    answer = products.upload(content, "products.zip")
    assert words in main(answer).text


def test_column_of_photos_of_a_table_alone_is_refused_in_words(products: Pages) -> None:
    columns = products.columns("sku,name,price,photos\nA-1,Lamp,1,red.png\n")
    answer = products.send(columns, "Check", columns=["sku", "name", "price", "photos"])
    assert "“Photos” takes files from a ZIP only." in main(answer).text
