"""Faults of a row, whatever its cells mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboard.number_form import number_words
from dashboard.sheets.decoding import has_bad_bytes
from dashboard.sheets.limits import Limits
from dashboard.words import counted

ERRORS = frozenset(
    (
        "#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!",
        "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#PYTHON!", "#EXTERNAL!",
    )
)  # fmt: skip
"""The texts that a spreadsheet shows where a formula has no result."""
CELL_CUT = "A cell of this row is longer than {} characters."


Test = Callable[[str], bool]


class RowFaults:
    """Looks at the rows of a table that has these names."""

    def __init__(self, names: Sequence[str], limits: Limits, *, of_workbook: bool) -> None:
        self.names = names
        self.width = len(names)
        self.longest = limits.cell_length
        longest = self.longest
        self.tests: list[tuple[Test, Test, str]] = [
            (_has_nul, _has_nul, "holds a NUL character."),
            (has_bad_bytes, has_bad_bytes, "holds bytes that are no text in the encoding of the file."),
            (lambda text: len(text) > longest,) * 2
            + (f"is longer than {number_words(longest)} characters.",),
        ]
        if of_workbook:
            why = "holds an error of the spreadsheet, such as #N/A."
            self.tests.append((lambda text: "#" in text, ERRORS.__contains__, why))

    def is_plain(self, cells: Sequence[str], text: str) -> bool:
        """Whether a row, whose cells together are `text`, needs no second look, as nearly all do not."""
        return (
            len(cells) == self.width
            and len(text) <= self.longest
            and "\0" not in text
            and "'" not in text
            and "#" not in text
            and (text.isascii() or not has_bad_bytes(text))
        )

    def of(self, cells: Sequence[str], text: str) -> str | None:
        """Return what is wrong with a row, whose cells together are `text`; None for a good one."""
        if len(cells) != len(self.names):
            return (
                f"This row has {counted(len(cells), 'cell')}, the header has {number_words(len(self.names))}."
            )
        for may_be_at_fault, is_at_fault, why in self.tests:
            if may_be_at_fault(text) and (name := self._column(cells, is_at_fault)):
                return f"“{name}” {why}"
        return None

    def _column(self, cells: Sequence[str], is_at_fault: Test) -> str | None:
        found = zip(self.names, cells, strict=True)
        return next((name for name, cell in found if is_at_fault(cell)), None)


def _has_nul(text: str) -> bool:
    return "\0" in text
