"""Tables are written row by row, and read back as they were."""

import json
import stat
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.refusal import Refusal
from dashboard.sheets.csv_text import csv_pieces
from dashboard.sheets.file_format import FileFormat
from dashboard.sheets.limits import Limits
from dashboard.sheets.reading import header, rows
from dashboard.sheets.recognising import recognise
from dashboard.sheets.spreadsheet import convert, sheets
from dashboard.sheets.writing import FORMATS, write_table
from dashboard.sheets.xlsx import xlsx_pieces
from unit.full_disk import no_file_grows
from unit.sheets.tables import LIMITS, content, recognised

DAY = datetime(2026, 3, 31, 8, 30, 59, tzinfo=UTC)
NAMES = ("sku", "Grüße; größer", "note")
FORMULAS = ["=1+1", "+49", "-5", "@x", "'=1", "''@", " =x", "\t=x", "\uff1d1", "{=1}", "=HYPERLINK(1)"]
ADDRESSES = ["https://example.org", "mailto:a@example.org", "internal:Sheet1!A1"]
CODES = ["00123", "1e5", "TRUE", "31.03.2026", "#N/A", "_x0041_"]
OTHERS = ["Lamp", "a,b;c|d", 'say "hi"', "'s", "two\r\nlines", " lead and trail ", "Käse 😀", "\u2028", ""]
TEXTS = [*FORMULAS, *ADDRESSES, *CODES, *OTHERS]


def back(path: Path, limits: Limits = LIMITS) -> list[list[str]]:
    """The header and the rows of a file, as an import reads them."""
    form = recognise(path, limits)
    assert isinstance(form, FileFormat)
    if form.kind == "workbook":
        text = path.with_suffix(".text")
        form, path = convert(path, text, limits).form, text
    return [[*header(path, form, limits)], *(row.cells for row in rows(path, form, limits))]


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_texts_are_read_back_as_they_were_written(tmp_path: Path, name: str) -> None:
    table = [[f"S{at}", text, text[::-1]] for at, text in enumerate(TEXTS)]
    target = tmp_path / "table"
    assert write_table(name, target, NAMES, iter(table)) == len(table)
    assert back(target) == [[*NAMES], *table]


CELLS = st.text(st.sampled_from("a1ä€😀,;\t\"'\r\n =+-@|\x1f\x85\xa0\u2028\ufeff"), max_size=9)


@pytest.mark.security(69)
@given(st.lists(st.tuples(st.just("key"), CELLS, CELLS), min_size=1, max_size=6))
def test_any_text_is_read_back_from_csv_and_none_is_run(table: list[tuple[str, str, str]]) -> None:
    text = b"".join(piece.content for piece in csv_pieces(NAMES, table))
    found = list(rows(content(text), recognised(text), LIMITS))
    assert [(row.fault, tuple(row.cells)) for row in found] == [(None, cells) for cells in table]
    raw = rows(content(text), FileFormat(encoding="utf-8-sig", of_workbook=True), LIMITS)
    assert not any(
        cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t")) for row in raw for cell in row.cells
    )


VALUES = [
    None,
    True,
    5,
    -5,
    10**20,
    Decimal("1.50"),
    Decimal("1E+3"),
    0.25,
    DAY,
    date(2026, 3, 31),
    UUID(int=5),
]


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        (
            "csv",
            [
                "",
                "True",
                "5",
                "-5",
                "1" + "0" * 20,
                "1.50",
                "1E+3",
                "0.25",
                "2026-03-31T08:30:59+00:00",
                "2026-03-31",
            ],
        ),
        (
            "xlsx",
            [
                "",
                "TRUE",
                "5",
                "-5",
                "1" + "0" * 20,
                "1.5",
                "1000",
                "0.25",
                "2026-03-31T08:30:59",
                "2026-03-31",
            ],
        ),
    ],
)
def test_values_are_written_by_their_type(tmp_path: Path, name: str, texts: list[str]) -> None:
    write_table(
        name, tmp_path / "table", ["key", "value"], [[str(at), each] for at, each in enumerate(VALUES)]
    )
    assert [cells[1] for cells in back(tmp_path / "table")[1:]] == [*texts, str(UUID(int=5))]


