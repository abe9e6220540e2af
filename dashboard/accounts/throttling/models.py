"""The tables of attempts to log in, and of the networks that users log in from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.database.types import UTCDateTime
from dashboard.extensions import db

NETWORK_LENGTH = 49  # the longest textual IPv6 network


class AttemptCount(db.Model):  # type: ignore[name-defined, misc]
    """The number of attempts that failed, or are being answered, in the time until ``ends_at``.

    ``key`` is the SHA-256 (hex) of what is counted, so that the table holds no email that was typed.
    """

    __tablename__ = "attempt_counts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class KnownNetwork(db.Model):  # type: ignore[name-defined, misc]
    """A network that a user has logged in from, last at ``used_at``."""

    __tablename__ = "known_networks"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    network: Mapped[str] = mapped_column(String(NETWORK_LENGTH), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(UTCDateTime)
