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


def test_export_writes_every_product(run: Run, catalogue: Flask, tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    result = run("products", "export", str(file))
    assert (result.exit_code, result.stderr) == (0, "3 products written.\n")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = {row["sku"]: row for row in csv.DictReader(lines)}
    assert len(rows) == 3
    assert rows["L-1"]["price"] == "1234.50"
    assert rows["L-1"]["name"] == "'=Oak Lamp"
    assert rows["L-1"]["category"] == "Lighting"


def test_export_is_the_same_as_in_the_console(run: Run, catalogue: Flask, tmp_path: Path, log_in) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "products.csv"
    run("products", "export", str(file))
    client = catalogue.test_client()
    log_in(client, "editor")
    with file.open(encoding="utf-8", newline="") as lines:
        assert lines.read() == client.get("/admin/products/export/csv/").text


def test_dash_writes_to_standard_output(run: Run, catalogue: Flask) -> None:
    result = run("products", "export", "-")
    assert result.stdout.startswith("sku,name,description,price,currency,stock,status,category,")
    assert len(result.stdout.splitlines()) == 4


def test_byte_order_mark_is_written_only_on_request(run: Run, catalogue: Flask, tmp_path: Path) -> None:
    file, marked = tmp_path / "products.csv", tmp_path / "marked.csv"
    run("products", "export", str(file))
    run("products", "export", "--bom", str(marked))
    assert file.read_bytes().startswith(b"sku,")
    assert marked.read_bytes() == b"\xef\xbb\xbf" + file.read_bytes()


def test_empty_catalogue_exports_a_header(run: Run, console: Flask) -> None:
    result = run("products", "export", "-")
    assert (len(result.stdout.splitlines()), result.stderr) == (1, "0 products written.\n")


@pytest.mark.parametrize(
    ("place", "code", "words"),
    [("nowhere/products.csv", 1, "cannot be written: No such file"), ("", 2, "is a directory.")],
)
def test_unwritable_file_is_reported_without_a_traceback(
    run: Run, tmp_path: Path, place: str, code: int, words: str
) -> None:
    result = run("products", "export", str(tmp_path / place))
    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_number_of_one_product_is_singular(run: Run, console: Flask) -> None:
    a_product()
    db.session.commit()
    assert run("products", "export", "-").stderr == "1 product written.\n"


def test_full_disk_is_not_blamed_on_the_database(run: Run, console: Flask) -> None:
    products(300)
    db.session.commit()
    line = the_line(run("products", "export", "/dev/full"))
    assert "database" not in line
    assert "No space left" in line
