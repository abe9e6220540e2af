"""The table of the security log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Enum, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dashboard import clock
from dashboard.accounts.models import EMAIL_LENGTH
from dashboard.accounts.networks import NETWORK_LENGTH
from dashboard.accounts.security_log.events import Event
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db
from dashboard.search.following import follows, keep_following
from dashboard.search.text import searchable

ADDRESS_LENGTH, DEVICE_LENGTH = 45, 100
REQUEST_ID_LENGTH = 16
EVENT_LENGTH = 40
# SQLite numbers rows by itself only where the key is called INTEGER.
KEY = BigInteger().with_variant(Integer, "sqlite")


class SecurityEvent(db.Model):  # type: ignore[name-defined, misc]
    """One event, or several alike of the same hour: ``times`` of them, the last at ``last_at``.

    ``actor_id`` is the user who did it, ``subject_id`` the user whom it is about: numbers of accounts that
    may have been deleted. ``actor`` and ``subject`` are their emails at that time, empty once erased.
    ``facts`` are further texts and numbers by their names.
    """

    __tablename__ = "security_events"
    __table_args__ = (
        Index("ix_security_events_at_id", "at", "id"),
        Index("ix_security_events_event_id", "event", "id"),
        Index("ix_security_events_subject_id_id", "subject_id", "id"),
        Index("ix_security_events_actor_id_id", "actor_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    # Without a constraint: a new event needs no change of the table.
    event: Mapped[Event] = mapped_column(
        Enum(Event, native_enum=False, length=EVENT_LENGTH, values_callable=lambda events: [*events])
    )
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(EMAIL_LENGTH), default="")
    subject_id: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(EMAIL_LENGTH), default="")
    address: Mapped[str] = mapped_column(String(ADDRESS_LENGTH), default="")
    network: Mapped[str] = mapped_column(String(NETWORK_LENGTH), default="")
    device: Mapped[str] = mapped_column(String(DEVICE_LENGTH), default="")
    request_id: Mapped[str] = mapped_column(String(REQUEST_ID_LENGTH), default="")
    facts: Mapped[dict[str, str | int]] = mapped_column(JSON, default=dict)
    times: Mapped[int] = mapped_column(default=1)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    search_text: Mapped[str] = follows(Text(), searchable, "actor", "subject", "address", "device")

    def __str__(self) -> str:
        return self.event.label


keep_following(SecurityEvent)
