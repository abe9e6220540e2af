"""Records whose key is binary, and those that refer to them."""

from __future__ import annotations

from secrets import token_bytes
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.kinds import check_kinds
from unit.admin.reading import flashes, record_form
from unit.record_view.boxes import PackedUuid
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import undone
from unit.record_view.kinds import Base
from unit.record_view.stored import confirm, rows

pytestmark = pytest.mark.both_databases
KEY = b"\0\xff'\""


class Chip(Base):
    """A record with nothing but a binary key and a number."""

    __tablename__ = "own_chips"

    key: Mapped[bytes] = mapped_column(LargeBinary(8), primary_key=True, default=lambda: token_bytes(8))
    pins: Mapped[int | None]


class Device(Base):
    """A record whose key is packed, and that refers to one with a binary key."""

    __tablename__ = "own_devices"

    key: Mapped[bytes] = mapped_column(PackedUuid, primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(40))
    seal: Mapped[bytes | None] = mapped_column(LargeBinary(4))
    chip_key: Mapped[bytes | None] = mapped_column(ForeignKey("own_chips.key"))

    chip: Mapped[Chip | None] = relationship()


@pytest.fixture
def app(console: With) -> Flask:
    """A console with a chip and a device that has it."""
    app = console(lambda: RecordView(Chip), lambda: RecordView(Device))
    with app.app_context():
        chip = Chip(key=KEY, pins=8)
        db.session.add_all([chip, Device(name="Radio", chip=chip, seal=b"\1\2\3\4")])
        db.session.commit()
    return app


def test_records_with_binary_keys_pass_the_checks_of_kinds(app: Flask) -> None:
    check_kinds(app, only=["queries", "forms", "conflict", "undo", "statements"])


def test_deleted_record_and_its_binary_key_come_back(app: Flask) -> None:
    client, before = logged_in(app, "editor"), rows(app, Device)
    key = before[0]["key"]
    assert isinstance(key, type(uuid4()))
    confirm(client, f"/admin/own_devices/delete/?id={key}")
    assert rows(app, Device) == []
    undone(client, "/admin/own_devices/")
    assert rows(app, Device) == before


def test_record_with_a_binary_key_that_is_referred_to_is_held(app: Flask) -> None:
    client = logged_in(app, "editor")
    address = f"/admin/own_chips/delete/?id={KEY.hex()}"
    answer = client.post(address, data=record_form(client.get(address).text))
    told = [text for _, text in flashes(client.get("/admin/own_chips/").text)]
    assert "1 device" in answer.text + " ".join(told)
    assert len(rows(app, Chip)) == 1