def test_json_lines_hold_an_object_for_each_row(tmp_path: Path) -> None:
    target = tmp_path / "table.jsonl"
    table = [["=1", None, Decimal("1.50")], ["ä\n\u2028", True, 10**20], [DAY, float("nan"), UUID(int=5)]]
    assert write_table("jsonl", target, NAMES, table) == 3
    lines = target.read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line, parse_float=Decimal) for line in lines] == [
        {"sku": "=1", NAMES[1]: None, "note": Decimal("1.50")},
        {"sku": "ä\n\u2028", NAMES[1]: True, "note": 10**20},
        {"sku": "2026-03-31T08:30:59+00:00", NAMES[1]: None, "note": str(UUID(int=5))},
    ]
    assert "1.50" in lines[0]


@pytest.mark.security(69)
def test_no_text_of_a_workbook_is_a_formula_or_a_link(tmp_path: Path) -> None:
    target = tmp_path / "table.xlsx"
    write_table("xlsx", target, ["=name"], ([text] for text in TEXTS))
    with zipfile.ZipFile(target) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert sheet.count(b't="inlineStr"') == len(TEXTS) + 1
    assert b"<f" not in sheet
    assert b"hyperlink" not in sheet


def test_numbers_and_dates_of_a_workbook_are_shown_with_their_places(tmp_path: Path) -> None:
    target = tmp_path / "table.xlsx"
    elsewhere = DAY.astimezone(timezone(timedelta(hours=5)))
    table = [
        [Decimal("1.50"), elsewhere, date(1850, 1, 1)],
        [Decimal("0.12345678901234567"), DAY, float("inf")],
    ]
    write_table("xlsx", target, NAMES, table)
    with zipfile.ZipFile(target) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert 'formatCode="yyyy-mm-dd hh:mm:ss"' in styles
    assert back(target)[1:] == [
        ["1.5", "2026-03-31T08:30:59", "1850-01-01"],
        ["0.12345678901234567", "2026-03-31T08:30:59", "inf"],
    ]


@pytest.mark.parametrize(("number", "expected"), [(0, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_sheet_that_is_full_is_followed_by_another(tmp_path: Path, number: int, expected: int) -> None:
    target = tmp_path / "table.xlsx"
    table = [[str(at), "x", "y"] for at in range(number)]
    target.write_bytes(b"".join(piece.content for piece in xlsx_pieces(NAMES, table, sheet_rows=3)))
    names = sheets(target, LIMITS)
    assert len(names) == expected
    last = convert(target, tmp_path / "last.csv", LIMITS, names[-1])
    found = [row.cells for row in rows(tmp_path / "last.csv", last.form, LIMITS)]
    assert found == table[(expected - 1) * 2 :]


def test_text_that_no_cell_of_a_workbook_holds_is_refused(tmp_path: Path) -> None:
    table = [["A1", "Lamp", "x" * 32_767], ["A2", "Lamp", "x" * 32_768]]
    with pytest.raises(Refusal, match="can't hold “note” of row 3: it is longer than 32,767 characters"):
        write_table("xlsx", tmp_path / "table.xlsx", NAMES, table)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("name", [*FORMATS])
def test_file_is_private_and_whole_or_not_there(tmp_path: Path, name: str) -> None:
    target = tmp_path / "table"
    write_table(name, target, NAMES, [["A1", "Lamp", "x"]])
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    before = target.read_bytes()

    def broken() -> Iterator[Sequence[Any]]:
        yield ["A2", "Lamp", "x"]
        raise ConnectionError("the database is away")

    with pytest.raises(ConnectionError):
        write_table(name, target, NAMES, broken())
    assert target.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["table"]


@pytest.mark.parametrize("name", [*FORMATS])
def test_full_disk_is_an_error_of_the_system(tmp_path: Path, name: str) -> None:
    with no_file_grows(2_000), pytest.raises(OSError, match="File too large"):
        write_table(name, tmp_path / "table", NAMES, ((str(at), "Lamp", "x") for at in range(5_000)))
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("name", [*FORMATS])
def test_memory_stays_flat_however_many_rows_are_written(tmp_path: Path, name: str) -> None:
    def peak(number: int) -> int:
        tracemalloc.start()
        write_table(name, tmp_path / "table", NAMES, (["A1", f"Lamp {at}", at] for at in range(number)))
        reached = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return reached

    peak(10)
    assert peak(5_000) < 1.2 * peak(2_000) + 100_000
