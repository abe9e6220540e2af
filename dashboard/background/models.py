"""Leases, as rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.database.types import UTCDateTime
from dashboard.extensions import db

NAME_LENGTH = 40
HOLDER_LENGTH = 32


class Lease(db.Model):  # type: ignore[name-defined, misc]
    """The right of one process, the ``holder``, to do the work called ``name`` until ``until``."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    holder: Mapped[str] = mapped_column(String(HOLDER_LENGTH))
    until: Mapped[datetime] = mapped_column(UTCDateTime)
