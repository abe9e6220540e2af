"""Workbooks give the text that people see in their cells, and say what may be wrong with it."""

import errno
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from dashboard.refusal import Refusal
from dashboard.sheets.file_format import FileFormat
from dashboard.sheets.reading import header
from dashboard.sheets.recognising import recognise
from dashboard.sheets.spreadsheet import convert, sheets
from unit.sheets.tables import LIMITS
from unit.sheets.workbooks import (
    OFFICE,
    PARTS,
    SHEET,
    SPACE,
    cells,
    converted,
    read,
    with_cells,
    with_parts,
    with_rows,
    written,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.xlsx"


VALUES = {
    "5": 5.0,
    "0": -0.0,
    "662.63": 662.63,
    "0.3": 0.1 + 0.2,
    "0.0000001": 1e-7,
    "1000000000000000": 1e15,
    "123456789012": 123456789012,
    "10000000000000000000000": 1e22,
    "TRUE": True,
    "FALSE": False,
    " two \n lines ": " two \n lines ",
    "=1+1 as text": "=1+1 as text",
    "'=1": "'=1",
    "00123": "00123",
    "1,50": "1,50",
    "31.03.2026": "31.03.2026",
    "46112": 46112,
    "_x0041_": "_x0041_",
    'a, b; "c"\td': 'a, b; "c"\td',
    "Käse 😀": "Käse 😀",
}


def test_value_of_a_cell_is_text_without_a_tail(path: Path) -> None:
    def fill(_book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write("A1", "value")
        for row, value in enumerate(VALUES.values(), 1):
            (sheet.write_string if isinstance(value, str) else sheet.write)(row, 0, value)

    assert [text for (text,) in cells(written(path, fill))] == [*VALUES]


MOMENTS = {
    "2026-03-31": (date(2026, 3, 31), "dd.mm.yyyy"),
    "1999-12-31": (date(1999, 12, 31), "m/d/yy"),
    "2026-03-31T08:30:00": (datetime(2026, 3, 31, 8, 30, tzinfo=UTC), "yyyy-mm-dd hh:mm"),
    "2026-03-31T23:59:59": (datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC), "d mmm yyyy hh:mm:ss"),
    "08:30:00": (time(8, 30), "hh:mm"),
    "30:00:01": (timedelta(hours=30, seconds=1), "[h]:mm:ss"),
}


@pytest.mark.parametrize("epoch", [False, True])
def test_dates_and_times_are_written_in_iso(path: Path, epoch: bool) -> None:
    with xlsxwriter.Workbook(path, {"date_1904": epoch, "remove_timezone": True}) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "value")
        for row, (value, pattern) in enumerate(MOMENTS.values(), 1):
            sheet.write_datetime(row, 0, value, book.add_format({"num_format": pattern}))
    assert [text for (text,) in cells(path)] == [*MOMENTS]


