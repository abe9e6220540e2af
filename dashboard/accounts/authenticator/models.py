"""The table of authenticator apps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard import clock
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db


class Authenticator(db.Model):  # type: ignore[name-defined, misc]
    """The authenticator app of a user. ``seed`` is encrypted, see `dashboard.accounts.encryption`.

    ``last_step`` is the time step of the last code that was used: the number of periods of 30 seconds since
    1970. Its code and those before it are used up.
    """

    __tablename__ = "authenticators"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    seed: Mapped[str] = mapped_column(String(200))
    last_step: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
