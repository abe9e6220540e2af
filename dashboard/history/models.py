"""Change sets, their changes and their seals: rows that are only added."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    and_,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard import clock
from dashboard.database.keys import Key
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db
from dashboard.history.schema import keep_unchanged

WORD_LENGTH = 20
KIND_LENGTH = 63
"""Of the name of a kind: PostgreSQL gives the name of a table no more bytes."""
KEY_LENGTH = 200
"""Of the text of a primary key that is no plain integer."""
# SQLite ignores the length of a text and could only change it by copying the table, which nobody may.
KIND = String(KIND_LENGTH).with_variant(String(20), "sqlite")
NOTE_LENGTH = 200
REASON_LENGTH = 300
REQUEST_ID_LENGTH = 16
# SQLite numbers rows by itself only where the key is called INTEGER.
KEY = BigInteger().with_variant(Integer, "sqlite")
OF_KIND = (-1, "")
"""``record_id`` and ``record_key`` of a change of a kind as a whole. No record has both: the number of one
whose key is a text is 0, and one whose key is a number has no text."""
UNASKED = "by the database"
"""Stands after the values of a field that nobody gave a value, such as a column that a trigger writes."""
STORED = "as stored"
"""Begins a list after the values of a field, with what the database had where it writes the one before so."""


class ChangeKind(StrEnum):
    """The kind of a change set."""

    CREATE = "create"
    DELETE = "delete"
    EDIT = "edit"
    ERASE = "erase"
    EXPORT = "export"
    IMPORT = "import"
    LINK = "link"
    PURGE = "purge"
    RESTORE = "restore"
    REVERT = "revert"
    UNDO = "undo"


class Origin(StrEnum):
    """The source of a change set."""

    BULK = "bulk"
    COMMAND = "command"
    FORM = "form"
    JOB = "job"
    LIST = "list"


class Action(StrEnum):
    """The kind of a change of one record."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    EXPORT = "export"
    LINK = "link"
    """A one-time link to the account was created."""
    PURGE = "purge"


WITHOUT_CHANGE = (Action.EXPORT, Action.LINK)
"""The actions that leave a record as it is."""


def _words(kind: type[StrEnum]) -> Enum:
    # Without a constraint: for a new word SQLite would have to copy a table that nobody may change.
    return Enum(kind, native_enum=False, length=WORD_LENGTH, values_callable=lambda words: [*words])


def read_pairs(fields: str | None) -> dict[str, tuple[Any, Any]]:
    """Each field of a change with its value before and after; empty where it was erased."""
    return {name: (before, after) for name, (before, after, *_) in json.loads(fields or "{}").items()}


def read_unasked(fields: str | None) -> frozenset[str]:
    """The fields of a change that the database wrote without being asked, as triggers do."""
    if fields is None or f'"{UNASKED}"' not in fields:
        return frozenset()
    return frozenset(name for name, pair in json.loads(fields).items() if UNASKED in pair[2:])


def as_stored(raw: Any) -> list[Any]:
    """Return what stands after the values of a field for what the database had."""
    return [STORED, raw]


def read_stored(fields: str | None) -> dict[str, Any]:
    """Return what the database had in fields of a change, where it writes the value before otherwise."""
    if fields is None or f'"{STORED}"' not in fields:
        return {}
    marks = ((name, mark) for name, pair in json.loads(fields).items() for mark in pair[2:])
    return {name: mark[1] for name, mark in marks if isinstance(mark, list)}


def stored_key(number: int, text: str | None) -> Key:
    """The key of a record from the columns ``record_id`` and ``record_key``."""
    return number if text is None else text


class ChangeSet(db.Model):  # type: ignore[name-defined, misc]
    """The changes of one transaction. ``author_id`` is the number of a user who may have been deleted.

    ``note`` is written by the console, ``reason`` by its author; erasing a person removes the reason of a set
    with changes of them, and leaves its digest.
    """

    __tablename__ = "change_sets"
    __table_args__ = (
        Index("ix_change_sets_at_id", "at", "id"),
        Index("ix_change_sets_author_id_id", "author_id", "id"),
        Index("ix_change_sets_kind_id", "kind", "id"),
        Index("ix_change_sets_origin_id", "origin", "id"),
        Index("ix_change_sets_reverts_id", "reverts_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    author_id: Mapped[int | None]
    kind: Mapped[ChangeKind] = mapped_column(_words(ChangeKind))
    origin: Mapped[Origin] = mapped_column(_words(Origin))
    request_id: Mapped[str] = mapped_column(String(REQUEST_ID_LENGTH), default="")
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    reverts_id: Mapped[int | None] = mapped_column(KEY)
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH))
    reason_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason_digest: Mapped[bytes | None] = mapped_column(LargeBinary)

    seal: Mapped[Seal] = relationship(back_populates="change_set", viewonly=True)


