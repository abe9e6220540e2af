"""Storing what was uploaded: recognised by its content, a picture as three pictures of our own.

The bytes are in the store before the row is in the database, so that a row always has its file. Bytes that a
crash leaves in the store without a row are deleted by `dashboard.files.sweeping`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from flask import current_app
from sqlalchemy import func, select

from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.files.lists import Files
from dashboard.files.models import FILE_KEY_LENGTH, FILE_NAME_LENGTH, StoredFile
from dashboard.files.place import PIECE
from dashboard.files.store import files_store
from dashboard.files.type_words import types_words
from dashboard.pictures.media_types import media_type_of
from dashboard.pictures.reading import SIZES, check_picture, read_picture
from dashboard.refusal import Refusal
from dashboard.text.characters import is_control, is_invisible
from dashboard.words import size_words

WEBP = "image/webp"
WHOLE = "whole"
"""The part of a file that is no picture: all of it, as it was uploaded."""
PARTS = (*SIZES, WHOLE)
"""All that may be stored of a file."""
LARGEST = (WHOLE, next(iter(SIZES)))
"""The part of a file that shows the most of it: all of it, or its largest picture."""
NAMELESS = "file"
TOO_LARGE = "This file is too large. {} are allowed."
SUFFIX_LENGTH = 10


def store_upload(source: BinaryIO, name: str, declared: Files, kind: str, user_id: int) -> StoredFile:
    """Store a file for the records of a kind, and commit; no record has it yet.

    Raises Refusal with one sentence for a file that is not taken, where the quota is used up, and where the
    store is away.
    """
    store, size = files_store(), _allowed_size(source)
    _refuse_over_quota(size, current_app.extensions["settings"].files.quota)
    upload_digest = digest_of(source)
    parts, facts = _parts(source, declared)
    stored = size if WHOLE in parts else sum(map(len, parts.values()))
    file = StoredFile(
        key=secrets.token_hex(FILE_KEY_LENGTH // 2),
        record_kind=kind,
        name=clean_file_name(name),
        size=stored,
        stored_by_id=user_id,
        upload_digest=upload_digest,
        digest=_digest_of_part(next(parts[name] for name in LARGEST if name in parts), upload_digest),
        **facts,
    )
    for part, content in parts.items():
        store.put(part_name(file.key, part), content)
    begin_write(db.session)
    db.session.add(file)
    db.session.commit()
    return file


def check_upload(source: BinaryIO, declared: Files) -> None:
    """Raise Refusal with one sentence where `store_upload` would refuse a file for what it is."""
    _allowed_size(source)
    if declared.are_pictures:
        check_picture(source)
    else:
        _allowed_type(source, declared)


def digest_of(source: BinaryIO) -> str:
    """The SHA-256 of all bytes of a file, in hexadecimal digits."""
    source.seek(0)
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _digest_of_part(content: Any, upload_digest: str) -> str:
    """The digest of a part, which is the upload itself unless it was made of that."""
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else upload_digest


def _parts(source: BinaryIO, declared: Files) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The bytes to store of a file, by the names of the parts, and the facts for its row."""
    if declared.are_pictures:
        picture = read_picture(source)
        size = {"width": picture.width, "height": picture.height}
        return {**picture.content}, {"media_type": WEBP, **size}
    media_type = _allowed_type(source, declared)
    return {WHOLE: source}, {"media_type": media_type, "width": None, "height": None}


def _allowed_type(source: BinaryIO, declared: Files) -> str:
    """The type of a file; raises Refusal where the list does not take it."""
    media_type = media_type_of(source)
    if declared.types and media_type not in declared.types:
        raise Refusal(f"Files of this type are not taken here. Use {types_words(declared.types)}.")
    source.seek(0)
    return media_type


def _allowed_size(source: BinaryIO) -> int:
    """The size of a file; raises Refusal for one that is empty or too large."""
    size, most = source.seek(0, 2), current_app.extensions["settings"].files.bytes
    source.seek(0)
    if not size:
        raise Refusal("This file is empty.")
    if size > most:
        raise Refusal(TOO_LARGE.format(size_words(most)))
    return size


def _refuse_over_quota(size: int, quota: int) -> None:
    """Raise Refusal where a file of this size would not fit beside the others.

    Uploads at the same moment may pass it by one file each: a lock for the whole of an upload would make
    everyone wait. Ends the transaction, for converting and storing follow.
    """
    used = db.session.scalar(select(func.coalesce(func.sum(StoredFile.size), 0))) or 0
    db.session.rollback()
    if used + size > quota:
        raise Refusal(f"There is no room for more files: {size_words(quota)} are allowed in all.")


def clean_file_name(name: str) -> str:
    """The name of an uploaded file without folders and control characters, shortened before its suffix."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = (
        "".join(sign for sign in last if not (is_control(sign) or is_invisible(sign))).strip(" .") or NAMELESS
    )
    stem, dot, suffix = plain.rpartition(".")
    end = f"{dot}{suffix}" if stem and len(suffix) <= SUFFIX_LENGTH else ""
    return plain.removesuffix(end)[: FILE_NAME_LENGTH - len(end)] + end


def is_file_key(text: str) -> bool:
    """Whether a text may be the key of a file: no database has to be asked about others."""
    return len(text) == FILE_KEY_LENGTH and text.isascii() and text.isalnum()


def part_name(key: str, part: str) -> str:
    """The name of a part of a file in the store."""
    return f"{key[:2]}/{key}/{part}"


def part_names(key: str) -> list[str]:
    """The names in the store that a file may have."""
    return [part_name(key, part) for part in PARTS]


def read_part(file: StoredFile, part: str) -> Iterator[bytes]:
    """The bytes of a part of a file, in pieces; raises Refusal where it or the store is away."""
    return files_store().read(part_name(file.key, part))
