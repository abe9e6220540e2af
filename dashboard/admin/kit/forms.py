"""What the forms of all records share: the version as loaded, signed, so that nobody can make one up."""

from __future__ import annotations

from typing import Any, Protocol

from flask import abort
from itsdangerous import BadSignature
from wtforms import HiddenField

from dashboard.web.forms import BoundedForm
from dashboard.web.signing import serializer

SALT = "version of a record"


class Versioned(Protocol):
    """A row with optimistic locking."""

    id: Any
    version: Any


class ConsoleForm(BoundedForm):
    """A form that can be refused after it was found valid."""

    def add_error(self, message: str, field: str | None = None) -> None:
        """Say what is wrong, beside `field` or above the form."""
        if field in self._fields:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)


class RecordForm(ConsoleForm):
    """The form of a record. ``version`` carries, signed, which record was opened and in which version."""

    version = HiddenField()

    def remember_version(self, record: Versioned) -> None:
        """Note the version that is being edited."""
        self.version.data = sign(SALT, record, record.version)

    def read_version(self, record: Versioned) -> int:
        """The version of `record` that was opened; answers 400 to a forged one."""
        return int(read_signed(SALT, record, self.version.data or ""))


def sign(salt: str, record: Versioned, what: Any) -> str:
    """Something about `record` for its form to carry, which nobody else can make up."""
    return serializer(salt).dumps([type(record).__name__, record.id, what])


def read_signed(salt: str, record: Versioned, text: str) -> Any:
    """What `sign` was given; answers 400 where `text` is not ours, or is about another record."""
    try:
        kind, key, what = serializer(salt).loads(text)
    except (BadSignature, ValueError):
        abort(400, "The form is incomplete. Open the record again.")
    if (kind, key) != (type(record).__name__, record.id):
        abort(400, "The form belongs to another record. Open the record again.")
    return what
