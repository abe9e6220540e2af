"""Collections of records with names and keys that no line can have: an unchanged save keeps them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, ForeignKey, String, Table, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import record_form
from unit.consoles import console_over
from unit.record_view.conftest import logged_in, plugin

pytestmark = pytest.mark.both_databases
SONGS = "/admin/own_songs"
EDIT = f"{SONGS}/edit/?id=1"
CODES = ("", " ", "  ", " lead", "b c", "x/y", "Ä")
MOODS = ("", " ", "Calm", "Line\nbreak", "2")


class Base(DeclarativeBase):
    """Tables of songs."""


of_labels = Table(
    "own_song_labels",
    Base.metadata,
    Column("song_id", ForeignKey("own_songs.id")),
    Column("code", ForeignKey("own_labels.code")),
)
of_moods = Table(
    "own_song_moods",
    Base.metadata,
    Column("song_id", ForeignKey("own_songs.id"), primary_key=True),
    Column("mood_id", ForeignKey("own_moods.id"), primary_key=True),
)


class Label(Base):
    """A label, which its key names."""

    __tablename__ = "own_labels"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)


class Mood(Base):
    """A mood."""

    __tablename__ = "own_moods"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


class Song(Base):
    """A song."""

    __tablename__ = "own_songs"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    main_id: Mapped[int | None] = mapped_column(ForeignKey("own_moods.id"))
    main: Mapped[Mood | None] = relationship()
    labels: Mapped[list[Label]] = relationship(secondary=of_labels)
    moods: Mapped[list[Mood]] = relationship(secondary=of_moods)


@pytest.fixture
def songs(settings: Settings) -> Iterator[Flask]:
    """A console with a song that has every label and every mood."""
    views = [lambda: RecordView(Song), lambda: RecordView(Label), lambda: RecordView(Mood)]
    with console_over(settings, plugin(*views), Base) as app:
        with app.app_context():
            moods, labels = [Mood(name=name) for name in MOODS], [Label(code=code) for code in CODES]
            db.session.add_all([*moods, *labels])
            db.session.flush()
            db.session.add(Song(name="Song", moods=moods, labels=labels, main_id=moods[0].id))
            db.session.commit()
        yield app


@pytest.fixture
def editor(songs: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(songs, "editor")


def stored(app: Flask) -> tuple[list[str], list[int], int | None]:
    """The labels of the song, its moods, and its main one."""
    with app.app_context():
        labels = db.session.scalars(select(of_labels.c.code)).all()
        moods = db.session.scalars(select(of_moods.c.mood_id)).all()
        return sorted(labels), sorted(moods), db.session.scalar(select(Song.main_id))


ALL = sorted(CODES), [1, 2, 3, 4, 5], 1


@pytest.mark.parametrize("name", ["Song", "Another"])
def test_save_of_another_field_keeps_every_link(songs: Flask, editor: FlaskClient, name: str) -> None:
    assert stored(songs) == ALL
    assert is_redirect(editor.post(EDIT, data={**record_form(editor.get(EDIT).text), "name": name}))
    assert stored(songs) == ALL


def test_removed_line_removes_its_link_alone(songs: Flask, editor: FlaskClient) -> None:
    fields = record_form(editor.get(EDIT).text)
    labels, moods = fields["labels"].replace("x/y", ""), fields["moods"].replace("Calm", "")
    assert is_redirect(editor.post(EDIT, data={**fields, "labels": labels, "moods": moods}))
    assert stored(songs) == (sorted({*CODES} - {"x/y"}), [1, 2, 4, 5], 1)
