"""Fields that refer to other records: what they show is what they find again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.relations import targets
from dashboard.admin.record_view.relations.together import FEW
from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.bulk_editing import edit
from unit.record_view.conftest import As, With, logged_in
from unit.record_view.kinds import Base, Country, Supplier
from unit.record_view.stored import SUPPLIERS, change_elsewhere, rows

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


class Few(RecordView):
    """Suppliers, of whom nobody sees those that are not active."""

    def get_query(self) -> Any:
        return super().get_query().filter(Supplier.active)


def test_mistyped_reference_comes_through_a_merge(console: With) -> None:
    app, editor = with_many(console, ["Oak"])
    mine, other = record_form(editor.get(EDIT).text), logged_in(app, "admin")
    assert is_redirect(other.post(EDIT, data={**record_form(other.get(EDIT).text), "city": "Bonn"}))
    merge = editor.post(EDIT, data={**mine, "parent_id": "Nowhere"})
    assert merge.status_code == 409
    assert record_form(merge.text)["parent_id"] == "Nowhere"
    assert "Nowhere (not found)" in merge.text
    answer = editor.post(EDIT, data=record_form(merge.text))
    assert field_errors(answer.text) == {"parent_id": "No supplier is called “Nowhere”."}
    assert record_form(answer.text)["parent_id"] == "Nowhere"
    assert parent_of_last(app) == 1


def test_hidden_reference_that_another_changed_is_merged_by_its_key(console: With) -> None:
    app = console(lambda: Few(Supplier))
    with app.app_context():
        db.session.add_all([Supplier(name=name, active=name == "Oak") for name in ("Elm", "Ash", "Oak")])
        db.session.flush()
        table = Supplier.__table__
        db.session.connection().execute(table.update().where(table.c.id == 3).values(parent_id=1))
        db.session.commit()
    editor, address = logged_in(app, "editor"), f"{SUPPLIERS}/edit/?id=3"
    mine = record_form(editor.get(address).text)
    assert mine["parent_id"] == "1"
    change_elsewhere(app, Supplier, parent_id=2)
    merge = editor.post(address, data={**mine, "city": "Bonn"})
    assert record_form(merge.text)["parent_id"] == "2"
    assert "Yours 1 (not found) Theirs 2 (not found)" in read(merge.text).all("main")[0].text
    assert is_redirect(editor.post(address, data=record_form(merge.text)))
    assert [(row["city"], row["parent_id"]) for row in rows(app, Supplier)][2] == ("Bonn", 2)


class WithSuppliers(RecordView):
    """Countries with their suppliers."""

    inline_models = ((Supplier, {"form_columns": ("name", "parent_id")}),)


def test_new_row_with_nothing_but_a_mistyped_reference_is_refused(console: With) -> None:
    app = console(lambda: WithSuppliers(Country))
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.commit()
    editor, address = logged_in(app, "editor"), "/admin/own_countries/edit/?id=de"
    fields = record_form(editor.get(address).text)
    [row] = [name.removesuffix("-parent_id") for name in fields if name.endswith("+1-parent_id")]
    answer = editor.post(address, data={**fields, f"{row}-parent_id": "Nowhere"})
    assert field_errors(answer.text)[f"{row}-parent_id"] == "No supplier is called “Nowhere”."
    assert is_redirect(editor.post(address, data=fields))
    assert rows(app, Supplier) == []


def test_mistyped_reference_is_not_lost_in_an_edit_of_many(suppliers: Flask, as_role: As) -> None:
    answer = edit(as_role("editor"), 1, 2, parent_id="Nowhere")
    assert field_errors(answer.text) == {"parent_id-how": "Choose what to do with Nowhere."}
