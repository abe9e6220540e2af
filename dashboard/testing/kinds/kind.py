"""A kind of record under test: its pages, its form filled with values, and its rows as they are stored."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from dashboard.testing.kinds.consoles import client_as
from dashboard.testing.kinds.values import text_for
from dashboard.testing.markup import read, record_form

Values = Mapping[str, Callable[[int], Mapping[str, str]]]
"""The texts of a form by its kind's endpoint, where those that the checks make up break a rule."""
_numbers = count(1)
OTHERS = 2
"""Records that are created, so that a change of one can be told from a change of another."""
ADMIN = "owner"
"""The role that opens every page, so that only the kind decides."""


@dataclass
class Kind:
    """A kind of record of `app` while it is checked; `values` gives texts for the fields of its form."""

    app: Flask
    view: RecordView
    values: Callable[[int], Mapping[str, str]] = lambda _number: {}

    @property
    def name(self) -> str:
        """The name in addresses."""
        return str(self.view.endpoint)

    @property
    def address(self) -> str:
        """The address of the list."""
        return str(self.view.url).rstrip("/") + "/"

    def of(self, page: str, key: str) -> str:
        """The address of a page of a record."""
        return f"{self.address}{page}/?id={quote(key, safe='')}"

    def rules(self) -> list[Rule]:
        """Its routes."""
        mine = (rule for rule in self.app.url_map.iter_rules() if rule.endpoint.startswith(f"{self.name}."))
        return [rule for rule in mine if not rule.arguments and not rule.endpoint.endswith(".static")]

    def client(self) -> FlaskClient:
        """A new client that may open every page."""
        return client_as(self.app, ADMIN)

    def keys(self) -> list[str]:
        """The keys of its records, as addresses hold them."""
        with self.app.app_context():
            rows = db.session.scalars(select(self.view.model).order_by(self.view.listing.key)).all()
            return [str(self.view.listing.key_of(row)) for row in rows]

    def some_key(self) -> str:
        """The key of one of at least two records, which are created by their form; raises UnmadeError."""
        client, before = self.client(), {*self.keys()}
        for _ in range(OTHERS if self.has("create_view") else 0):
            self.create(client)
        client.get(self.address)  # shows the messages
        keys = self.keys()
        if not keys:
            raise UnmadeError(
                "there is no record; its screen cannot create one, so store some before the check"
            )
        return next((key for key in keys if key not in before), keys[-1])

    def new_key(self, client: FlaskClient) -> str:
        """The key of a record that `client` creates; raises UnmadeError."""
        before = {*self.keys()}
        self.create(client)
        return next(key for key in self.keys() if key not in before)

    def page_addresses(self, key: str) -> list[str]:
        """Its pages that a browser shows, those of one record for the record with this key."""
        pages = {"create_view": f"{self.address}new/"} | {
            f"{page}_view": self.of(page, key) for page in ("details", "edit", "delete", "history")
        }
        there = {rule.endpoint.partition(".")[2] for rule in self.rules()}
        return [self.address, *(url for name, url in pages.items() if name in there and self.has(name))]

    def has(self, view_function: str) -> bool:
        """Whether its attributes allow a view function at all."""
        return self.view.access_to(view_function) is not None

    def filled(self, page: str) -> dict[str, str]:
        """The fields of the form on a page with a new value in each that people type."""
        number, form, main = next(_numbers), record_form(page), read(page).all("main")[0]
        columns = inspect(self.view.model).columns
        texts = {name: text_for(columns[name], main, number) for name in form if name in columns}
        found = {name: text for name, text in texts.items() if text is not None}
        return {**form.to_dict(), **found, **self.values(number)}

    def create(self, client: FlaskClient) -> TestResponse:
        """Create a record by its form as a browser without JavaScript does; raises UnmadeError."""
        page = client.get(f"{self.address}new/")
        if page.status_code != 200:
            raise UnmadeError(f"the form of a new record answers {page.status_code}")
        answer = client.post(f"{self.address}new/", data=self.filled(page.text))
        if not is_redirect(answer):
            errors = "; ".join(each.text for each in read(answer.text).all("p", class_="error"))
            raise UnmadeError(
                f"no record can be created by its form ({answer.status_code}): "
                f"{errors or 'it shows no error'}; give values that its rules take"
            )
        return answer

    def digest(self) -> str:
        """All its rows, and those of every table beside its own, as one short text."""
        mapper = inspect(self.view.model)
        versions = {each.version_id_col for each in mapper.registry.mappers}
        digest = sha256()
        with self.app.app_context():
            for row in _rows(mapper.local_table.metadata.sorted_tables, versions):
                digest.update(repr(row).encode())
            db.session.rollback()
        return digest.hexdigest()


class UnmadeError(Exception):
    """No record could be created, so that a check has nothing to work with; the text says why."""


def _rows(tables: list[Any], versions: Container[Any]) -> Iterator[tuple[Any, ...]]:
    for table in tables:
        if table.metadata is db.metadata and table.name in BOOKKEEPING:
            continue
        columns = [column for column in table.columns if not (column in versions or _is_stamp(column))]
        for row in db.session.execute(select(*columns).order_by(*table.primary_key)):
            yield (table.fullname, *row)


BOOKKEEPING = {
    "change_sets",
    "changes",
    "change_seals",
    "edit_leases",
    "user_sessions",
    "trash",
    "form_drafts",
}
"""Tables of the console that a request writes to besides the record."""


def _is_stamp(column: Any) -> bool:
    """Whether a column dates the changes of its row, or counts them, which goes on when one is undone."""
    return column.onupdate is not None or column.server_onupdate is not None


def kinds_of(app: Flask, values: Values) -> list[Kind]:
    """The kinds of `app` with a `RecordView`; those that others refer to come first."""
    views = [view for view in app.extensions["admin"][0]._views if isinstance(view, RecordView)]
    no_values: Callable[[int], Mapping[str, str]] = lambda _number: {}  # noqa: E731
    kinds = [Kind(app, view, values.get(view.endpoint, no_values)) for view in views]
    return sorted(kinds, key=lambda kind: _depth(inspect(kind.view.model).local_table, ()))


def _depth(table: Any, met: tuple[Any, ...]) -> int:
    """How many tables a row needs before it, one below the other."""
    needed = {key.column.table for key in table.foreign_keys} - {table, *met}
    return max((1 + _depth(each, (*met, table)) for each in needed), default=0)


def path_of(address: str) -> str:
    """The path of an address, for messages."""
    return urlsplit(address).path
