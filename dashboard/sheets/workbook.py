"""The parts of an .xlsx workbook, bounded before anything reads it as a whole."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple
from xml.parsers import expat

from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.sheets.limits import Limits
from dashboard.sheets.markup import DAMAGED, local, parse, parser_for
from dashboard.sheets.signatures import SAVE_AS_CSV, members, part_name

RELATIONS = "_rels/.rels"
SHARED_TEXTS = "sharedstrings.xml"
OTHERS = (SHARED_TEXTS, "styles.xml")
UNPACKED = 10
"""How many times as large as a file may be its parts may be together, unpacked."""
FREE = 32 * 1024 * 1024
PACKED = 200
"""How many times as large a part above `FREE` bytes may become; tables reach 50, bombs 1,000."""
HIDDEN = {"hidden", "veryHidden"}
MOST_SHEETS = 1000


class Sheet(NamedTuple):
    """A sheet that people see, and the part that holds it."""

    name: str
    part: str


class Workbook:
    """The parts of the workbook at `path`. Raises Refusal where it is damaged or unpacks to too much."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        with path.open("rb") as file:
            found = members(file)
        self.parts = {part_name(member).lower(): member for member in found}
        if len(self.parts) != len(found):  # two readers might read two of them
            raise Refusal(DAMAGED)
        if any(member.flag_bits & 1 for member in found):
            raise Refusal(f"This workbook has a password. {SAVE_AS_CSV}")
        self.unpacked = sum(member.file_size for member in found)
        if self.unpacked > UNPACKED * limits.bytes or any(map(_is_bomb, found)):
            raise Refusal(f"This workbook unpacks to far more than a table needs. {SAVE_AS_CSV}")

    @property
    def shared_bytes(self) -> int:
        """The bytes of the texts that cells share, unpacked."""
        return sum(part.file_size for name, part in self.parts.items() if name.endswith(SHARED_TEXTS))

    def size(self, part: str) -> int:
        """The bytes of a part, unpacked."""
        member = self.parts.get(part.lower())
        return member.file_size if member else 0

    def read(self, part: str, parser: expat.XMLParserType) -> None:
        """Parse a part; one that is missing is damaged."""
        with self._opened(part) as file:
            parse(file, parser)

    def check(self) -> None:
        """Refuse a DTD in the parts that hold texts and formats."""
        for part in self.parts:
            if part.endswith(OTHERS):
                self.read(part, parser_for())

    def sheets(self) -> list[Sheet]:
        """The sheets that people see, in their order."""
        main = next(iter(self._targets(RELATIONS, "/", "/officeDocument").values()), "")
        folder, name = posixpath.split(main)
        targets = self._targets(posixpath.join(folder, "_rels", f"{name}.rels"), f"/{folder}", "/worksheet")
        found: list[Sheet] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            values = {local(key): value for key, value in attributes.items()}
            part = targets.get(values.get("id", ""))
            if local(name) == "sheet" and part and values.get("state") not in HIDDEN and "name" in values:
                found.append(Sheet(values["name"], part))
            if len(found) > MOST_SHEETS:
                raise Refusal(
                    f"This workbook has more than {number_words(MOST_SHEETS)} sheets. {SAVE_AS_CSV}"
                )

        self.read(main, parser_for(start))
        if not found:
            raise Refusal("This workbook has no sheet that is visible.")
        return found

    def _targets(self, part: str, folder: str, kind: str) -> dict[str, str]:
        """The parts of a kind that `part` names, by what it calls them."""
        found: dict[str, str] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "Relationship" and attributes.get("Type", "").endswith(kind):
                target = posixpath.normpath(posixpath.join(folder, attributes.get("Target", "")))
                found[attributes.get("Id", "")] = target.lstrip("/")

        self.read(part, parser_for(start))
        return found

    @contextmanager
    def _opened(self, part: str) -> Iterator[IO[bytes]]:
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.parts[part.lower()]) as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, EOFError, ValueError) as error:
            raise Refusal(DAMAGED) from error


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size > FREE and member.file_size > PACKED * member.compress_size
