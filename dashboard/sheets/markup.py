"""XML of strangers, read piece by piece: nothing in it makes more of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from dashboard.refusal import Refusal
from dashboard.sheets.signatures import SAVE_AS, SAVE_AS_CSV

PIECE = 64 * 1024
LONGEST_TAG = 1024 * 1024
DAMAGED = f"This workbook is damaged. {SAVE_AS}"
Start = Callable[[str, dict[str, str]], None]


def parser_for(start: Start | None = None) -> expat.XMLParserType:
    """A parser that calls `start` for each element, and refuses every DTD: entities are made in one."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    if start:
        parser.StartElementHandler = start
    return parser


def parse(file: IO[bytes], parser: expat.XMLParserType) -> None:
    """Read a file to its end. Raises Refusal where it is no XML, or one of its tags has no end in sight."""
    fed = 0
    try:
        while piece := file.read(PIECE):
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > LONGEST_TAG:  # the parser holds an unfinished tag in memory
                raise Refusal(f"This workbook holds a tag that is too long. {SAVE_AS_CSV}")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refusal(DAMAGED) from error


def local(name: str) -> str:
    """The name of an element without its prefix."""
    return name.rpartition(":")[2]


def _refuse(*_declared: object) -> None:
    raise Refusal(f"This workbook declares types of its own (a DTD). {SAVE_AS}")
