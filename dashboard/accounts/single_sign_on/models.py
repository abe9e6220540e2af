"""The table of identities at the provider."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dashboard import clock
from dashboard.accounts.models import User
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db

ISSUER_LENGTH = 255
SUBJECT_LENGTH = 255  # OpenID Connect Core 1.0, section 2: at most 255 ASCII characters


class Identity(db.Model):  # type: ignore[name-defined, misc]
    """The user of an account as the provider knows them: by issuer and subject, never by email."""

    __tablename__ = "identities"
    __table_args__ = (
        UniqueConstraint("issuer", "subject", name="uq_identities_issuer_subject"),
        UniqueConstraint("user_id", "issuer", name="uq_identities_user_id_issuer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(String(ISSUER_LENGTH))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    connected_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    used_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
