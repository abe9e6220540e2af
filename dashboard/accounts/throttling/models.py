"""The table of attempts to log in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.database.types import UTCDateTime
from dashboard.extensions import db


class AttemptCount(db.Model):  # type: ignore[name-defined, misc]
    """The number of attempts that failed, or are being answered, in the time until ``ends_at``.

    ``key`` is the SHA-256 (hex) of what is counted, so that the table holds no email that was typed.
    """

    __tablename__ = "attempt_counts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
