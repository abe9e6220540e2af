"""The words of the question before a record is deleted that others refer to."""

import pytest
from flask import Flask
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Base, Country

pytestmark = pytest.mark.both_databases

QUESTION = "/admin/own_countries/delete/?id={}"


class Parcel(Base):
    """A record with two references to one kind."""

    __tablename__ = "own_parcels"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    origin_code: Mapped[str] = mapped_column(ForeignKey("own_countries.code"))
    goal_code: Mapped[str | None] = mapped_column(ForeignKey("own_countries.code"))
    origin: Mapped[Country] = relationship(foreign_keys=[origin_code])
    goal: Mapped[Country | None] = relationship(foreign_keys=[goal_code])


class ParcelView(RecordView):
    """Parcels whose labels are declared."""

    column_labels = {"origin_code": "From"}  # noqa: RUF012


def parcels(console: With, *views: type[RecordView]) -> Flask:
    """A console with countries, and parcels between them."""
    made = [lambda view=view: view(Parcel) for view in views]
    app = console(lambda: RecordView(Country), *made)
    with app.app_context():
        db.session.add_all(Country(code=code, name=code.upper()) for code in ("de", "fr", "it"))
        db.session.flush()
        pairs = (("de", "fr"), ("de", "de"), ("it", None))
        db.session.add_all(Parcel(name="P", origin_code=origin, goal_code=goal) for origin, goal in pairs)
        db.session.commit()
    return app


def words(html: str) -> str:
    """The text of a page's main part."""
    return " ".join(str(read(html).all("main")[0].text).split())


def test_fields_are_named_where_two_of_one_kind_refer_to_a_record(console: With) -> None:
    editor = logged_in(parcels(console, ParcelView), "editor")
    question = words(editor.get(QUESTION.format("de")).text)
    assert "2 parcels (From) and 1 parcel (Goal) refer to it. Choose what happens to them." in question


def test_one_record_is_called_it(console: With) -> None:
    editor = logged_in(parcels(console, ParcelView), "editor")
    question = words(editor.get(QUESTION.format("it")).text)
    assert "1 parcel refers to it. Choose what happens to it." in question


def test_rows_without_a_screen_are_told_apart_by_their_columns(console: With) -> None:
    editor = logged_in(parcels(console), "editor")
    question = words(editor.get(QUESTION.format("de")).text)
    assert "used by 2 rows of own_parcels (origin_code) and 1 row of own_parcels (goal_code)." in question
    assert "used by 1 row of own_parcels." in words(editor.get(QUESTION.format("it")).text)


def test_records_that_cannot_be_moved_are_told_apart_by_their_fields(console: With) -> None:
    class Still(ParcelView):
        can_edit = False

    editor = logged_in(parcels(console, Still), "editor")
    question = words(editor.get(QUESTION.format("de")).text)
    assert "used by 2 parcels (From) and 1 parcel (Goal)." in question


def test_records_to_move_to_begin_with_a_prompt(console: With) -> None:
    editor = logged_in(parcels(console, ParcelView), "editor")
    page = read(editor.get(QUESTION.format("de")).text)
    prompts = [each.all("option")[0].text for each in page.all("select")]
    assert prompts == ["Choose another country", "Choose", "Choose another country"]
    assert "None" not in words(editor.get(QUESTION.format("de")).text)