class Change(db.Model):  # type: ignore[name-defined, misc]
    """A change of one record. ``version`` is that of the record after it, None for a deleted one.

    ``fields`` is JSON with the values before and after: ``{"price": ["12.5000", "13.0000"]}``, followed by
    `UNASKED` where the database wrote them by itself, and by what `as_stored` makes of the value before where
    the database had that in another way. Erasing a person removes them and ``salt``, without which they
    cannot be guessed from ``digest``.
    A record whose primary key is no plain integer has 0 as ``record_id`` and its key in ``record_key``. A
    change of a kind as a whole, such as the export of a list, has `OF_KIND`.
    """

    __tablename__ = "changes"
    __table_args__ = (
        Index("ix_changes_change_set_id_id", "change_set_id", "id"),
        # Covers the test whether a set has a kind of record, which decides who may see it.
        Index("ix_changes_record_kind_change_set_id", "record_kind", "change_set_id"),
        Index("ix_changes_record_kind_record_id_id", "record_kind", "record_id", "id"),
        Index(
            "ix_changes_record_kind_record_key_id",
            "record_kind",
            "record_key",
            "id",
            sqlite_where=text("record_key IS NOT NULL"),
            postgresql_where=text("record_key IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True)
    change_set_id: Mapped[int] = mapped_column(KEY, ForeignKey("change_sets.id"))
    record_kind: Mapped[str] = mapped_column(KIND)
    record_id: Mapped[int]
    action: Mapped[Action] = mapped_column(_words(Action))
    version: Mapped[int | None]
    fields: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    record_key: Mapped[str | None] = mapped_column(String(KEY_LENGTH))

    change_set: Mapped[ChangeSet] = relationship()

    @classmethod
    def of(cls, kind: str, key: Key) -> ColumnElement[bool]:
        """The condition for changes of one record."""
        its = cls.record_key == key if isinstance(key, str) else cls.record_id == key
        return and_(cls.record_kind == kind, its, *([has_record(cls)] if key in OF_KIND else []))

    @property
    def is_of_kind(self) -> bool:
        """Whether it is about a kind as a whole, and no record."""
        return (self.record_id, self.record_key) == OF_KIND

    @property
    def key(self) -> Key:
        """The primary key of the record; empty where it `is_of_kind`."""
        return stored_key(self.record_id, self.record_key)

    @property
    def is_erased(self) -> bool:
        """Whether its fields were removed because they were about a person."""
        return self.fields is None

    @property
    def pairs(self) -> dict[str, tuple[Any, Any]]:
        """Each field with its values before and after as the ledger stores them; empty where erased."""
        return read_pairs(self.fields)


def has_record(change: type[Change]) -> ColumnElement[bool]:
    """The condition for changes, which may be an alias, that are about a record and no kind as a whole."""
    number, _ = OF_KIND
    return or_(change.record_id != number, change.record_key.is_(None))


class Seal(db.Model):  # type: ignore[name-defined, misc]
    """The seal of a change set; the order of seals is that of the commits.

    ``changes`` is the number of its changes, ``hash`` the SHA-256 of its contents and the previous seal.
    """

    __tablename__ = "change_seals"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(KEY, primary_key=True)
    change_set_id: Mapped[int] = mapped_column(KEY, ForeignKey("change_sets.id"), unique=True)
    changes: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    change_set: Mapped[ChangeSet] = relationship(back_populates="seal")


class ChangedField(db.Model):  # type: ignore[name-defined, misc]
    """A field that a change set has changed of existing records of a kind: the history is filtered by it."""

    __tablename__ = "changed_fields"
    __table_args__ = (
        Index("ix_changed_fields_record_kind_field_change_set_id", "record_kind", "field", "change_set_id"),
        {"sqlite_with_rowid": False},
    )

    # No foreign key: it would be asked of each row, and a set that is gone is what `verify` reports.
    change_set_id: Mapped[int] = mapped_column(KEY, primary_key=True, autoincrement=False)
    record_kind: Mapped[str] = mapped_column(String(KIND_LENGTH), primary_key=True)
    field: Mapped[str] = mapped_column(Text, primary_key=True)


keep_unchanged(ChangeSet.__table__, Change.__table__, Seal.__table__, ChangedField.__table__)
