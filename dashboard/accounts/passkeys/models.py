"""The tables of passkeys, and of the challenges that were used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard import clock
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db

CREDENTIAL_LENGTH = 1364  # 1,023 bytes in base64url, the most that the standard allows
NAME_LENGTH = 100
TRANSPORTS_LENGTH = 100


class Passkey(db.Model):  # type: ignore[name-defined, misc]
    """A passkey of a user.

    ``credential_id`` is in base64url, ``public_key`` as COSE has it. ``sign_count`` is how often the device
    says that it was used; devices that do not count say 0. ``transports`` are the ways in which browsers
    reach the device, separated by commas. ``backed_up`` says whether the user has it on several devices.
    """

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(String(CREDENTIAL_LENGTH), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    transports: Mapped[str] = mapped_column(String(TRANSPORTS_LENGTH), default="")
    backed_up: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class UsedChallenge(db.Model):  # type: ignore[name-defined, misc]
    """A challenge that was answered, until it would have expired. ``digest`` is its SHA-256, hex."""

    __tablename__ = "used_challenges"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
