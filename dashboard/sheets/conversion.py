"""A sheet of a workbook made into a CSV file, in a process of its own.

The library lays out the whole sheet in memory, and a hostile file may make it ask for any amount: it ends the
process then. So this one has little memory, little time, no environment and no further files.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import resource
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineSheet, CalamineWorkbook

from dashboard.refusal import Refusal
from dashboard.sheets.cell_text import cell_text
from dashboard.sheets.codes import CodeColumn, code_notes
from dashboard.sheets.extent import Extent
from dashboard.sheets.limits import Limits
from dashboard.sheets.markup import DAMAGED
from dashboard.sheets.signatures import SAVE_AS_CSV
from dashboard.sheets.workbook import UNPACKED, Sheet, Workbook
from dashboard.words import counted, listed

MEMORY = 256 * 1024 * 1024
"""Bytes of addresses for the interpreter and the library, before a sheet is laid out."""
CELL_MEMORY = 200  # for each cell of the sheet, in the library
TEXT_MEMORY = 4  # for each byte of the sheet and of the texts that its cells share
MOST_MEMORY = 4 * 1024**3
TOO_LARGE = f"This workbook needs more memory than the console gives it. {SAVE_AS_CSV}"
TOO_LONG = f"This sheet is too long as text. {SAVE_AS_CSV}"
Answer = dict[str, Any]


def main(command: str, given: str) -> None:
    """Do what the parent process asks for, and answer by a line of JSON on standard output."""
    order = json.loads(given)
    limits = Limits(**order.pop("limits"))
    confine(limits)
    print(json.dumps(_answer(lambda: COMMANDS[command](limits=limits, **order))))  # noqa: T201 - the pipe


def _answer(act: Callable[[], Answer]) -> Answer:
    try:
        return act()
    except Refusal as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        return {"refused": TOO_LARGE}
    except OSError as error:
        refused = {errno.EFBIG: TOO_LONG, errno.EINVAL: DAMAGED, None: DAMAGED}  # EINVAL: a place before 0
        why = refused.get(error.errno)
        return {"refused": why, "reason": repr(error)} if why else {"failed": error.errno}
    except BaseException as error:
        return {"refused": DAMAGED, "reason": repr(error)}


def confine(limits: Limits) -> None:
    """Bound what this process may take: memory, seconds of the processor, bytes that it writes."""
    with suppress(OSError):  # where memory runs out, this process ends and no other
        Path("/proc/self/oom_score_adj").write_text("1000")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (UNPACKED * limits.bytes, UNPACKED * limits.bytes))
    _allow_memory(MEMORY, MOST_MEMORY)


def _allow_memory(soft: int, hard: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (min(soft, hard), hard))


def refuse_files_but_one() -> None:
    """Let this process open one more file; sockets count as files."""
    with open(os.devnull, "rb") as probe:  # noqa: PTH123
        number = probe.fileno() + 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, number))


def list_sheets(path: str, limits: Limits) -> Answer:
    """The names of the sheets that people see."""
    return {"sheets": [sheet.name for sheet in Workbook(Path(path), limits).sheets()]}


def convert(path: str, target: str, sheet: str | None, limits: Limits) -> Answer:
    """Write a sheet to `target`, the first one if no name is given; return its name, and notes for people."""
    workbook = Workbook(Path(path), limits)
    sheets = workbook.sheets()
    chosen = sheets[0] if sheet is None else next((each for each in sheets if each.name == sheet), None)
    if chosen is None:
        raise Refusal(f"This workbook has no sheet “{sheet}” that is visible.", "sheet")
    workbook.check()
    extent = Extent(workbook, chosen.part, limits)
    texts = workbook.shared_bytes + workbook.size(chosen.part)
    needed = MEMORY + CELL_MEMORY * extent.area + TEXT_MEMORY * texts
    _allow_memory(needed, MOST_MEMORY)
    with open(target, "x", encoding="utf-8", newline="", opener=_private) as file:
        refuse_files_but_one()
        table = CalamineWorkbook.from_path(path).get_sheet_by_name(chosen.name)
        notes = [*_others(sheets, chosen), *_merged(table), *SheetText(table, extent).write(file)]
        file.flush()
        os.fsync(file.fileno())
    return {"sheet": chosen.name, "notes": notes}


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _others(sheets: Sequence[Sheet], chosen: Sheet) -> list[str]:
    others = [f"“{sheet.name}”" for sheet in sheets if sheet is not chosen][:5]
    return [f"Only the sheet “{chosen.name}” is read, not {listed(others)}."] if others else []


def _merged(table: CalamineSheet) -> list[str]:
    merged = len(table.merged_cell_ranges or ())
    return (
        [f"This sheet has {counted(merged, 'group')} of merged cells. Each fills its first cell."]
        if merged
        else []
    )


class SheetText:
    """Writes the rows of a sheet as lines of a CSV file; each line has the number of its row."""

    def __init__(self, table: CalamineSheet, extent: Extent) -> None:
        self.table = table
        self.extent = extent
        self.names: list[str] = []
        self.columns = [CodeColumn() for _ in range(extent.last_column - extent.first_column + 1)]

    def write(self, file: IO[str]) -> list[str]:
        """Write all rows; return notes about columns whose numbers may have been codes."""
        lines = csv.writer(file)
        first = self.table.start[1] if self.table.start else 0
        for number, values in enumerate(self.table.iter_rows()):
            cells = [cell_text(value) for value in values]
            for column, error in self.extent.errors.get(number, {}).items():
                cells[column - first] = error.strip()
            if "".join(cells).strip():
                self._look(values, cells)
                lines.writerow(cells)
            else:
                file.write("\r\n")
        return [*code_notes(self.names, self.columns)]

    def _look(self, values: Sequence[object], cells: list[str]) -> None:
        if not self.names:
            self.names = cells
            return
        for column, value in zip(self.columns, values, strict=False):
            column.add(value)


COMMANDS: dict[str, Callable[..., Answer]] = {"sheets": list_sheets, "convert": convert}
