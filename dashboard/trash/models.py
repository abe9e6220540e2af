"""Records in the trash, as rows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.database.types import UTCDateTime
from dashboard.extensions import db
from dashboard.history.models import KEY, KEY_LENGTH, KIND_LENGTH
from dashboard.search.following import follows
from dashboard.search.keys import SortKey, sort_key
from dashboard.search.text import searchable

if TYPE_CHECKING:
    from dashboard.accounts.models import User


class Trashed(db.Model):  # type: ignore[name-defined, misc]
    """A deleted record that can be restored unchanged, with its key.

    ``kind`` is its name in the history, ``record_key`` its key as text, and ``change_set_id`` the change set
    that deleted it. ``row`` has all of it, secrets too: only `dashboard.trash.flows` reads it.
    """

    __tablename__ = "trash"
    __table_args__ = (
        Index("ix_trash_deleted_at_id", "deleted_at", "id"),
        Index("ix_trash_title_key_id", "title_key", "id"),
        Index("ix_trash_kind_record_key", "kind", "record_key"),
        Index("ix_trash_deleted_by_id", "deleted_by_id"),
        {"sqlite_autoincrement": True},  # the address of a restored record must not lead to another one
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(KIND_LENGTH))
    record_key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    title: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text, default="")
    title_key: Mapped[str] = follows(SortKey(), sort_key, "title")
    code_key: Mapped[str] = follows(SortKey(), sort_key, "code")
    search_text: Mapped[str] = follows(Text(), searchable, "code", "title")
    deleted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    change_set_id: Mapped[int] = mapped_column(KEY, ForeignKey("change_sets.id"))
    row: Mapped[str] = mapped_column(Text, deferred=True, deferred_raiseload=True)

    deleted_by: Mapped[User | None] = relationship("User")

    def __str__(self) -> str:
        return self.title
