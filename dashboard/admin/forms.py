"""What the forms of all records share: the version as loaded, and what to say when it is no longer that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask import abort, current_app
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import HiddenField, SelectField

SALT = "version of a record"


class Versioned(Protocol):
    """A row with optimistic locking."""

    id: Any
    version: Any


@dataclass(frozen=True)
class Difference:
    """A field in which what somebody typed differs from what is stored by now."""

    label: str
    yours: str
    theirs: str


class ConsoleForm(FlaskForm):  # type: ignore[misc]
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
        self.version.data = _serializer().dumps([type(record).__name__, record.id, record.version])

    def is_outdated(self, record: Versioned) -> bool:
        """Whether somebody saved `record` after this form was opened; answers 400 to a forged version."""
        try:
            kind, key, version = _serializer().loads(self.version.data or "")
        except (BadSignature, ValueError):
            abort(400, "The form is incomplete. Open the record again.")
        if (kind, key) != (type(record).__name__, record.id):
            abort(400, "The form belongs to another record. Open the record again.")
        return bool(version != record.version)

    def differences(self, stored: Mapping[str, str]) -> list[Difference]:
        """Where this form differs from `stored`, the present values in the form's own terms."""
        return [
            Difference(field.label.text, _in_words(field, field.data or ""), _in_words(field, stored[name]))
            for name, field in self._fields.items()
            if name in stored and (field.data or "") != stored[name]
        ]


def _in_words(field: Any, value: str) -> str:
    if isinstance(field, SelectField):
        return next((str(choice.label) for choice in field.choices if choice.value == value), value)
    return value


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)
