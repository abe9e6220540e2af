"""Files that were uploaded, and the records that have or had them, as rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard import clock
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db
from dashboard.history.models import KEY_LENGTH, KIND_LENGTH

FILE_KEY_LENGTH = 32
FILE_NAME_LENGTH = 200
MEDIA_TYPE_LENGTH = 100
DIGEST_LENGTH = 64


class StoredFile(db.Model):  # type: ignore[name-defined, misc]
    """A file that was uploaded for records of a kind; it never changes.

    ``key`` is random, so that nobody can guess the address of a file. ``size`` are the bytes of all that is
    stored of it. ``width`` and ``height`` are those of a picture, NULL for other files. ``upload_digest`` is
    the SHA-256 of the bytes that were uploaded, ``digest`` that of the largest part that is stored of them.
    """

    __tablename__ = "stored_files"
    __table_args__ = (
        Index("ix_stored_files_stored_at_id", "stored_at", "id"),
        Index("ix_stored_files_upload_digest", "upload_digest"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(FILE_KEY_LENGTH), unique=True)
    record_kind: Mapped[str] = mapped_column(String(KIND_LENGTH))
    name: Mapped[str] = mapped_column(String(FILE_NAME_LENGTH))
    media_type: Mapped[str] = mapped_column(String(MEDIA_TYPE_LENGTH))
    size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    stored_by_id: Mapped[int | None]
    """The number of the user who uploaded it, who may have been deleted."""
    stored_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    upload_digest: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH))
    digest: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH))

    @property
    def is_picture(self) -> bool:
        """Whether it is shown as a picture."""
        return self.width is not None


class FileUse(db.Model):  # type: ignore[name-defined, misc]
    """A record that has or had a file: the history of the record may bring it back."""

    __tablename__ = "file_uses"
    __table_args__ = (Index("ix_file_uses_record_kind_record_key", "record_kind", "record_key"),)

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), primary_key=True)
    record_kind: Mapped[str] = mapped_column(String(KIND_LENGTH), primary_key=True)
    record_key: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
