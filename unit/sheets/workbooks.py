"""Workbooks made in code: good ones by the library that writes them, bad ones part by part."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from dashboard.sheets.limits import Limits
from dashboard.sheets.reading import SheetRow, rows
from dashboard.sheets.spreadsheet import Converted, convert
from unit.sheets.tables import LIMITS

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PARTS = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {SPACE} xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="'
    f'{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}
SHEET = "xl/worksheets/sheet1.xml"


def with_parts(path: Path, parts: dict[str, str | bytes]) -> Path:
    """A workbook of these parts, and of the usual ones that they do not replace."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**PARTS, **parts}.items():
            archive.writestr(name, text)
    return path


def with_cells(path: Path, data: str, **parts: str | bytes) -> Path:
    """A workbook whose sheet holds these rows, as XML."""
    return with_parts(path, {SHEET: f"<worksheet {SPACE}><sheetData>{data}</sheetData></worksheet>", **parts})


def written(path: Path, *fill: Callable[[xlsxwriter.Workbook, Worksheet], object]) -> Path:
    """A workbook with a sheet for each function, which fills it."""
    with xlsxwriter.Workbook(path) as book:
        for each in fill:
            each(book, book.add_worksheet())
    return path


def with_rows(path: Path, *table: list[object]) -> Path:
    """A workbook of these values from A1 on."""
    return written(path, lambda _book, sheet: [sheet.write_row(at, 0, row) for at, row in enumerate(table)])


def converted(path: Path, limits: Limits = LIMITS, sheet: str | None = None) -> Converted:
    """The sheet of a workbook as text, beside it."""
    return convert(path, path.with_suffix(".csv"), limits, sheet)


def read(path: Path, **changes: int) -> list[SheetRow]:
    """The rows of a workbook, as an import reads them."""
    limits = replace(LIMITS, **changes)
    form = converted(path, limits).form
    return list(rows(path.with_suffix(".csv"), form, limits))


def cells(path: Path) -> list[list[str]]:
    """The cells of the rows of a workbook below its header."""
    return [row.cells for row in read(path)]
