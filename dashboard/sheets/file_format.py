"""How the table in a file is written down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

Source = Path | BinaryIO
"""A file, or bytes that can be read from their beginning again."""


@dataclass(frozen=True)
class FileFormat:
    """The facts about a file that a reader needs; its fields are plain values that can be stored as JSON.

    ``skipped`` lines come before the header: the ``sep=;`` of Excel, which shows it to nobody.
    ``of_workbook`` says that the text was made of a workbook, so that ``#N/A`` in it is an error.
    """

    kind: Literal["text", "workbook"] = "text"
    encoding: str = "utf-8"
    delimiter: str = ","
    skipped: int = 0
    of_workbook: bool = False


CONVERTED = FileFormat(of_workbook=True)
"""The format of the text that a workbook is made into."""


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """The bytes of `source` from their beginning; a stream that was given stays open."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file
    else:
        source.seek(0)
        yield source
