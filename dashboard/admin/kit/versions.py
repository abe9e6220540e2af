"""Versions of records as pages carry them: signed, so that no request can forge one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from flask import abort
from itsdangerous import BadSignature

from dashboard.web.signing import serializer, signer

FORM, PAGE = "version of a record", "versions of a page"
"""The salts of the version in a form, and of the versions of all rows of a list."""


class Versioned(Protocol):
    """A row with optimistic locking."""

    @property
    def id(self) -> Any:
        """The id."""

    @property
    def version(self) -> Any:
        """The number of times that it was saved."""


def sign(salt: str, record: Versioned, what: Any) -> str:
    """Sign a value about `record` for its form to carry."""
    return serializer(salt).dumps([type(record).__name__, record.id, what])


def read_signed(salt: str, record: Versioned, text: str) -> Any:
    """The value that `sign` was given; answers 400 where `text` is forged or about another record."""
    try:
        kind, key, what = serializer(salt).loads(text)
    except (BadSignature, ValueError):
        abort(400, "The form is incomplete. Open the record again.")
    if (kind, key) != (type(record).__name__, record.id):
        abort(400, "The form belongs to another record. Open the record again.")
    return what


def sign_rows(endpoint: str, records: Iterable[Versioned]) -> str:
    """The versions of the rows of a list, with one signature for all: that adds little to a page."""
    versions = [f"{record.id}:{record.version}" for record in records]
    return signer(PAGE).sign(" ".join([endpoint, *versions])).decode()


def read_row(endpoint: str, key: int, text: str) -> int:
    """The version of one row from the text of `sign_rows`; answers 400 where that does not have it."""
    try:
        signed, *shown = signer(PAGE).unsign(text).decode().split(" ")
    except BadSignature:
        abort(400, "The list is incomplete. Reload it.")
    versions = dict(version.split(":") for version in shown)
    if signed != endpoint or str(key) not in versions:
        abort(400, "This record is not in the list. Reload the list.")
    return int(versions[str(key)])