def test_formulas_give_their_stored_value_and_errors_are_faults(path: Path) -> None:
    def fill(_book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_row("A1", ["sku", "price"])
        sheet.write("A2", "A1")
        sheet.write_formula("B2", "=1+1", None, 2)
        sheet.write("A3", "A2")
        sheet.write_formula("B3", "=NA()", None, "#N/A")
        sheet.write("A4", "A3")
        sheet.write_formula("B4", '="x"&"y"', None, "xy")

    assert [(row.cells, row.fault) for row in read(written(path, fill))] == [
        (["A1", "2"], None),
        (["A2", "#N/A"], "“price” holds an error of the spreadsheet, such as #N/A."),
        (["A3", "xy"], None),
    ]


def test_formula_without_a_stored_value_is_refused(path: Path) -> None:
    with_cells(path, '<row r="1"><c r="A1"><v>1</v></c></row><row r="7"><c r="C7"><f>A1+1</f></c></row>')
    with pytest.raises(Refusal, match=r"The formula in C7 has no stored result\. Open the file"):
        converted(path)


def test_rows_have_the_numbers_of_the_sheet(path: Path) -> None:
    def fill(_book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_row("B3", ["sku", "name"])
        sheet.write_row("B4", ["A1", "two\nlines"])
        sheet.write_row("B7", ["A2", "Lamp"])

    assert [(row.number, row.cells) for row in read(written(path, fill))] == [
        (4, ["A1", "two\nlines"]),
        (7, ["A2", "Lamp"]),
    ]


def test_merged_cells_give_their_value_in_the_first_cell(path: Path) -> None:
    def fill(_book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_row("A1", ["sku", "name", "note"])
        sheet.merge_range("A2:B3", "both")
        sheet.write_row("C2", ["x"])
        sheet.write_row("C3", ["y"])

    assert cells(written(path, fill)) == [["both", "", "x"], ["", "", "y"]]
    assert converted(path).notes == ("This sheet has 1 group of merged cells. Each fills its first cell.",)


def test_hidden_sheets_are_left_out(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name in ("Hidden", "Very", "First", "Second"):
            book.add_worksheet(name).write_column("A1", ["name", name])
        chart = book.add_chart({"type": "pie"})
        chart.add_series({"values": "=First!$A$1:$A$2"})
        book.add_chartsheet("Chart").set_chart(chart)
        book.get_worksheet_by_name("Hidden").hide()
        book.get_worksheet_by_name("Very").very_hidden()
        book.get_worksheet_by_name("First").activate()
    assert sheets(path, LIMITS) == ("First", "Second")
    assert cells(path) == [["First"]]
    assert converted(path).notes == ("Only the sheet “First” is read, not “Second”.",)
    assert converted(path, sheet="Second").sheet == "Second"
    assert path.with_suffix(".csv").read_bytes() == b"name\r\nSecond\r\n"
    for name in ("Hidden", "Very", "Chart", "", "first"):
        with pytest.raises(Refusal, match="no sheet"):
            converted(path, sheet=name)


def test_workbook_with_hidden_sheets_alone_is_refused(path: Path) -> None:
    hidden = PARTS["xl/workbook.xml"].replace('name="One"', 'name="One" state="hidden"')
    with_parts(path, {"xl/workbook.xml": hidden})
    with pytest.raises(Refusal, match="no sheet that is visible"):
        sheets(path, LIMITS)


def test_other_workbook_that_a_formula_names_is_not_opened(path: Path, tmp_path: Path) -> None:
    other = with_rows(tmp_path / "other.xlsx", ["secret"])
    folder = "xl/externalLinks/"
    parts = {
        f"{folder}externalLink1.xml": f'<externalLink xmlns:r="{OFFICE}">'
        '<externalBook r:id="rId1"/></externalLink>',
        f"{folder}_rels/externalLink1.xml.rels": "<Relationships>"
        f'<Relationship Id="rId1" TargetMode="External" Target="file://{other}"/></Relationships>',
    }
    stored = '<row r="1"><c r="A1" t="str"><f>[1]Sheet1!A1</f><v>stored</v></c></row>'
    form = converted(with_cells(path, f'{stored}<row r="2"><c r="A2"><v>1</v></c></row>', **parts)).form
    assert header(path.with_suffix(".csv"), form, LIMITS) == ("stored",)


@pytest.mark.parametrize(
    "moved", [lambda name: name.replace("/", "\\"), lambda name: name.removeprefix("xl/")]
)
def test_parts_have_other_names_in_files_of_some_programs(path: Path, moved: Callable[[str], str]) -> None:
    with_cells(path, '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>')
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            is_moved = moved(name) == name.removeprefix("xl/")
            archive.writestr(moved(name), content.replace(b'"xl/', b'"') if is_moved else content)
    form = recognise(path, LIMITS)
    assert isinstance(form, FileFormat)
    assert form.kind == "workbook"
    assert cells(path) == [["2"]]


def test_positions_that_cells_do_not_say_follow_each_other(path: Path) -> None:
    data = (
        "<row><c><v>1</v></c><c><v>2</v></c></row>"
        "<row><c/><c t='e'><v>#REF!</v></c></row>"
        "<row><c><v>5</v></c></row>"
    )
    found = [(row.number, row.cells) for row in read(with_cells(path, data))]
    assert found == [(2, ["", "#REF!"]), (3, ["5", ""])]


def test_prefixed_elements_are_counted_as_others(path: Path) -> None:
    rows = "".join(f'<x:row r="{n}"><x:c r="A{n}"><x:v>{n}</x:v></x:c></x:row>' for n in range(1, 30))
    space = SPACE.replace("xmlns", "xmlns:x")
    with_parts(path, {SHEET: f"<x:worksheet {space}><x:sheetData>{rows}</x:sheetData></x:worksheet>"})
    with pytest.raises(Refusal, match="more than 20 cells"):
        read(path, cells=20)


def test_numbers_that_may_have_been_codes_are_noted(path: Path) -> None:
    header = ["sku", "Phone no.", "key", "long", "name"]
    table = [123, 4930123, "00123", 1234567890123456, "Lamp"], [124, 4930124, 124, 5, "Chair"]
    assert converted(with_rows(path, header, *table)).notes == (
        "“sku” holds numbers. If they are codes, they may have lost leading zeros.",
        "“Phone no.” holds numbers. If they are codes, they may have lost leading zeros.",
        "“key” holds numbers beside texts such as 00123. The numbers may have lost leading zeros.",
        "“long” holds numbers of over 15 digits. Spreadsheets change the last ones to 0.",
    )


def test_plain_numbers_are_not_noted(path: Path) -> None:
    table = with_rows(path, ["name", "stock", "price"], ["0 Lamps", 5, 1.5], ["12", 0, 2], ["0.5", 7, 0.25])
    assert converted(table).notes == ()


def test_text_is_private_and_whole_or_not_there(path: Path) -> None:
    target = path.with_suffix(".csv")
    converted(with_rows(path, ["a"], [1]))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with_cells(path, '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><f>A1</f></c></row>')
    with pytest.raises(Refusal):
        converted(path)
    assert target.read_bytes() == b"a\r\n1\r\n"
    assert {file.name for file in path.parent.iterdir()} == {"table.xlsx", "table.csv"}


def test_file_that_can_not_be_written_is_an_error_of_the_system(path: Path) -> None:
    with_rows(path, ["a"], [1])
    with pytest.raises(OSError, match="No such file") as failed:
        convert(path, path.parent / "missing" / "table.csv", LIMITS)
    assert failed.value.errno == errno.ENOENT
