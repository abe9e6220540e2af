"""A ZIP with a table and the files that its rows name. They are read as streams; no name of it is a path."""

from __future__ import annotations

import hashlib
import re
import stat
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import BinaryIO, NamedTuple

from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.sheets.limits import Limits
from dashboard.sheets.signatures import ZIP, is_document, refuse_large_directory
from dashboard.text.characters import is_control, is_invisible
from dashboard.text.shortening import quoted
from dashboard.words import MEGABYTE, listed, size_words

MOST_ENTRIES = 20_000
DIRECTORY_BYTES = 4 * MEGABYTE
UNPACKED = 10
"""How many times as large as an uploaded file may be all entries of a ZIP together, unpacked."""
PIECE = 256 * 1024
TABLES = (".csv", ".tsv", ".xlsx")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED, UTF_8 = 0x1, 0x800
"""Flags of an entry."""
HEAD_BYTES = 30
"""The least bytes before the content of an entry."""
HIDDEN = "__MACOSX"
DRIVE = re.compile(r"[A-Za-z]:")
ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|data:", re.IGNORECASE)
DAMAGED = "This ZIP is damaged. Pack the files again."
TOO_MANY = "This ZIP has too many files. {} are allowed."
TOO_LARGE = "The files in this ZIP are too large. {} are allowed, unpacked."
UNSAFE = "This ZIP has a file with an unsafe name: {}. Pack the files again."
NO_TABLE = "This ZIP has no table. Add one CSV file or .xlsx workbook, whose rows name the files."
TABLES_FOUND = "This ZIP has several tables: {}. Leave one of them."
ONLY_ZIP = "Files come from the ZIP only."
FAULTS = (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError)
"""The errors by which the library says that a ZIP is damaged."""


class Entry(NamedTuple):
    """A file in a ZIP: its path with slashes, in composed Unicode, and what the directory says."""

    path: str
    info: zipfile.ZipInfo

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The path of its folder; blank for one in no folder."""
        return self.path.rpartition("/")[0]


class Archive:
    """The files in a ZIP. Raises Refusal where it is damaged, or has too many, too large or unsafe ones.

    Folders, files whose names begin with a dot and those that a Mac adds are left out.
    """

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        refuse_large_directory(file, DIRECTORY_BYTES, TOO_MANY.format(number_words(MOST_ENTRIES)))
        with _damage_refused():
            self.zip = zipfile.ZipFile(file)
        infos = self.zip.infolist()
        if len(infos) > MOST_ENTRIES:
            raise Refusal(TOO_MANY.format(number_words(MOST_ENTRIES)))
        most = UNPACKED * limits.bytes
        if sum(each.file_size for each in infos) > most:
            raise Refusal(TOO_LARGE.format(size_words(most)))
        _refuse_overlaps(infos)
        self.entries = [Entry(path, info) for info in infos if (path := _path_of(info))]
        self.by_path: Mapping[str, list[Entry]] = defaultdict(list)
        self.by_name: Mapping[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            self.by_path[_folded(entry.path)].append(entry)
            self.by_name[_folded(entry.name)].append(entry)

    def table(self) -> Entry:
        """The table in the outermost folder; raises Refusal where there is none, or several."""
        found = [each for each in self.entries if each.name.lower().endswith(TABLES)]
        if not found:
            raise Refusal(NO_TABLE)
        depth = min(each.path.count("/") for each in found)
        outer = [each for each in found if each.path.count("/") == depth]
        if len(outer) > 1:
            raise Refusal(TABLES_FOUND.format(listed([quoted(each.path) for each in outer[:3]])))
        return outer[0]

    def find(self, text: str, folder: str) -> Entry:
        """The file that a cell names by its path, its path in `folder`, or its name; raises Refusal."""
        if ADDRESS.match(text):
            raise Refusal(ONLY_ZIP)
        path = _plain(text).removeprefix("./")
        inner = f"{folder}/{path}" if folder else path
        found = self._one(self.by_path, path) or self._one(self.by_path, inner)
        if found is None and "/" not in path:
            found = self._one(self.by_name, path)
        if found is None:
            raise Refusal(f"{quoted(text)} is not in the ZIP.")
        return found

    def _one(self, known: Mapping[str, list[Entry]], name: str) -> Entry | None:
        """The entry with this name; one that is written in the same case comes before others."""
        found = known.get(_folded(name), [])
        exact = [each for each in found if name in (each.path, each.name)] or found
        if len(exact) > 1:
            raise Refusal(f"The ZIP has several files called {quoted(name)}.")
        return exact[0] if exact else None

    def copy(self, entry: Entry, target: BinaryIO, most: int, why: str) -> str:
        """Write the bytes of an entry to `target`, and return their SHA-256.

        Raises Refusal with the sentence `why` for more than `most` bytes, and where it cannot be read.
        """
        if fault := _fault_of(entry.info):
            raise Refusal(fault)
        if entry.info.file_size > most:
            raise Refusal(why)
        digest, size = hashlib.sha256(), 0
        for piece in self._pieces(entry.info):
            target.write(piece)
            digest.update(piece)
            size += len(piece)
        if size != entry.info.file_size:
            raise Refusal(DAMAGED)
        return digest.hexdigest()

    def _pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes of an entry: the library reads no more of them than its directory says there are."""
        with _damage_refused():
            source = self.zip.open(info)
        with source:
            while True:
                with _damage_refused():
                    piece = source.read(PIECE)
                if not piece:
                    return
                yield piece


