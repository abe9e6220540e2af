"""The cells of lists as a script edits them: how each is typed, and what it holds and shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from dashboard.admin.kit.urls import ScreenUrls
from dashboard.admin.kit.versions import LONG, short_digest
from dashboard.listing.columns import Badge, CellValue, LinkedText
from dashboard.listing.filters import Pairs
from dashboard.number_form import number_form
from dashboard.permissions import Access
from dashboard.registry import registry
from dashboard.text.numbers import for_page, from_page
from dashboard.web.choices import form_of_page
from dashboard.web.moments import time_attributes
from dashboard.words import day_words
from dashboard.zones import local

SEPARATOR = "."
"""Between the digests of the cells of a row without a version."""


@dataclass(frozen=True)
class CellInput:
    """How a column is edited: by ``options`` (value, label), or as text with the keyboard ``inputmode``.

    A column that refers to another record has its mapped class as ``refers_to``: its name is typed, and found
    while it is. Such a column cannot be edited by who may not see these records.
    """

    inputmode: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    refers_to: type[Any] | None = None
    is_number: bool = False
    """Whether a number is typed, as the person writes it."""

    def from_page(self, text: str) -> str:
        """The text that was typed in a cell of the page of this request, with one meaning everywhere."""
        return from_page(text, form_of_page()) if self.is_number else text

    def for_page(self, text: str) -> str:
        """The text of a cell as the page of this request has it in its field."""
        return for_page(text, number_form()) if self.is_number else text


@dataclass(frozen=True)
class EditableCells:
    """The data of a list with editable cells; ``inputs`` are columns, each with its `CellInput` as JSON.

    ``texts`` are the texts of the cells by the keys of their rows, as JSON; blank where cells show them.
    """

    url: str
    versions: str
    inputs: Pairs
    texts: str = ""


def as_cell(value: CellValue) -> dict[str, Any]:
    """A cell for the script: its text, and the tint of a badge, the moment or the address of a link."""
    if isinstance(value, datetime):
        return {"shown": day_words(local(value).date()), "tone": None, "moment": time_attributes(value)}
    if isinstance(value, LinkedText):
        return {"shown": str(value), "tone": None, "url": value.url}
    label, tone = value if isinstance(value, Badge) else (value, None)
    return {"shown": label, "tone": tone}


def source_of(cell: CellInput) -> str:
    """The address that finds the records which a cell may refer to; blank where the user may not see them."""
    record = None if cell.refers_to is None else registry().find(cell.refers_to)
    if record is None or not record.allows(Access.READ):
        return ""
    return f"{ScreenUrls(record.endpoint).index}lookup/"


def digests(texts: Mapping[str, str]) -> str:
    """The digests of the texts of the cells of a row."""
    return SEPARATOR.join(map(short_digest, texts.values()))


def carried(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts that a list has for its cells: a long one, or one of several lines, is edited in the form."""
    return {name: text for name, text in texts.items() if len(text) <= LONG and not {*text} & {*"\r\n"}}


@lru_cache
def as_json(field: str, cell: CellInput, source: str) -> str:
    """How a column is edited, for the script."""
    its = {"field": field, "inputmode": cell.inputmode, "options": cell.options}
    return json.dumps({**its, "source": source} if source else its)
