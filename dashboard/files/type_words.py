"""The types of files in words."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.pictures.media_types import OFFICE, OPEN_DOCUMENT
from dashboard.words import listed

WORDS = {
    "application/pdf": "PDF",
    "application/zip": "ZIP",
    "text/csv": "CSV",
    "text/plain": "plain text",
    f"{OFFICE}wordprocessingml.document": "Word",
    f"{OFFICE}spreadsheetml.sheet": "Excel",
    f"{OFFICE}presentationml.presentation": "PowerPoint",
    f"{OPEN_DOCUMENT}text": "OpenDocument text",
    f"{OPEN_DOCUMENT}spreadsheet": "OpenDocument spreadsheet",
    f"{OPEN_DOCUMENT}presentation": "OpenDocument presentation",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/gif": "GIF",
}


def types_words(types: Sequence[str]) -> str:
    """Types of files in words: ``PDF, Word and Excel``."""
    return listed([WORDS.get(each, each) for each in types])
