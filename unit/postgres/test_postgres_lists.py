"""Columns of lists, typed one value a line."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ARRAY, Integer, LargeBinary, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.consoles import console_over
from unit.record_view.conftest import logged_in, plugin
from unit.record_view.orders import undo

MOVIES = "/admin/own_movies"
EDIT = f"{MOVIES}/edit/?id=1"
TAGS = ["plain", "", " a ", "two\nlines", '"', "null", "[]", None]


class Base(DeclarativeBase):
    """Tables that existed before the console."""


class Movie(Base):
    """A record with lists."""

    __tablename__ = "own_movies"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    tags: Mapped[Any] = mapped_column(ARRAY(String(12)), nullable=True)
    years: Mapped[Any] = mapped_column(ARRAY(Integer))
    parts: Mapped[Any] = mapped_column(ARRAY(LargeBinary), nullable=True)
    grid: Mapped[Any] = mapped_column(ARRAY(Integer, dimensions=2), nullable=True)


@pytest.fixture
def movies(settings: Settings) -> Iterator[Flask]:
    """A console with a movie."""
    with console_over(settings, plugin(lambda: RecordView(Movie)), Base) as app:
        with app.app_context():
            db.session.add(Movie(title="Oak", tags=TAGS, years=[]))
            db.session.commit()
        yield app


def stored(app: Flask) -> Any:
    """The lists of the movie."""
    with app.app_context():
        return db.session.execute(select(Movie.tags, Movie.years)).one()


def test_lists_are_typed_one_value_a_line(movies: Flask) -> None:
    editor = logged_in(movies, "editor")
    form = record_form(editor.get(EDIT).text)
    assert form["tags"] == 'plain\n""\n" a "\n"two\\nlines"\n"\\""\n"null"\n"[]"\nnull'
    assert form["years"] == "[]"
    assert not {"parts", "grid"} & {*form}
    assert is_redirect(editor.post(EDIT, data={**form, "title": "Elm"}))
    assert stored(movies) == (TAGS, [])


def test_changed_lists_are_recorded_undone_and_exported(movies: Flask) -> None:
    editor = logged_in(movies, "editor")
    form = record_form(editor.get(EDIT).text)
    assert is_redirect(editor.post(EDIT, data={**form, "years": "1,999\r\n\r\n 2001 ", "tags": ""}))
    assert stored(movies) == (None, [1999, 2001])
    assert "1999\n2001" in editor.get(f"{MOVIES}/export/csv/").text
    assert "1999" in read(editor.get(f"{MOVIES}/history/?id=1").text).all("main")[0].text
    assert is_redirect(undo(editor, MOVIES))
    assert stored(movies) == (TAGS, [])


def test_lists_that_two_users_changed_are_left_to_choice(movies: Flask) -> None:
    one, other = logged_in(movies, "editor"), logged_in(movies, "admin")
    form = record_form(one.get(EDIT).text)
    assert is_redirect(other.post(EDIT, data={**record_form(other.get(EDIT).text), "years": "1"}))
    assert one.post(EDIT, data={**form, "years": "2"}).status_code == 409
    assert stored(movies) == (TAGS, [1])


@pytest.mark.parametrize(
    ("field", "text", "error"),
    [
        ("years", "1\nx", "Line 2: Enter a whole number, such as 12."),
        ("years", "99999999999", "Line 1: Enter a number from -2,147,483,648 to 2,147,483,647."),
        ("tags", "a\n\n" + "b" * 13, "Line 3: Use at most 12 characters; this has 13."),
        ("tags", '"a', "Line 1: End the text with a quote, or begin without one."),
        ("tags", '"\\u0000"', "Line 1: Remove the control characters."),
        ("years", "", "Enter the years."),
    ],
)
def test_line_that_is_no_value_is_refused_beside_the_field(
    movies: Flask, field: str, text: str, error: str
) -> None:
    editor = logged_in(movies, "editor")
    form = record_form(editor.get(EDIT).text)
    answer = editor.post(EDIT, data={**form, field: text})
    assert field_errors(answer.text) == {field: error}
    assert record_form(answer.text)[field] == text
    assert stored(movies) == (TAGS, [])
