"""A text cut into records of cells, each read no further than a row may be long."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.sheets.decoding import MARKING
from dashboard.sheets.file_format import FileFormat, Source, opened
from dashboard.sheets.limits import FIELD_LENGTH, ROW_LENGTH

CUT = 1000  # characters that stay of a line with a cell that the reader of Python does not take
NOT_CLOSED = (
    'a quote (") opens a cell and is not closed within {most} characters. Close it, or save the file again '
    "from a spreadsheet program."
)
NOT_DOUBLED = (
    'text follows a closing quote ("). Write a quote inside a quoted cell twice (""), or save the file again '
    "from a spreadsheet program."
)


class Records:
    """Iterates over the cells of each record, blank ones too, which are empty lists.

    ``number`` is that of the record, as a spreadsheet counts rows; ``line`` the line of the file on which it
    ends; ``has_cut_cell`` says that a cell was too long to be read. Raises `Refusal` where a quote makes it
    impossible to tell where the next record begins, and for a record that is longer than any row may be.
    """

    def __init__(self, readline: Callable[[int], str], form: FileFormat) -> None:
        self.number = 0
        self.line = 0
        self.has_cut_cell = False
        self._readline = readline
        self._delimiter = form.delimiter
        self._begun = self._length = 0

    def __iter__(self) -> Iterator[list[str]]:
        # The sign for quotes is never guessed: an apostrophe is a letter, and "" is always one quote.
        reader = csv.reader(self._lines(), delimiter=self._delimiter, quotechar='"', strict=True)
        while True:
            self._begun, self._length = self.line, 0
            self.has_cut_cell = False
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                is_doubling = "expected after" in str(error)
                raise self._refused(NOT_DOUBLED if is_doubling else NOT_CLOSED, FIELD_LENGTH) from error
            self.number += 1
            yield cells

    def _lines(self) -> Iterator[str]:
        while line := self._readline(ROW_LENGTH + 1):
            self.line += 1
            self._length += len(line)
            if self._length > ROW_LENGTH:
                raise self._refused("it is longer than {most} characters.", ROW_LENGTH)
            if len(line) > FIELD_LENGTH and '"' not in line and self._is_cell_too_long(line):
                self.has_cut_cell = True
                line = f"{line[:CUT]}\n"
            yield line

    def _is_cell_too_long(self, line: str) -> bool:
        return max(map(len, line.split(self._delimiter))) > FIELD_LENGTH

    def _refused(self, why: str, most: int) -> Refusal:
        row, line = self.number + 1, self._begun + 1
        where = (
            f"Row {number_words(row)}"
            if row == line
            else f"Row {number_words(row)}, which begins on line {number_words(line)} of the file,"
        )
        return Refusal(f"{where} can't be read: {why.format(most=number_words(most))}")


@contextmanager
def opened_records(source: Source, form: FileFormat) -> Iterator[Records]:
    """The records of a text, without the lines that are no part of its table."""
    with opened(source) as file:
        text = io.TextIOWrapper(file, form.encoding, MARKING, newline="")
        try:
            for _ in range(form.skipped):
                text.readline(ROW_LENGTH)
            yield Records(text.readline, form)
        finally:
            text.detach()
