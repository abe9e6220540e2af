"""The addresses of a screen, and the way back to the list that the user came from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from flask import request

from dashboard.database.keys import Key, key_text
from dashboard.web.addresses import carried, page_url, short
from dashboard.web.returning import FILE
from dashboard.web.security_headers import is_local_address

COPIED = "from"
"""The parameter of the form of a new record with the key of one that it begins as a copy of."""
THEN = "then"
"""The parameter that says where to go when a record is saved; without it, to the list."""
DETAILS, ANOTHER, NEXT = "details", "another", "next"
"""Its values: the page of the record, the form of another new one, and the form of the next one."""
BOM_ASKED = "bom"
"""The parameter that asks for a byte order mark at the beginning of a file."""


@dataclass
class ScreenUrls:
    """The addresses of a screen; ``suffix`` adds the way back to the address of a record."""

    endpoint: str
    suffix: str = ""
    query: str = ""
    record: str = ""

    @cached_property
    def index(self) -> str:
        """The list."""
        return page_url(f"{self.endpoint}.index_view")

    @property
    def create(self) -> str:
        """The form of a new record."""
        return self.index + "new/" + self._back

    @property
    def duplicate(self) -> str:
        """The form of a new record that begins as a copy of this one."""
        return f"{self.index}new/{self.record.replace('?id=', f'?{COPIED}=', 1)}"

    @property
    def edit(self) -> str:
        """The form of a record."""
        return self.index + "edit/" + self.record

    @property
    def details(self) -> str:
        """The page of a record."""
        return self.index + "details/" + self.record

    @property
    def history(self) -> str:
        """The history of a record."""
        return self.index + "history/" + self.record

    @property
    def edit_here(self) -> str:
        """The form of a record, which leads back to its page."""
        return f"{self.edit}&{THEN}={DETAILS}"

    @property
    def delete(self) -> str:
        """The question before deleting a record."""
        return self.index + "delete/" + self.record

    @property
    def action(self) -> str:
        """The address that a bulk action is sent to."""
        return self.index + "action/" + self._back

    def post_to(self, path: str) -> str:
        """An address of the screen that the form of a button is sent to."""
        return f"{self.index}{path}/{self._back}"

    @property
    def export(self) -> str:
        """The file with the rows of the list, and the byte order mark that spreadsheets need."""
        query = self.query.replace("?", "&", 1)
        return f"{self.index.rstrip('/')}{FILE}?{BOM_ASKED}=1{query}"

    @property
    def export_as(self) -> str:
        """The page that asks for the format and the columns of such a file."""
        return f"{self.index}export/{self.query}"

    @property
    def _back(self) -> str:
        return "?" + self.suffix.removeprefix("&") if self.suffix else ""

    def from_list(self, url: str) -> ScreenUrls:
        """The same addresses with the way back to the list at `url`."""
        query, back = urlsplit(short(url)).query, carried(url)
        suffix = f"&next={quote(back, safe='')}" if query and back else ""
        return ScreenUrls(self.endpoint, suffix, f"?{query}" if query else "")

    def page_of(self, key: Any) -> str:
        """The page of the record with this key, a value of its column or as the history holds it."""
        return f"{self.details}?id={quote(key_text(key), safe='')}"

    def of_record(self, key: Key, back: str) -> ScreenUrls:
        """The addresses of one record, which lead back to `back`."""
        urls = self.from_list(back)
        urls.record = f"?id={quote(str(key), safe='')}{urls.suffix}"
        return urls


def return_address(index: str) -> str:
    """The list in the ``next`` of the request, else the plain one; never another screen or site."""
    target = request.values.get("next", "")
    return target if is_local_address(target) and urlsplit(target).path == index else index
