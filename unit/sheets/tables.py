"""Tables in memory, read as a file is."""

import io
from dataclasses import replace

from dashboard.sheets.encodings import EncodingQuestion
from dashboard.sheets.file_format import FileFormat
from dashboard.sheets.limits import Limits
from dashboard.sheets.reading import SheetRow, header, rows
from dashboard.sheets.recognising import recognise

LIMITS = Limits(bytes=50_000_000, rows=1000, columns=20, cell_length=1000, cells=20_000, seconds=30)


def content(text: str | bytes) -> io.BytesIO:
    """A file that holds this text."""
    return io.BytesIO(text.encode() if isinstance(text, str) else text)


def recognised(text: str | bytes, **given: str) -> FileFormat:
    """The format of a text about which nothing is asked."""
    found = recognise(content(text), LIMITS, **given)
    assert isinstance(found, FileFormat)
    return found


def asked(text: bytes) -> EncodingQuestion:
    """The question that a text leads to."""
    found = recognise(content(text), LIMITS)
    assert isinstance(found, EncodingQuestion)
    return found


def read(text: str | bytes, start: int = 0, limits: Limits = LIMITS, **changes: object) -> list[SheetRow]:
    """The rows of a text, as an import reads them."""
    form = recognised(text)
    return list(rows(content(text), replace(form, **changes), limits, start))


def names(text: str | bytes) -> tuple[str, ...]:
    """The header of a text."""
    return header(content(text), recognised(text), LIMITS)
