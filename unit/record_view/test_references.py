"""Fields that refer to other records: what they show is what they find again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view import targets
from dashboard.admin.record_view.reference import FEW
from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Base, Country, Supplier
from unit.record_view.stored import SUPPLIERS, rows

pytestmark = pytest.mark.both_databases
EDIT = f"{SUPPLIERS}/edit/?id={FEW + 2}"
MOMENT = datetime.fromisoformat("2026-03-31 09:30")


class Fair(Base):
    """A record whose key is a moment."""

    __tablename__ = "own_fairs"

    at: Mapped[datetime] = mapped_column(primary_key=True)


class Stand(Base):
    """A record that refers to a moment."""

    __tablename__ = "own_stands"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    fair_at: Mapped[datetime | None] = mapped_column(ForeignKey("own_fairs.at"))

    fair: Mapped[Fair | None] = relationship()


def with_many(console: With, names: Iterable[str], parent: int = 1) -> tuple[Flask, FlaskClient]:
    """A console where a supplier refers to one of more others than a list offers, and an editor's browser."""
    app = console(lambda: RecordView(Supplier))
    with app.app_context():
        others = [f"Other {number}" for number in range(FEW + 1)]
        db.session.add_all([Supplier(name=name) for name in [*names, *others][: FEW + 1]])
        db.session.flush()
        db.session.add(Supplier(name="Last", parent_id=parent))
        db.session.commit()
    return app, logged_in(app, "editor")


def parent_of_last(app: Flask) -> Any:
    """The key in the reference of the last supplier."""
    return rows(app, Supplier)[-1]["parent_id"]


@pytest.mark.parametrize("name", ["2", " Oak  ", "Oak  &  Sons", "Oak\u00a0Sons", "x" * 40])
def test_untouched_reference_stays_whatever_its_record_is_called(
    console: With, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(targets, "LONGEST", 39)
    app, editor = with_many(console, [name])
    fields = record_form(editor.get(EDIT).text)
    assert fields["parent_id"] == "1"
    assert is_redirect(editor.post(EDIT, data={**fields, "city": "Bonn"}))
    assert parent_of_last(app) == 1


def test_name_that_is_enough_is_shown_and_found(console: With) -> None:
    app, editor = with_many(console, ["Oak & Sons", "999"])
    fields = record_form(editor.get(EDIT).text)
    assert fields["parent_id"] == "Oak & Sons"
    assert is_redirect(editor.post(EDIT, data={**fields, "parent_id": "999"}))
    assert parent_of_last(app) == 2


def test_key_with_blanks_around_it_is_found_again(console: With) -> None:
    app = console(lambda: RecordView(Supplier), lambda: RecordView(Country))
    with app.app_context():
        db.session.add_all([Country(code=code, name="Twins") for code in (" a", "a")])
        db.session.flush()
        db.session.add(Supplier(name="Oak", country_code=" a"))
        db.session.commit()
    editor, address = logged_in(app, "editor"), f"{SUPPLIERS}/edit/?id=1"
    for typed, found in (({}, " a"), ({"country_code": " a "}, "a"), ({"country_code": " a"}, " a")):
        fields = record_form(editor.get(address).text)
        assert is_redirect(editor.post(address, data={**fields, **typed}))
        assert rows(app, Supplier)[0]["country_code"] == found


def test_key_that_is_a_moment_is_chosen_and_kept(console: With) -> None:
    app = console(lambda: RecordView(Stand), lambda: RecordView(Fair))
    with app.app_context():
        db.session.add(Fair(at=MOMENT))
        db.session.flush()
        db.session.add(Stand(name="Oak", fair_at=MOMENT))
        db.session.commit()
    editor, address = logged_in(app, "editor"), "/admin/own_stands/edit/?id=1"
    page = editor.get(address).text
    assert record_form(page)["fair_at"] == "2026-03-31T09:30:00"
    assert "no longer exists" not in page
    assert is_redirect(editor.post(address, data={**record_form(page), "name": "Elm"}))
    assert [(row["name"], row["fair_at"]) for row in rows(app, Stand)] == [("Elm", MOMENT)]
