"""Kinds of records that go with one record by several ways, and refer to each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import registry as mapping

from dashboard.extensions import db
from dashboard.history.usual import usual_recorded
from dashboard.registry import Record, registry
from dashboard.trash.kinds import Trashable
from dashboard.trash.reverting import RecordReverting

MAPPING = mapping()


@MAPPING.mapped
class Mailbox:
    """A record that letters and folders go with."""

    __tablename__ = "mailboxes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@MAPPING.mapped
class Letter:
    """A kind of record that goes with its mailbox."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailboxes.id", ondelete="CASCADE"))


@MAPPING.mapped
class Folder:
    """Another kind of record that goes with its mailbox."""

    __tablename__ = "mail_folders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailboxes.id", ondelete="CASCADE"))


@MAPPING.mapped
class Filing:
    """A row that goes with its letter and with its folder."""

    __tablename__ = "filings"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id", ondelete="CASCADE"), primary_key=True)
    folder_id: Mapped[int] = mapped_column(
        ForeignKey("mail_folders.id", ondelete="CASCADE"), primary_key=True
    )


@MAPPING.mapped
class Remark:
    """A kind of record that goes with its letter and with its folder."""

    __tablename__ = "remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id", ondelete="CASCADE"))
    folder_id: Mapped[int] = mapped_column(ForeignKey("mail_folders.id", ondelete="CASCADE"))


def a_kind(model: type[Any]) -> Record:
    """A kind of record over `model`."""
    noun = model.__name__.lower()
    return Record(
        model=model,
        title=model.name,
        singular=noun,
        name=noun,
        endpoint=noun,
        reverting=RecordReverting(model),
        trash=Trashable(model, title="name"),
        recorded=usual_recorded(model),
    )


@contextmanager
def declared_mailboxes(*models: type[Any]) -> Iterator[None]:
    """These models as kinds of records, over tables of their own."""
    MAPPING.metadata.create_all(db.engine)
    kinds = [*map(a_kind, models)]
    for kind in kinds:
        registry().add(kind)
    try:
        yield
    finally:
        db.session.rollback()
        for kind in kinds:
            registry().remove(kind.kind)
        MAPPING.metadata.drop_all(db.engine)


def stored() -> dict[str, list[Any]]:
    """Every row of every table."""
    read = db.session.execute
    return {name: sorted(map(tuple, read(text(f"SELECT * FROM {name}")))) for name in MAPPING.metadata.tables}
