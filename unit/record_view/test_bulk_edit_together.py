"""Records that are edited together are written together, and one that is refused is named all the same."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form
from unit.conftest import CountQueries
from unit.consoles import console_over
from unit.record_view.conftest import logged_in, plugin
from unit.record_view.deleting import undone
from unit.record_view.stored import rows

pytestmark = pytest.mark.both_databases

SHELVES = "/admin/own_shelves"
SET = {"width-how": "set", "width": "7", "wood-how": "clear"}


class Base(DeclarativeBase):
    """Tables of the tests' own."""


class Shelf(Base):
    """A record with a rule of the database."""

    __tablename__ = "own_shelves"
    __table_args__ = (CheckConstraint("width < 6 OR name <> 'S7'"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    width: Mapped[int | None]
    wood: Mapped[str | None] = mapped_column(String(80))


class Told(RecordView):
    """Shelves whose class hears of each change."""

    called: list[str] = []  # noqa: RUF012

    def after_model_change(self, form: object, model: Shelf, is_created: bool) -> None:
        self.called.append(f"{model.name} {form['width'].data} {form['name'].data}")  # type: ignore[index]


@pytest.fixture(params=[RecordView, Told])
def shelves(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """A console with forty shelves."""
    Told.called.clear()
    with console_over(settings, plugin(lambda: request.param(Shelf)), Base) as app:
        with app.app_context():
            db.session.add_all(Shelf(name=f"S{number}", wood="Oak") for number in range(1, 41))
            db.session.commit()
        yield app


def edited(app: Flask, *keys: int) -> tuple[object, object]:
    """A browser of an editor, and the answer to setting the width of these shelves."""
    editor = logged_in(app, "editor")
    token = read(editor.get(f"{SHELVES}/").text).fields["csrf_token"]
    fields = {"csrf_token": token, "action": "edit", "rowid": [str(key) for key in keys]}
    for more in (SET, {"confirm": "1"}):
        form = record_form(editor.post(f"{SHELVES}/action/", data=fields).text)
        fields = {**form.to_dict(flat=False), **more}
    return editor, editor.post(f"{SHELVES}/action/", data=fields)


def test_shelves_are_changed_together_and_undone(shelves: Flask) -> None:
    before, chosen = rows(shelves, Shelf), (1, 2, 3, 4, 9)
    editor, answer = edited(shelves, *chosen)
    assert is_redirect(answer)
    found = {row["id"]: (row["width"], row["wood"]) for row in rows(shelves, Shelf)}
    assert found == {key: (7, None) if key in chosen else (None, "Oak") for key in found}
    undone(editor, f"{SHELVES}/")
    assert rows(shelves, Shelf) == before


def test_record_that_the_database_refuses_is_named(shelves: Flask) -> None:
    before = rows(shelves, Shelf)
    _, answer = edited(shelves, *range(1, 11))
    assert "“S7”: The database does not allow these values together." in answer.text  # type: ignore[attr-defined]
    assert (rows(shelves, Shelf), Told.called) == (before, [])


@pytest.mark.parametrize("shelves", [RecordView], indirect=True)
def test_number_of_statements_is_that_of_few_records(shelves: Flask, count_queries: CountQueries) -> None:
    with count_queries() as few:
        edited(shelves, 1, 2, 3, 4)
    with count_queries() as more:
        edited(shelves, *range(8, 41))
    assert len(more) <= len(few)


@pytest.mark.parametrize("shelves", [Told], indirect=True)
def test_hook_gets_the_whole_form_of_each_record(shelves: Flask) -> None:
    edited(shelves, 1, 2, 3, 4)
    assert Told.called == [f"S{number} 7 S{number}" for number in range(1, 5)]
