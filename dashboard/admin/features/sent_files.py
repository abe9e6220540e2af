"""The bounds of the forms for files, in bytes and in words."""

from __future__ import annotations

from flask import current_app

from dashboard.accounts.uploads import Upload
from dashboard.bounds import BODY_BYTES
from dashboard.files.lists import Files
from dashboard.files.type_words import types_words
from dashboard.words import counted, size_words

FILES_AT_ONCE = 5
"""Files of the largest size that one form may send; scripts send them one by one."""
PICTURES = "image/jpeg,image/png,image/webp,image/gif"


def _most() -> int:
    return int(current_app.extensions["settings"].files.bytes) * FILES_AT_ONCE


def _words() -> str:
    one = size_words(current_app.extensions["settings"].files.bytes)
    return f"Nothing was uploaded. Use files of at most {one}, and {size_words(_most())} together."


UPLOADS = Upload(_most, BODY_BYTES, _words)


def accepted(declared: Files) -> str:
    """The types that a browser offers first in its dialog for files."""
    return PICTURES if declared.are_pictures else ",".join(declared.types)


def help_words(declared: Files) -> str:
    """The types, number and sizes that a list takes, in a sentence or two."""
    types = PICTURES.split(",") if declared.are_pictures else declared.types
    kinds = f"{types_words(types)}. " if types else ""
    one = size_words(current_app.extensions["settings"].files.bytes)
    return f"{kinds}At most {counted(declared.max, 'file')} of {one} each."


def too_many_words(sent: int, room: int, declared: Files) -> str:
    """Say that some of the files that were sent are too many."""
    return f"{counted(declared.max, 'file')} at most: {counted(sent - room, 'file')} not added."
