"""How much a sheet holds, counted before it is read as a whole, and the cells that hold an error.

A reader that lays out all rows and columns between the first and the last cell needs memory for each of them,
also where a file of some kilobytes holds two cells at opposite ends.
"""

from __future__ import annotations

from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.sheets.limits import SHEET_COLUMNS, Limits
from dashboard.sheets.markup import DAMAGED, local, parser_for
from dashboard.sheets.names import letters
from dashboard.sheets.signatures import SAVE_AS_CSV
from dashboard.sheets.workbook import Workbook

SHEET_ROWS = 1_048_576  # of Excel
MOST_ERRORS = 100_000
DIGITS = "0123456789"
HAS_RESULT = frozenset(("v", "is"))


class Extent:
    """Counts the cells of one part of a workbook.

    Rows and columns are counted from 0. ``first_row``, ``last_row``, ``first_column`` and ``last_column`` are
    those of the rectangle around every cell that holds something; an empty sheet has ``last_row`` -1.
    ``errors`` has the text of each error, such as ``#N/A``, by row and column. Raises `Refusal` where the
    sheet is larger than `limits`, and where formulas have no stored results.
    """

    def __init__(self, workbook: Workbook, part: str, limits: Limits) -> None:
        self.limits = limits
        self.cells = 0
        self.first_row, self.first_column = SHEET_ROWS, SHEET_COLUMNS
        self.last_row = self.last_column = -1
        self.errors: dict[int, dict[int, str]] = {}
        self._most_errors = MOST_ERRORS
        self._columns: dict[str, int] = {}
        self._row_text = self._reference = ""
        self._row = self._column = -1
        self._is_error = self._lacks_result = False
        self._parser = parser_for(self._start)
        workbook.read(part, self._parser)
        self._close()

    @property
    def area(self) -> int:
        """The cells of the rectangle, blank ones too."""
        return max(0, self.last_row - self.first_row + 1) * max(0, self.last_column - self.first_column + 1)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self._close()
            self.cells += 1
            self._column += 1
            self._reference = attributes.get("r", "")
            self._is_error = attributes.get("t") == "e"
        elif name in HAS_RESULT:
            self._lacks_result = False
            self._extend()
        elif name == "f":
            self._lacks_result = True
        elif name == "row":
            self._close()
            self._begin_row(attributes.get("r", ""))

    def _begin_row(self, number: str) -> None:
        self._row_text = number
        self._row = _row(number) if number else self._row + 1
        self._column = -1

    def _extend(self) -> None:
        """Include the cell in the rectangle: it holds something."""
        self._locate()
        row, column = self._row, self._column
        if not self.first_row <= row <= self.last_row or not self.first_column <= column <= self.last_column:
            self.first_row, self.last_row = min(self.first_row, row), max(self.last_row, row)
            self.first_column = min(self.first_column, column)
            self.last_column = max(self.last_column, column)
            self._refuse_large()
        if self._is_error:
            self._parser.CharacterDataHandler = self._text

    def _locate(self) -> None:
        """Find row and column of the cell, if it says them and is not just the next one."""
        if not self._reference:
            return
        name = self._reference.rstrip(DIGITS)
        number = self._reference[len(name) :]
        if number != self._row_text:
            self._begin_row(number)
        try:
            self._column = self._columns[name]
        except KeyError:
            self._column = self._columns[name] = _position(name)

    def _close(self) -> None:
        """Leave the cell. A formula that was never calculated would read as an empty cell."""
        if self._lacks_result:
            self._locate()
            raise Refusal(
                f"The formula in {letters(self._column)}{self._row + 1} has no stored result. "
                "Open the file in a spreadsheet program, save it and try again."
            )
        if self._is_error:
            self._parser.CharacterDataHandler = None
        if self.cells > self.limits.cells:
            raise Refusal(f"This sheet has more than {number_words(self.limits.cells)} cells. {SAVE_AS_CSV}")

    def _refuse_large(self) -> None:
        if self.area > self.limits.cells:
            first = f"{letters(self.first_column)}{self.first_row + 1}"
            last = f"{letters(self.last_column)}{self.last_row + 1}"
            raise Refusal(
                f"This sheet has more than {number_words(self.limits.cells)} cells between {first} "
                f"and {last}. Delete what is not part of the table, or save the sheet as CSV."
            )
        most = self.limits.columns
        if self.last_column - self.first_column >= most:
            used = f"{letters(self.first_column)} to {letters(self.last_column)}"
            raise Refusal(
                f"This sheet uses columns {used}. {number_words(most)} columns are allowed. "
                "Delete the others."
            )

    def _text(self, text: str) -> None:
        found = self.errors.setdefault(self._row, {})
        found[self._column] = found.get(self._column, "") + text[:20]
        self._most_errors -= 1
        if self._most_errors < 0:
            raise Refusal(
                f"More than {number_words(MOST_ERRORS)} cells of this sheet hold errors such as #N/A."
            )


def _row(text: str) -> int:
    """The row of this number, counted from 0."""
    if not text.isascii() or not text.isdigit() or len(text) > 7 or not 0 < int(text) <= SHEET_ROWS:
        raise Refusal(DAMAGED)
    return int(text) - 1


def _position(name: str) -> int:
    """The column of these letters, counted from 0."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    if not name.isascii() or not name.isalpha() or len(name) > 3 or number > SHEET_COLUMNS:
        raise Refusal(DAMAGED)
    return number - 1
