"""The table of recovery codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dashboard import clock
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db


class RecoveryCode(db.Model):  # type: ignore[name-defined, misc]
    """A recovery code that was not used yet; ``code_hash`` is the SHA-256 (hex) of its 80 random bits."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
