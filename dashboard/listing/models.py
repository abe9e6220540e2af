"""Saved views of lists, as rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dashboard import clock
from dashboard.accounts.models import ROLE
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db
from dashboard.permissions import Role

SCREEN_LENGTH = 40
VIEW_NAME_LENGTH = 60


class SavedView(db.Model):  # type: ignore[name-defined, misc]
    """A list as a user wants to find it again.

    ``query`` is what its address asks for. Only its owner sees it, unless ``audience`` names the least role
    that does.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("owner_id", "screen", "name"),
        Index("ix_saved_views_screen", "screen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    screen: Mapped[str] = mapped_column(String(SCREEN_LENGTH))
    name: Mapped[str] = mapped_column(String(VIEW_NAME_LENGTH))
    audience: Mapped[Role | None] = mapped_column(ROLE)
    query: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, onupdate=clock.now)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom

    def __str__(self) -> str:
        return self.name


class DefaultView(db.Model):  # type: ignore[name-defined, misc]
    """The view with which a list opens for a user."""

    __tablename__ = "default_views"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    screen: Mapped[str] = mapped_column(String(SCREEN_LENGTH), primary_key=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("saved_views.id", ondelete="CASCADE"), index=True)


class StartView(db.Model):  # type: ignore[name-defined, misc]
    """The view that opens for a user after logging in, where their account says that it is one."""

    __tablename__ = "start_views"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("saved_views.id", ondelete="CASCADE"), index=True)
