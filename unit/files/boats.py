"""Records of a plug-in with pictures and with other files."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.records import FileList, Files, ImageList, Images, RecordView


class Base(DeclarativeBase):
    """Tables that the console's own migrations know nothing of."""


class Boat(Base):
    """A boat, whose key is a text."""

    __tablename__ = "own_boats"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    owner: Mapped[str | None] = mapped_column(String(80))
    pictures: Mapped[Any] = mapped_column(ImageList, nullable=True)
    papers: Mapped[Any] = mapped_column(FileList, nullable=True)


class BoatView(RecordView):
    """Boats with up to three pictures, and with papers."""

    files = (Images("pictures", max=3), Files("papers", types=("application/pdf", "text/plain")))


class FixedBoatView(BoatView):
    """Boats that are created and never edited."""

    can_edit = False


class OwnBoatView(BoatView):
    """Boats of which nobody sees those of Ann."""

    def get_query(self) -> Any:
        """All boats but hers."""
        return self.session.query(Boat).filter(Boat.owner != "Ann")