def read_archive(file: BinaryIO, name: str, limits: Limits) -> Archive | None:
    """The ZIP in a file; None where it is no ZIP, or a workbook or another document that is a zip as well.

    A bad file whose `name` is that of a workbook is left to the part that reads these and says more. So is a
    damaged one that is not called like a ZIP.
    """
    file.seek(0)
    if not file.read(len(ZIP[0])).startswith(ZIP):
        return None
    try:
        archive = Archive(file, limits)
    except Refusal as refusal:
        is_workbook = name.lower().endswith(".xlsx")
        if is_workbook or (str(refusal) == DAMAGED and not name.lower().endswith(".zip")):
            return None
        raise
    return None if is_document({each.path for each in archive.entries}) else archive


@contextmanager
def _damage_refused() -> Iterator[None]:
    """Raise Refusal for what the library raises about a damaged ZIP."""
    try:
        yield
    except FAULTS as error:
        raise Refusal(DAMAGED) from error


def _path_of(info: zipfile.ZipInfo) -> str:
    """The path of an entry, blank for one that is left out; raises Refusal where it leads elsewhere."""
    name = info.orig_filename
    if not info.flag_bits & UTF_8:
        with suppress(UnicodeError):  # a Mac writes UTF-8 and does not say so
            name = name.encode("cp437").decode()
    path = _plain(name)
    parts = path.split("/")
    if "\0" in name or path.startswith("/") or DRIVE.match(path) or ".." in parts:
        raise Refusal(UNSAFE.format(quoted(_visible(path))))
    if path.endswith("/") or any(part.startswith(".") or part == HIDDEN for part in parts if part != "."):
        return ""
    return "/".join(part for part in parts if part not in ("", "."))


def _plain(name: str) -> str:
    """A path with slashes, in the composed form of Unicode."""
    return unicodedata.normalize("NFC", name.strip()).replace("\\", "/")


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path.casefold())


def _visible(name: str) -> str:
    return "".join("?" if is_control(sign) or is_invisible(sign) else sign for sign in name)


def _refuse_overlaps(infos: Sequence[zipfile.ZipInfo]) -> None:
    """Raise Refusal where entries share bytes, by which a small ZIP has any number of large files."""
    end = 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset < end:
            raise Refusal(DAMAGED)
        end = info.header_offset + HEAD_BYTES + len(info.orig_filename) + info.compress_size


def _fault_of(info: zipfile.ZipInfo) -> str:
    """Why an entry can't be read; blank where it can."""
    if info.flag_bits & ENCRYPTED:
        return "This file has a password. Pack it without one."
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "This is a link, not a file."
    return "" if info.compress_type in METHODS else "This file is packed in an unknown way. Pack it again."
