"""The files of records in an export: as addresses in the console, or by their names in a ZIP."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from unicodedata import normalize

from flask import request
from sqlalchemy import select

from dashboard.admin.features.record_files import RecordFiles
from dashboard.admin.kit.pictures import FULL, file_url
from dashboard.admin.kit.screen import Screen
from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.files.lists import Attached, Files, keys_in
from dashboard.files.models import StoredFile
from dashboard.files.place import FileMissing
from dashboard.files.store import files_store
from dashboard.files.storing import WHOLE, clean_file_name, part_name
from dashboard.importing.archive import MOST_ENTRIES
from dashboard.listing.columns import Column
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.search.index import among
from dashboard.sheets.several import joined
from dashboard.words import MEGABYTE, counted, size_words

LEAVE_OUT, LINKS, IN_ZIP = "leave", "links", "zip"
CHOICES: Mapping[str, str] = {LEAVE_OUT: "Leave out", LINKS: "As links", IN_ZIP: "In a ZIP"}
MOST_BYTES = 2048 * MEGABYTE
"""The most bytes of a ZIP, which waits in the database until it is downloaded."""
KEY_LENGTH, STEM_LENGTH = 60, 80
WEBP = ".webp"
NO_KEY = re.compile(r"[^a-z0-9_-]")
NO_NAME = re.compile(r'[<>:"/\\|?*]')
"""The signs that some system does not take in the name of a file."""
TOO_MANY = "More than {} files do not go into one ZIP. Export fewer records at once."
TOO_LARGE = f"A ZIP has at most {size_words(MOST_BYTES)}. Export fewer records at once."


def file_lists(screen: Screen) -> Sequence[Files]:
    """The lists of files of the records of a screen."""
    feature = screen.feature(RecordFiles)
    return [] if feature is None else [*feature.declared.values()]


def link_columns(screen: Screen) -> list[Column]:
    """A column for each list, with the addresses of its files; they ask for a login, as pages do."""
    return [
        _column(screen, each, plain=partial(_links, screen.endpoint, FULL if each.are_pictures else WHOLE))
        for each in file_lists(screen)
    ]


def _column(screen: Screen, declared: Files, **writes: Any) -> Column:
    its = (getattr(screen.model, declared.field), screen.listing.key)
    label = screen.record.fields[declared.field]
    return Column(declared.field, label, its, sortable=False, **writes)


def _links(endpoint: str, part: str, listed: Attached | None, _key: Any) -> str:
    host = request.host_url.rstrip("/")
    return joined(f"{host}{file_url(endpoint, key, part)}" for key in keys_in(listed))


@dataclass(frozen=True)
class ZippedFile:
    """A file that a ZIP is to have: its path there, and its name in the store."""

    path: str
    stored_as: str
    size: int
    is_picture: bool


class ZippedFiles:
    """The files that the rows of an export name, each in a folder of its record.

    `tell` is called before the store is asked for one.
    """

    def __init__(self, screen: Screen, tell: Callable[[], None]) -> None:
        self.screen, self.store, self.tell = screen, files_store(), tell
        self.found: list[ZippedFile] = []
        self.size, self.missing = 0, 0

    def columns(self) -> list[Column]:
        """A column for each list, with the paths of its files in the ZIP."""
        return [
            _column(self.screen, each, plain_all=partial(self._paths, each))
            for each in file_lists(self.screen)
        ]

    def words(self) -> str:
        """A sentence about files that the store has lost; blank where it has all of them."""
        if not self.missing:
            return ""
        is_one = self.missing == 1
        verbs = "is no longer stored and is" if is_one else "are no longer stored and are"
        return f" {counted(self.missing, 'file')} {verbs} left out."

    def _paths(self, declared: Files, lists: Sequence[Attached | None], keys: Sequence[Any]) -> list[str]:
        """The cells of some rows; the files in them are noted. Raises Refusal where they are too many."""
        its = (StoredFile.key, StoredFile.name)
        wanted = [*{key for listed in lists for key in keys_in(listed)}]
        rows = db.session.execute(select(*its).where(among(StoredFile.key, wanted))) if wanted else ()
        names = {row.key: row.name for row in rows}
        return [
            joined(self._of_record(declared, listed, key_text(key), names)) if listed else ""
            for listed, key in zip(lists, keys, strict=True)
        ]

    def _of_record(
        self, declared: Files, listed: Attached, key: str, names: Mapping[str, str]
    ) -> Iterator[str]:
        folder, taken = f"{declared.field}/{_folder_name(key)}", set[str]()
        part = FULL if declared.are_pictures else WHOLE
        for file in listed:
            stored_as = part_name(file.key, part)
            self.tell()
            try:
                size = self.store.size(stored_as)
            except FileMissing:
                self.missing += 1
                continue
            name = _free_name(_name_of(file.words, names.get(file.key, ""), declared), taken)
            self._note(ZippedFile(f"{folder}/{name}", stored_as, size, declared.are_pictures))
            yield f"{folder}/{name}"

    def _note(self, file: ZippedFile) -> None:
        self.found.append(file)
        self.size += file.size
        if len(self.found) >= MOST_ENTRIES:
            raise Refusal(TOO_MANY.format(number_words(MOST_ENTRIES - 1)))
        if self.size > MOST_BYTES:
            raise Refusal(TOO_LARGE)


def _folder_name(key: str) -> str:
    """The name of the folder of a record: its key, or what every system takes of it and a digest."""
    plain = NO_KEY.sub("_", key.lower())[:KEY_LENGTH]
    return plain if plain == key else f"{plain}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _name_of(words: str, stored_name: str, declared: Files) -> str:
    """The name of a file in a ZIP; a picture is WebP now, whatever it was, and other files are called so."""
    name = NO_NAME.sub("_", clean_file_name(stored_name if declared.are_pictures else words or stored_name))
    return f"{name.rpartition('.')[0] or name}{WEBP}" if declared.are_pictures else name


def _alike(name: str) -> str:
    """The same text for names that some system takes for one, by their case or how they are composed."""
    return normalize("NFC", name).casefold()


def _free_name(name: str, taken: set[str]) -> str:
    """The name, or one with a number where another file in the folder is called like it."""
    stem, dot, suffix = name.rpartition(".")
    stem, end = (stem, f"{dot}{suffix}") if stem else (name, "")
    stem = stem[:STEM_LENGTH]
    tries = (f"{stem}{f'-{number}' if number > 1 else ''}{end}" for number in range(1, MOST_ENTRIES))
    free = next(each for each in tries if _alike(each) not in taken)
    taken.add(_alike(free))
    return free
