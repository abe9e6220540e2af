"""Own records with types that only PostgreSQL knows: shown, and restored to the letter."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Date, Integer, Numeric, String, text
from sqlalchemy.dialects.postgresql import ARRAY, BIT, DOMAIN, INET, INT4RANGE, TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form, row_titles
from unit.consoles import console_over
from unit.record_view.conftest import logged_in, plugin
from unit.record_view.stored import confirm

FILMS = "/admin/own_films"
FILMS_THERE = """
    INSERT INTO own_films (title, year, price, shown, words, host, span, tags, bits) VALUES
    ('Oak', 1999, 2.50, '2026-01-31', to_tsvector('simple', 'fox'), '10.0.0.1/8', '[1,5)', '{a,NULL,"b,c"}',
     B'0101'),
    ('Elm', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
"""
ROW = "SELECT own_films::text FROM own_films ORDER BY id"


class Base(DeclarativeBase):
    """Tables that existed before the console."""


class Film(Base):
    """A record with columns of types without a meaning in Python."""

    __tablename__ = "own_films"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    year: Mapped[Any] = mapped_column(DOMAIN("own_year", Integer(), check="VALUE > 1900"), nullable=True)
    price: Mapped[Any] = mapped_column(DOMAIN("own_price", Numeric(6, 2)), nullable=True)
    shown: Mapped[Any] = mapped_column(DOMAIN("own_day", Date()), nullable=True)
    words: Mapped[Any] = mapped_column(TSVECTOR(), nullable=True)
    host: Mapped[Any] = mapped_column(INET(), nullable=True)
    span: Mapped[Any] = mapped_column(INT4RANGE(), nullable=True)
    bits: Mapped[Any] = mapped_column(BIT(4), nullable=True)
    tags: Mapped[Any] = mapped_column(ARRAY(String()), nullable=True)


class FilmView(RecordView):
    """Films, filtered by what their domains restrict."""

    column_filters = ("price", "shown")


@pytest.fixture
def films(settings: Settings) -> Iterator[Flask]:
    """A console with two films, one of them without values."""
    with console_over(settings, plugin(lambda: FilmView(Film)), Base) as app:
        with app.app_context():
            db.session.execute(text(FILMS_THERE))
            db.session.commit()
        yield app


def stored(app: Flask) -> list[str]:
    """All rows as the database writes them."""
    with app.app_context():
        return [*db.session.scalars(text(ROW))]


@pytest.mark.parametrize("key", [1, 2])
def test_deleted_record_comes_back_with_every_value(films: Flask, key: int) -> None:
    editor, before = logged_in(films, "editor"), stored(films)
    assert is_redirect(confirm(editor, f"{FILMS}/delete/?id={key}"))
    assert len(stored(films)) == 1
    assert is_redirect(confirm(editor, "/admin/trash/restore/?id=1"))
    assert stored(films) == before


def test_domain_is_typed_as_what_it_restricts(films: Flask) -> None:
    editor, address = logged_in(films, "editor"), f"{FILMS}/edit/?id=1"
    form = record_form(editor.get(address).text)
    assert form["year"] == "1999"
    assert field_errors(editor.post(address, data={**form, "year": "x"}).text) == {
        "year": "Enter a whole number, such as 12."
    }
    assert is_redirect(editor.post(address, data={**form, "year": "2001"}))
    assert "2001" in stored(films)[0]
    timeline = read(editor.get(f"{FILMS}/history/?id=1").text).all("main")[0].text
    assert "1,999" in timeline


def test_value_that_a_domain_refuses_is_told_in_words(films: Flask) -> None:
    editor, address = logged_in(films, "editor"), f"{FILMS}/edit/?id=1"
    form = record_form(editor.get(address).text)
    answer = editor.post(address, data={**form, "year": "3"})
    assert answer.status_code == 200
    assert "The database does not allow these values together." in answer.text
    assert "1999" in stored(films)[0]


def test_list_page_and_file_show_every_column(films: Flask) -> None:
    editor = logged_in(films, "editor")
    columns = "&".join(f"column={name}" for name in ("year", "words", "host", "span", "tags"))
    page = read(editor.get(f"{FILMS}/?{columns}").text).all("tbody")[0].text
    assert "10.0.0.1/8" in page
    assert editor.get(f"{FILMS}/details/?id=1").status_code == 200
    assert "10.0.0.1/8" in editor.get(f"{FILMS}/export/csv/").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("price_min=2.49&price_max=2.51", ["Oak"]),
        ("price_min=2.51", []),
        ("shown_from=2026-01-31&shown_to=2026-01-31", ["Oak"]),
        ("shown_from=2026-02-01", []),
    ],
)
def test_list_is_filtered_by_what_a_domain_restricts(films: Flask, query: str, found: list[str]) -> None:
    assert row_titles(logged_in(films, "editor").get(f"{FILMS}/?{query}").text) == found


@pytest.mark.parametrize("column", ["year", "price", "shown"])
def test_pages_follow_each_other_in_the_order_of_a_domain(films: Flask, column: str) -> None:
    with films.app_context():
        db.session.add_all(
            Film(title=f"F{n}", year=2000 + n, price=n + 10, shown=date(2026, 2, n)) for n in range(1, 13)
        )
        db.session.commit()
    viewer, titles = logged_in(films, "viewer"), list[str]()
    address = f"{FILMS}/?sort=-{column}&size=10"
    while address:
        page = viewer.get(address).text
        titles += row_titles(page)
        following = read(page).all("a", aria_label="Next page")
        address = following[0].attributes["href"] if following else ""
    assert titles == [*(f"F{n}" for n in range(12, 0, -1)), "Oak", "Elm"]
