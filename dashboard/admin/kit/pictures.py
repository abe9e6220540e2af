"""The addresses of the files of records, and how pages show pictures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import InstrumentedAttribute

from dashboard.files.lists import Attached, AttachedFile, ImageList
from dashboard.files.storing import WHOLE
from dashboard.listing.columns import Column
from dashboard.registry import registry
from dashboard.web.addresses import page_url
from dashboard.words import counted

FULL, MEDIUM, SMALL = "full", "medium", "small"


@dataclass(frozen=True)
class ShownFile:
    """A file of a record as a page shows it: ``small`` is the address of its picture, if it is one.

    ``url`` is that of the picture in its largest size, or that which downloads another file.
    """

    key: str
    words: str
    url: str
    medium: str | None = None
    small: str | None = None


def file_url(endpoint: str, key: str, part: str) -> str:
    """The address of a part of a file of the records at an endpoint."""
    return f"{page_url(f'{endpoint}.index_view')}file/?key={key}&part={part}"


def upload_address(endpoint: str, field: str) -> str:
    """The address where a script stores a file for the list `field` of a new record at an endpoint."""
    return f"{page_url(f'{endpoint}.index_view')}files/upload/?field={field}"


def shown_files(
    endpoint: str, listed: Iterable[AttachedFile] | None, *, are_pictures: bool
) -> list[ShownFile]:
    """The files of a list as a page shows them."""
    return [_shown(endpoint, each, are_pictures) for each in listed or ()]


def _shown(endpoint: str, file: AttachedFile, is_picture: bool) -> ShownFile:
    if not is_picture:
        return ShownFile(file.key, file.words, file_url(endpoint, file.key, WHOLE))
    full, medium, small = (file_url(endpoint, file.key, size) for size in (FULL, MEDIUM, SMALL))
    return ShownFile(file.key, file.words, full, medium, small)


def file_column(name: str, label: str, column: InstrumentedAttribute[Any], kind: str) -> Column:
    """A column with a list of files of the records of a kind: the first picture, or how many files there are.

    A picture is small and of a fixed size, and a browser asks for it when it comes into sight.
    """
    show = partial(_first_picture, kind) if isinstance(column.type, ImageList) else _number
    return Column(name, label, (column,), show=show, sortable=False)


def _first_picture(kind: str, listed: Attached | None) -> Markup | None:
    if not listed:
        return None
    first = listed[0]
    url, words = escape(file_url(registry()[kind].endpoint, first.key, SMALL)), escape(first.words)
    size = 'width="40" height="40" loading="lazy"'
    return Markup(f'<img class="thumb" src="{url}" alt="{words}" {size}>')  # noqa: S704 - escaped piece by piece


def _number(listed: Attached | None) -> str | None:
    return counted(len(listed), "file") if listed else None
