"""Registrations that wait for a link in a mail to be opened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.accounts.models import EMAIL_LENGTH
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db


class Registration(db.Model):  # type: ignore[name-defined, misc]
    """An email that was sent a link for registering; ``token_hash`` is the SHA-256 (hex) of its token."""

    __tablename__ = "registrations"

    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
