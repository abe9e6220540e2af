"""Values as a workbook (.xlsx), row by row: numbers stay numbers, dates dates, and no text is a formula."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxFileError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.sheets.cell_text import DIGITS, number_text
from dashboard.sheets.extent import SHEET_ROWS
from dashboard.sheets.pieces import Piece, Rows, in_batches

TEXT_LENGTH = 32_767  # of Excel
FIRST_YEAR = 1901  # Excel counts days from 1900, and takes that for a leap year
MOST_PLACES = 20
BYTES_AT_ONCE = 256 * 1024
DAY = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm:ss"


def xlsx_pieces(header: Sequence[str], rows: Rows, sheet_rows: int = SHEET_ROWS) -> Iterator[Piece]:
    """A workbook with these rows below its header.

    A sheet has at most `sheet_rows` rows with its header; the next ones go to another. Its bytes come after
    the last row; until then rows wait in files, not in memory. Raises Refusal where a text is too long for a
    cell, OSError where the disk is full.
    """
    with TemporaryDirectory(prefix="dashboard-") as folder:
        target = Path(folder) / "table.xlsx"
        book = Workbook(target, {"constant_memory": True, "tmpdir": folder})
        try:
            sheets = _Sheets(book, header, sheet_rows)
            for batch in in_batches(rows):
                sheets.write(batch)
                yield Piece(b"", len(batch))
        finally:
            _close(book)
        with target.open("rb") as file:
            while content := file.read(BYTES_AT_ONCE):
                yield Piece(content, 0)


def _close(book: Workbook) -> None:
    try:
        book.close()
    except XlsxFileError as error:
        raise next((cause for cause in error.args if isinstance(cause, OSError)), error) from error


class _Sheets:
    """The sheets of a workbook, filled one after the other."""

    def __init__(self, book: Workbook, header: Sequence[str], sheet_rows: int) -> None:
        self.header = header
        self.sheet_rows = sheet_rows
        self.book = book
        self.formats: dict[str, Format] = {}
        self.bold = self.book.add_format({"bold": True})
        self.writers: dict[type, Callable[[int, Any], object]] = {
            type(None): lambda _column, _value: None,
            bool: lambda column, value: self.sheet.write_boolean(self.row, column, value),
            int: self._whole,
            float: self._float,
            Decimal: self._decimal,
            date: self._day,
            datetime: self._moment,
        }
        self._begin_sheet()

    def write(self, rows: Rows) -> None:
        for values in rows:
            if self.row == self.sheet_rows:
                self._begin_sheet()
            for column, value in enumerate(values):
                self.writers.get(type(value), self._text)(column, value)
            self.row += 1

    def _begin_sheet(self) -> None:
        self.sheet: Worksheet = self.book.add_worksheet()
        self.sheet.freeze_panes(1, 0)
        for column, name in enumerate(self.header):
            self.sheet.write_string(0, column, name, self.bold)
        self.row = 1

    def _text(self, column: int, value: Any) -> None:
        text = str(value)
        if len(text) > TEXT_LENGTH:  # in which the library would leave the cell empty
            raise Refusal(
                f"A workbook can't hold “{self.header[column]}” of row "
                f"{number_words(self.row + 1)}: it is longer than "
                f"{number_words(TEXT_LENGTH)} characters. Export a CSV file instead."
            )
        self.sheet.write_string(self.row, column, text)

    def _whole(self, column: int, value: int) -> None:
        self._number(column, value) if abs(value) < 10**DIGITS else self._text(column, value)

    def _float(self, column: int, value: float) -> None:
        self._number(column, value) if math.isfinite(value) else self._text(column, value)

    def _decimal(self, column: int, value: Decimal) -> None:
        if not value.is_finite() or Decimal(number_text(float(value))) != value:
            self._text(column, value)  # more digits than a spreadsheet keeps of a number
            return
        places = min(MOST_PLACES, max(0, -int(value.as_tuple().exponent)))
        self._number(column, float(value), f"0.{'0' * places}" if places else "0")

    def _number(self, column: int, value: float, shown: str = "") -> None:
        self.sheet.write_number(self.row, column, value, self._format(shown) if shown else None)

    def _day(self, column: int, value: date) -> None:
        if value.year < FIRST_YEAR:
            self._text(column, value.isoformat())
        else:
            self.sheet.write_datetime(self.row, column, value, self._format(DAY))

    def _moment(self, column: int, value: datetime) -> None:
        plain = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        if plain.year < FIRST_YEAR:
            self._text(column, plain.isoformat(timespec="seconds"))
        else:
            self.sheet.write_datetime(self.row, column, plain, self._format(MOMENT))

    def _format(self, shown: str) -> Format:
        if shown not in self.formats:
            self.formats[shown] = self.book.add_format({"num_format": shown})
        return self.formats[shown]
