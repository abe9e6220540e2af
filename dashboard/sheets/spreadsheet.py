"""Workbooks (.xlsx) as text: everything after that reads one kind of file.

A workbook is read in a process of its own, `dashboard.sheets.conversion`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.sheets.file_format import CONVERTED, FileFormat
from dashboard.sheets.limits import Limits
from dashboard.sheets.signatures import SAVE_AS_CSV

ROOT = Path(__file__).parents[2]
CODE = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from dashboard.sheets.conversion import main
main(*sys.argv[2:])
"""
ENDED = f"This workbook can't be read: it needs more memory or time than the console gives it. {SAVE_AS_CSV}"


@dataclass(frozen=True)
class Converted:
    """A sheet that was made text: how to read it, its name, and notes that its user should see."""

    form: FileFormat
    sheet: str
    notes: tuple[str, ...]


def sheets(path: Path, limits: Limits) -> tuple[str, ...]:
    """The names of the sheets of a workbook, without hidden ones. Raises `Refusal` where it can't be read."""
    return tuple(_ask("sheets", limits, path=str(path))["sheets"])


def convert(path: Path, target: Path, limits: Limits, sheet: str | None = None) -> Converted:
    """Write a sheet, the first visible one if no name is given, to the CSV file `target`.

    `target` is replaced, and exists only as a whole. Raises `Refusal` where the sheet can't be read, OSError
    where the file can't be written.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        answer = _ask("convert", limits, path=str(path), target=str(part), sheet=sheet)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return Converted(CONVERTED, answer["sheet"], tuple(answer["notes"]))


def _folders() -> str:
    """The folders of modules that this process knows; the other one does not look at the environment."""
    return json.dumps([str(folder.absolute()) for folder in (ROOT, *map(Path, sys.path))])


def _ask(command: str, limits: Limits, **order: object) -> dict[str, Any]:
    """Let a process of its own do something. It gets no environment, no files and no standard input."""
    given = json.dumps({**order, "limits": asdict(limits)})
    line = [sys.executable, "-I", "-B", "-c", CODE, _folders(), command, given]
    try:
        done = subprocess.run(  # noqa: S603 - this program, and nothing of the file's choosing
            line,
            env={},
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal(
            f"This workbook took longer than {number_words(limits.seconds)} seconds to read. {SAVE_AS_CSV}"
        ) from error
    answer: dict[str, Any] = {"refused": ENDED}
    with suppress(ValueError):  # a process that was ended says nothing
        answer = json.loads(done.stdout)
    if "failed" in answer:
        raise OSError(answer["failed"], os.strerror(answer["failed"]))
    if "refused" in answer:
        raise Refusal(answer["refused"]) from RuntimeError(answer.get("reason", f"exit {done.returncode}"))
    return answer
