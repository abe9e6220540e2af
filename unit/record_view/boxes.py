"""Records whose keys are of every type, and a console with five of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import BigInteger, LargeBinary, String, TypeDecorator, Uuid, select
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import flashes, read, record_form
from unit.record_view.conftest import logged_in
from unit.record_view.kinds import Base


class TextBox(Base):
    """A record whose key is a text."""

    __tablename__ = "own_text_boxes"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class UuidBox(Base):
    """A record whose key is a UUID."""

    __tablename__ = "own_uuid_boxes"

    key: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class LargeBox(Base):
    """A record whose key is a large number."""

    __tablename__ = "own_large_boxes"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(80))


class BytesBox(Base):
    """A record whose key is binary."""

    __tablename__ = "own_bytes_boxes"

    key: Mapped[bytes] = mapped_column(LargeBinary(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class PackedUuid(TypeDecorator[UUID]):
    """A UUID that is stored as bytes."""

    impl = LargeBinary(16)
    cache_ok = True
    python_type = UUID

    def process_bind_param(self, value: Any, dialect: Any) -> bytes | None:
        return None if value is None else value.bytes

    def process_result_value(self, value: Any, dialect: Any) -> UUID | None:
        return None if value is None else UUID(bytes=value)


class PackedBox(Base):
    """A record whose key is stored as bytes."""

    __tablename__ = "own_packed_boxes"

    key: Mapped[UUID] = mapped_column(PackedUuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


UUIDS = [UUID(int=n << 120 | n) for n in (0, 1, 127, 128, 255)]
KEYS: dict[type[Any], list[Any]] = {
    TextBox: ["0123", "", "/a&b=c%41 <ü\"'", " x ", "../+?#"],
    UuidBox: UUIDS,
    LargeBox: [-(2**63), -1, 0, 2**40, 2**63 - 1],
    BytesBox: [b"\0", b"\xff" * 20, b"text", b"'\"\\", b"\0\1"],
    PackedBox: UUIDS,
}
NAMES = ["Ash", "Birch", "Cedar", "Elm", "Oak"]


class Boxes:
    """A console with five boxes, as an editor sees it."""

    def __init__(self, app: Flask, model: Any) -> None:
        self.app, self.model, self.keys = app, model, KEYS[model]
        self.at = f"/admin/{model.__tablename__}"
        with app.app_context():
            db.session.add_all(model(key=key, name=name) for key, name in zip(self.keys, NAMES, strict=True))
            db.session.commit()
        self.client: FlaskClient = logged_in(app, "editor")

    def of(self, page: str, number: int) -> str:
        """The address of a page of one of the boxes."""
        return f"{self.at}/{page}/?id={quote(key_text(self.keys[number]), safe='')}"

    def stored(self) -> dict[Any, str]:
        """The names of the boxes in the database, by their keys."""
        with self.app.app_context():
            rows = db.session.execute(select(self.model.key, self.model.name))
            return {row.key: row.name for row in rows}

    def send(self, **fields: Any) -> Any:
        """The answer to a bulk action."""
        token = read(self.client.get(f"{self.at}/").text).fields["csrf_token"]
        return self.client.post(
            f"{self.at}/action/", data={"csrf_token": token, "action": "delete", **fields}
        )

    def confirm(self, question: str, address: str) -> None:
        """Answer a question with yes."""
        assert is_redirect(self.client.post(address, data=record_form(question)))

    def message(self) -> str:
        """The one message on the list."""
        [(_, text)] = flashes(self.client.get(f"{self.at}/").text)
        return text
