"""`column_display_all_relations`: every relationship is a column of the list and a fact of the page."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read
from unit.record_view.conftest import Secretive, With, logged_in
from unit.record_view.kinds import Base, Post, Tag
from unit.record_view.posts import TAGS, PostView, filled

pytestmark = pytest.mark.both_databases
BANDS = "/admin/own_bands"
LABELS = ("Name", "Parent", "Children", "Players", "Leader")
PLAYERS = ("Ann", "Bob", "Cem", "Dee")


class Band(Base):
    """A band with players, one of whom leads it, and bands that it came from."""

    __tablename__ = "own_bands"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("own_bands.id"))

    parent: Mapped[Band | None] = relationship(remote_side="Band.id", back_populates="children")
    children: Mapped[list[Band]] = relationship(back_populates="parent")
    players: Mapped[list[Player]] = relationship(back_populates="band")
    leader: Mapped[Player | None] = relationship(
        primaryjoin="and_(Player.band_id == Band.id, Player.leads)", viewonly=True
    )


class Player(Base):
    """A player of a band."""

    __tablename__ = "own_players"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    leads: Mapped[bool] = mapped_column(default=False)
    band_id: Mapped[int | None] = mapped_column(ForeignKey("own_bands.id"))
    band: Mapped[Band | None] = relationship(back_populates="players")


class AllOfBand(RecordView):
    """Bands with everything that the mapping leads to."""

    column_display_all_relations = True
    column_export_list = ("name", "players")


class NamedOfBand(RecordView):
    """Bands with their players, who are named."""

    column_list = ("name", "players")


class AllOfTag(RecordView):
    """Tags with their posts, which the other class has a form for."""

    column_display_all_relations = True


def bands(console: With, view: type[RecordView], players: type[RecordView] = RecordView) -> Flask:
    """A console with two bands, the second of which came from the first, and four players of that."""
    app = console(lambda: view(Band), lambda: players(Player))
    with app.app_context():
        db.session.add(Band(name="Oaks"))
        db.session.flush()
        db.session.add(Band(name="Elms", parent_id=1))
        db.session.add_all(Player(name=name, band_id=1, leads=name == "Cem") for name in PLAYERS)
        db.session.commit()
    return app


def row(app: Flask, name: str) -> dict[str, str]:
    """The cells of a band in the list, by their headings."""
    [table] = read(logged_in(app, "viewer").get(f"{BANDS}/").text).all("table")
    headings = [each.text for each in table.all("thead")[0].all("th")]
    [found] = [each for each in table.all("tbody")[0].all("tr") if each.all("th")[0].text == name]
    cells = [cell.text.replace(" ,", ",") for cell in (*found.all("th"), *found.all("td"))]
    return dict(zip([each for each in headings if each in LABELS], cells, strict=False))


def test_list_names_what_every_relationship_leads_to(console: With) -> None:
    app = bands(console, AllOfBand)
    assert row(app, "Oaks") == {
        "Name": "Oaks",
        "Parent": "—",
        "Children": "Elms",
        "Players": "Ann, Bob, Cem and 1 more",
        "Leader": "Cem",
    }
    assert row(app, "Elms") == {
        "Name": "Elms",
        "Parent": "Oaks",
        "Children": "—",
        "Players": "—",
        "Leader": "—",
    }


def test_page_names_every_record_and_leads_to_it(console: With) -> None:
    client = logged_in(bands(console, AllOfBand), "viewer")
    links = read(client.get(f"{BANDS}/details/?id=1").text).all("main")[0].all("a")
    found = {each.text: each.attributes["href"] for each in links}
    players = {name: f"/admin/own_players/details/?id={key}" for key, name in enumerate(PLAYERS, 1)}
    assert players.items() <= found.items()
    assert found["Elms"] == f"{BANDS}/details/?id=2"


def test_file_has_every_name(console: With) -> None:
    text = logged_in(bands(console, AllOfBand), "editor").get(f"{BANDS}/export/csv/").text
    assert ["Oaks", "Ann; Bob; Cem; Dee"] in [*csv.reader(io.StringIO(text))]


def test_relationship_is_a_column_where_it_is_named(console: With) -> None:
    app = bands(console, NamedOfBand)
    assert row(app, "Oaks") == {"Name": "Oaks", "Players": "Ann, Bob, Cem and 1 more"}


def test_records_of_a_kind_that_a_user_may_not_see_are_not_named(console: With) -> None:
    app = bands(console, AllOfBand, Secretive)
    assert row(app, "Oaks")["Players"] == row(app, "Oaks")["Leader"] == "—"
    assert "Ann" in logged_in(app, "admin").get(f"{BANDS}/").text
    page = logged_in(app, "viewer").get(f"{BANDS}/details/?id=1").text
    assert [name for name in PLAYERS if name in page] == []


def test_both_sides_of_a_table_of_links_are_columns(console: With) -> None:
    app = filled(console, lambda: PostView(Post), lambda: AllOfTag(Tag))
    [table] = read(logged_in(app, "viewer").get(f"{TAGS}/").text).all("table")
    assert "Posts" in [each.text for each in table.all("thead")[0].all("th")]
    blue = [each.text for each in table.all("tr") if "Blue" in each.text]
    assert "First" in blue[0]


def test_number_of_statements_does_not_grow_with_the_bands(console: With, count_queries: Any) -> None:
    app = bands(console, AllOfBand)
    client = logged_in(app, "viewer")
    client.get(f"{BANDS}/")
    with count_queries() as few:
        client.get(f"{BANDS}/")
    with app.app_context():
        db.session.add_all(Band(name=f"Band {number}", parent_id=1) for number in range(20))
        db.session.commit()
    with count_queries() as more:
        assert "Band 7" in client.get(f"{BANDS}/").text
    assert len(more) == len(few)
