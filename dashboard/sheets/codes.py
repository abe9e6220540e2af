"""Warnings of numbers that were codes: a spreadsheet has taken their leading zeros or last digits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dashboard.sheets.cell_text import DIGITS
from dashboard.sheets.names import letters

CODES = re.compile(
    r"\b(?:sku|ean|gtin|upc|isbn|code|barcode|zip|postcode|postal|plz|phone|telephone|mobile|fax|account|article|"
    r"serial)\b",
    re.IGNORECASE,
)
ZERO = re.compile(r"0\d")


class CodeColumn:
    """Counts what may be codes in a column: whole numbers, and texts that begin with a zero."""

    def __init__(self) -> None:
        self.numbers = 0
        self.longest = 0.0
        self.with_zero = ""

    def add(self, value: object) -> None:
        """Look at the value of a cell below the header."""
        if type(value) is float:
            if value >= 0 and value.is_integer():
                self.numbers += 1
                self.longest = max(self.longest, value)
        elif not self.with_zero and type(value) is str and ZERO.match(value):
            self.with_zero = value


def code_notes(names: Sequence[str], columns: Sequence[CodeColumn]) -> Iterator[str]:
    """A sentence for each column whose numbers may not be what was typed."""
    for position, column in enumerate(columns):
        name = names[position][:60] or f"column {letters(position)}"
        words = name.replace("_", " ").replace("-", " ")
        if column.longest >= 10**DIGITS:
            yield f"“{name}” holds numbers of over {DIGITS} digits. Spreadsheets change the last ones to 0."
        if column.numbers and column.with_zero:
            yield (
                f"“{name}” holds numbers beside texts such as {column.with_zero[:40]}. "
                "The numbers may have lost leading zeros."
            )
        elif column.numbers and CODES.search(words):
            yield f"“{name}” holds numbers. If they are codes, they may have lost leading zeros."
