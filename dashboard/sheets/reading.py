"""The rows of a text, one by one: a fault is one of its row, and the next row is read.

Memory does not grow with the file. Where a quote is not closed, nobody can tell where the next row begins,
and the file is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.sheets.faults import CELL_CUT, RowFaults
from dashboard.sheets.file_format import FileFormat, Source
from dashboard.sheets.limits import FIELD_LENGTH, Limits
from dashboard.sheets.names import checked_names
from dashboard.sheets.neutralising import plain
from dashboard.sheets.records import Records, opened_records


class SheetRow(NamedTuple):
    """A row: its number in a spreadsheet, its cells, and what is wrong with it.

    The first row of the file has number 1. ``line`` is the line of the file on which the row ends, a higher
    number where cells hold line breaks. A row with a fault may have fewer or more cells than the header.
    """

    number: int
    cells: list[str]
    fault: str | None
    line: int


class SheetRows:
    """Iterates over the rows below the header whose number is above `start`.

    ``blank`` counts the rows that were skipped since they hold nothing. Raises `Refusal` where the header or
    the rest of a file cannot be read.
    """

    def __init__(self, source: Source, form: FileFormat, limits: Limits, start: int = 0) -> None:
        self.source = source
        self.form = form
        self.limits = limits
        self.start = start
        self.blank = 0

    def __iter__(self) -> Iterator[SheetRow]:
        self.blank = 0
        with opened_records(self.source, self.form) as records:
            found = iter(records)
            names = _names(found, self.form, self.limits)
            faults = RowFaults(names, self.limits, of_workbook=self.form.of_workbook)
            highest = records.number + self.limits.rows
            for cells in found:
                number = records.number
                if number <= self.start:
                    continue
                if number > highest:
                    raise Refusal(f"This file has more than {number_words(self.limits.rows)} rows. Split it.")
                text = "".join(cells)
                if not text or text.isspace():
                    self.blank += 1
                elif faults.is_plain(cells, text) and not records.has_cut_cell:
                    yield SheetRow(number, cells, None, records.line)
                else:
                    yield self._row(records, cells, text, faults)

    def _row(self, records: Records, cells: list[str], text: str, faults: RowFaults) -> SheetRow:
        width = len(faults.names)
        if len(cells) > width and not "".join(cells[width:]).strip():
            del cells[width:]  # spreadsheets write as many as the widest row has
        fault = (
            CELL_CUT.format(number_words(FIELD_LENGTH)) if records.has_cut_cell else faults.of(cells, text)
        )
        if "'" in text and not self.form.of_workbook:
            cells = [plain(cell) for cell in cells]
        return SheetRow(records.number, cells[: self.limits.columns], fault, records.line)


def rows(source: Source, form: FileFormat, limits: Limits, start: int = 0) -> SheetRows:
    """The rows of a text below its header; the rows up to number `start` are read and passed over.

    A workbook has to be made text first: `dashboard.sheets.spreadsheet.convert`.
    """
    return SheetRows(source, form, limits, start)


def header(source: Source, form: FileFormat, limits: Limits) -> tuple[str, ...]:
    """The names of the columns, in the first row that is not blank.

    Raises `Refusal` where a name is missing or the same as another, and where no row follows.
    """
    with opened_records(source, form) as records:
        found = iter(records)
        names = _names(found, form, limits)
        if not any("".join(cells).strip() for cells in found):
            raise Refusal("This file has a header, but no rows below it.")
        return names


def _names(records: Iterator[list[str]], form: FileFormat, limits: Limits) -> tuple[str, ...]:
    first = next((cells for cells in records if "".join(cells).strip()), None)
    if first is None:
        raise Refusal("This file is empty.")
    return checked_names(first if form.of_workbook else [plain(cell) for cell in first], limits)
