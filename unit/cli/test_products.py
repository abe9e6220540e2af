"""`dashboard products export`: the catalogue as a file."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.testing.catalogue import a_category, a_product, products
from unit.cli.conftest import Run, the_line


@pytest.fixture
def catalogue(console: Flask) -> Flask:
    """A console with three products."""
    a_product("=Oak Lamp", sku="L-1", price=Decimal("1234.5"), category=a_category("Lighting"))
    products(2)
    db.session.commit()
    return console


def test_it_writes_every_product(run: Run, catalogue: Flask, tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    result = run("products", "export", str(file))
    assert (result.exit_code, result.stderr) == (0, "3 products written.\n")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = {row["sku"]: row for row in csv.DictReader(lines)}
    assert len(rows) == 3
    assert rows["L-1"]["price"] == "1234.50"
    assert rows["L-1"]["name"] == "'=Oak Lamp"
    assert rows["L-1"]["category"] == "Lighting"


def test_it_writes_the_same_as_the_console(run: Run, catalogue: Flask, tmp_path: Path, log_in) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "products.csv"
    run("products", "export", str(file))
    client = catalogue.test_client()
    log_in(client, "editor")
    with file.open(encoding="utf-8", newline="") as lines:
        assert lines.read() == client.get("/admin/products/export/csv/").text


def test_a_dash_is_standard_output(run: Run, catalogue: Flask) -> None:
    result = run("products", "export", "-")
    assert result.stdout.startswith("sku,name,description,price,currency,stock,status,category,")
    assert len(result.stdout.splitlines()) == 4


def test_a_mark_for_excel_is_written_only_where_it_is_asked_for(
    run: Run, catalogue: Flask, tmp_path: Path
) -> None:
    file, marked = tmp_path / "products.csv", tmp_path / "marked.csv"
    run("products", "export", str(file))
    run("products", "export", "--bom", str(marked))
    assert file.read_bytes().startswith(b"sku,")
    assert marked.read_bytes() == b"\xef\xbb\xbf" + file.read_bytes()


def test_an_empty_catalogue_is_a_header(run: Run, console: Flask) -> None:
    result = run("products", "export", "-")
    assert (len(result.stdout.splitlines()), result.stderr) == (1, "0 products written.\n")


@pytest.mark.parametrize("place", ["nowhere/products.csv", ""])
def test_a_file_that_cannot_be_written_is_told_in_words(run: Run, tmp_path: Path, place: str) -> None:
    result = run("products", "export", str(tmp_path / place))
    assert result.exit_code in (1, 2)
    assert "Traceback" not in result.stderr


def test_a_full_disk_is_not_blamed_on_the_database(run: Run, console: Flask) -> None:
    products(300)
    db.session.commit()
    line = the_line(run("products", "export", "/dev/full"))
    assert "database" not in line
    assert "No space left" in line
