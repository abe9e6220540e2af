"""Exports of own records in the history: who sees their lines, and which keys these are not confused with."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import current_user
from sqlalchemy import BigInteger, String, Uuid, select
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change, ChangeKind, ChangeSet
from dashboard.history.unused import unused_key
from dashboard.permissions import Role
from dashboard.registry import registry
from unit.admin.ledger import LIST, whats
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Base, Supplier, Tag

pytestmark = pytest.mark.both_databases
EXPORTS = "kind=export"


class Bin(Base):
    """A record whose key may be the empty text."""

    __tablename__ = "own_bins"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Locker(Base):
    """A record whose key is a large number."""

    __tablename__ = "own_lockers"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(80))


class Seat(Base):
    """A record whose key is a UUID."""

    __tablename__ = "own_seats"

    uuid: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class ByRole(RecordView):
    """Suppliers, of whom owners see all and others those that are active."""

    def get_query(self) -> Any:
        found = super().get_query()
        return found if current_user.role is Role.OWNER else found.filter(Supplier.active)


def stored(app: Flask, *records: Any) -> None:
    """Add records to a console."""
    with app.app_context():
        db.session.add_all(records)
        db.session.commit()


def exported(client: FlaskClient, endpoint: str) -> None:
    """Take the file of a list."""
    answer = client.get(f"/admin/{endpoint}/export/csv/")
    assert answer.status_code == 200, answer.text


def test_restricted_users_see_their_own_exports_alone(console: With) -> None:
    app = console(lambda: ByRole(Supplier))
    stored(app, Supplier(name="Oak"), Supplier(name="Elm", active=False))
    owner, editor = logged_in(app, "owner"), logged_in(app, "editor")
    exported(owner, "own_suppliers")
    exported(editor, "own_suppliers")
    assert whats(editor, EXPORTS) == ["Exported 1 supplier"]
    assert whats(owner, EXPORTS) == ["Exported 2 suppliers"]
    assert whats(logged_in(app, "viewer"), EXPORTS) == []
    with app.app_context():
        its = select(ChangeSet.id).where(ChangeSet.kind == ChangeKind.EXPORT).order_by(ChangeSet.id)
        of_owner, of_editor = db.session.scalars(its)
    assert editor.get(f"{LIST}details/?id={of_editor}").status_code == 200
    assert editor.get(f"{LIST}details/?id={of_owner}").status_code == 404


@pytest.mark.parametrize(
    ("view", "record", "key"),
    [
        (Bin, lambda: Bin(code="", name="Nameless"), ""),
        (Bin, lambda: Bin(code="A", name="Nameless"), "A"),
        (Tag, lambda: Tag(id=-1, name="Nameless"), "-1"),
        (Tag, lambda: Tag(id=0, name="Nameless"), "0"),
        (Locker, lambda: Locker(number=-1, name="Nameless"), "-1"),
        (Seat, lambda: Seat(uuid=UUID(int=7), name="Nameless"), str(UUID(int=7))),
    ],
)
def test_export_is_confused_with_no_record(console: With, view: Any, record: Any, key: str) -> None:
    app = console(lambda: RecordView(view))
    stored(app, record())
    editor = logged_in(app, "editor")
    endpoint = view.__tablename__
    exported(editor, endpoint)
    [what] = whats(editor, EXPORTS)
    assert (what.startswith("Exported 1 "), "Nameless" in what) == (True, False)
    assert "Exported" not in editor.get(f"/admin/{endpoint}/history/?id={key}").text
    with app.app_context():
        [change] = db.session.scalars(select(Change).where(Change.action == "export"))
        page = editor.get(f"{LIST}details/?id={change.change_set_id}").text
        assert "Nameless" not in page
        assert verify(db.session).faults == []
    record_kind = f"of={endpoint}&record={endpoint}:{key}"
    assert all("Exported" not in what for what in whats(editor, record_kind))


def test_name_of_a_deleted_record_is_not_looked_for_in_exports(console: With) -> None:
    app = console(lambda: RecordView(Bin))
    stored(app, Bin(code="", name="Nameless"))
    with app.app_context():
        db.session.delete(db.session.get_one(Bin, ""))
        db.session.commit()
    editor = logged_in(app, "editor")
    exported(editor, "own_bins")
    assert "Deleted bin “Nameless”" in whats(editor)


def test_number_of_a_new_record_follows_no_export(console: With) -> None:
    app = console(lambda: RecordView(Tag))
    exported(logged_in(app, "editor"), "own_tags")
    with app.app_context():
        assert unused_key(registry().of(Tag)) in (None, 1)


def test_many_exports_hide_no_recent_change_at_home(console: With) -> None:
    app = console(lambda: RecordView(Tag))
    stored(app, Tag(name="Blue"))
    editor = logged_in(app, "editor")
    for _ in range(25):
        exported(editor, "own_tags")
    assert "Blue" in editor.get("/admin/").text
