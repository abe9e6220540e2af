"""A file that the console exported can be imported again: its columns are known, and nothing changes."""

from decimal import Decimal
from io import BytesIO

import pytest
from flask import Flask

from dashboard.catalogue.importing import ProductImporter
from dashboard.catalogue.models import ProductStatus
from dashboard.extensions import db
from dashboard.importing.fields import Does
from dashboard.importing.matching import matched
from dashboard.importing.notation import form_text
from dashboard.sheets.file_format import FileFormat
from dashboard.sheets.limits import Limits
from dashboard.sheets.reading import rows
from dashboard.testing.catalogue import a_category, a_product
from unit.catalogue.importing import Row, imported, number_of_products, product
from unit.conftest import ClientAs

PATH = "/admin/products/export/csv/"
COLUMNS = ["sku", "name", "description", "price", "currency", "stock", "status", "category", "", "", ""]


@pytest.fixture
def odd_products(app: Flask) -> None:
    """Products whose values files write in their own way, and some that the rules no longer take."""
    with app.app_context():
        lamps = a_category('Lamps, "old"')
        a_product("=1+1", sku="LMP-1", description="One\n\ttwo, 'three'", category=lamps)
        a_product("'@home", sku="LMP-2", description="", price=Decimal("1250"), currency="JPY", stock=0)
        a_product("1.234,50", sku="00123", price=Decimal("0.001"), currency="KWD", stock=1_000_000)
        a_product(" Öl\u2028lamp ", sku="LMP 4", price=Decimal("1.005"), status=ProductStatus.ARCHIVED)
        a_product("Oak", sku="-5", price=Decimal("12345678.9"), category=a_category("7"))
        db.session.commit()


@pytest.fixture
def exported(odd_products: None, client_as: ClientAs) -> tuple[list[str], list[Row]]:
    """The header of the exported file, and its rows as the fields that its columns fill."""
    content = client_as("editor").get(PATH).data
    header = content.decode().splitlines()[0].split(",")
    cells = [each.cells for each in rows(BytesIO(content), FileFormat(), Limits())]
    columns = matched(ProductImporter, header, cells)
    fields = {each.name: each for each in ProductImporter.fields}
    filled = [(at, fields[name]) for at, name in enumerate(columns) if name]
    return columns, [
        {field.name: form_text(field, row[at], "point", "year") for at, field in filled} for row in cells
    ]


@pytest.mark.both_databases
def test_columns_of_an_exported_file_are_known(exported: tuple[list[str], list[Row]]) -> None:
    columns, rows = exported
    assert columns == COLUMNS
    assert len(rows) == 5


@pytest.mark.both_databases
@pytest.mark.parametrize("blank", ["keep", "clear"])
def test_exported_file_changes_nothing(app: Flask, exported: tuple[list[str], list[Row]], blank: str) -> None:
    with app.app_context():
        assert imported(*exported[1], blank=blank) == [Does.NOTHING] * 5
        assert number_of_products() == 5


@pytest.mark.both_databases
def test_changed_cells_of_an_exported_file_are_the_only_change(
    app: Flask, exported: tuple[list[str], list[Row]]
) -> None:
    with app.app_context():
        imported(*({**row, "stock": "8"} for row in exported[1]))
        odd = product("LMP 4")
        assert (odd.stock, odd.name, odd.price) == (8, " Öl\u2028lamp ", Decimal("1.005"))


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Article number;Title;Unit price;Quantity", "sku;name;price;stock"),
        ("SKU,Product name,Regular price,Qty,In stock?,Categories", "sku,name,price,stock,,category"),
        ("Variant SKU,Title,Variant Price,Inventory", "sku,name,price,stock"),
        ("id,sku,name,created_at,updated_at,version,status", ",sku,name,,,,status"),
        ("Currency code,Item no.,Item name,State", "currency,sku,name,"),
    ],
)
def test_columns_are_known_by_the_words_that_files_use(header: str, fields: str) -> None:
    sign = ";" if ";" in header else ","
    assert matched(ProductImporter, header.split(sign), []) == fields.split(sign)
