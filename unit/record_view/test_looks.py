"""Screens of own records beside those of the console: nothing tells which of them was built in."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Base, Country, Memo, Supplier


class ByNameAndCity(RecordView):
    """Suppliers that are searched by two columns."""

    column_searchable_list = ("name", "city")


class ByReference(RecordView):
    """Suppliers that are searched by columns of several records."""

    column_searchable_list = ("name", "country.name")


class ByFour(RecordView):
    """Suppliers that are searched by more columns than an input can name."""

    column_searchable_list = ("name", "city", "notes", "api_key")


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (RecordView, "Search name"),
        (ByNameAndCity, "Search name or city"),
        (ByReference, "Search name or country name"),
        (ByFour, "Search"),
    ],
)
def test_search_says_where_it_looks(console: With, view: type[RecordView], words: str) -> None:
    app = console(lambda: view(Supplier), lambda: RecordView(Country))
    with app.app_context():
        db.session.add(Supplier(name="Oak"))
        db.session.commit()
    page = read(logged_in(app, "viewer").get("/admin/own_suppliers/").text)
    [search] = [each for each in page.all("main")[0].all("input") if each.attributes["name"] == "q"]
    assert search.attributes["placeholder"] == words


def test_trash_is_the_last_of_its_group(console: With) -> None:
    app = console(lambda: RecordView(Supplier, name="Suppliers", category="Catalogue"))
    links = [each.text for each in read(logged_in(app, "editor").get("/admin/").text).all("nav")[0].all("a")]
    assert links[:6] == ["Home", "History", "Jobs", "Products", "Categories", "Suppliers"]
    assert links[6] == "Trash"


class WithDetails(RecordView):
    """Suppliers whose page has the name as well."""

    column_details_list = ("name", "city")


def facts(app: Flask, kind: str) -> list[str]:
    """The labels of the facts on the page of the first record."""
    page = read(logged_in(app, "viewer").get(f"/admin/{kind}/details/?id=1").text)
    return [each.text for each in page.all("main")[0].all("dt")]


def test_page_does_not_repeat_the_name_in_its_heading(console: With) -> None:
    app = console(lambda: RecordView(Memo))
    with app.app_context():
        db.session.add(Memo(name="Oak"))
        db.session.commit()
    assert facts(app, "own_memos")[:2] == ["Note", "Action"]


def test_page_has_the_name_where_it_is_declared(console: With) -> None:
    app = console(lambda: WithDetails(Supplier))
    with app.app_context():
        db.session.add(Supplier(name="Oak"))
        db.session.commit()
    assert facts(app, "own_suppliers")[:2] == ["Name", "City"]


class Spoken(Base):
    """A record that says in its own words what it is called."""

    __tablename__ = "own_spoken"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    def __str__(self) -> str:
        return f"Called {self.name}"


def test_column_stays_where_the_heading_has_other_words(context: Flask) -> None:
    assert RecordView(Spoken).declared.detailed == ["name"]


class Rated(RecordView):
    """Suppliers whose low ratings have a tone."""

    column_list = ("name", "rating", "size")
    column_editable_list = ("rating",)
    column_tones = {"rating": {1.5: "warn", 0: "bad"}}  # noqa: RUF012


def test_numbers_have_the_tones_that_a_view_declares(console: With) -> None:
    app = console(lambda: Rated(Supplier))
    with app.app_context():
        for name, rating in {"Ash": 0, "Birch": 1.5, "Elm": 2.25, "Oak": None}.items():
            db.session.add(Supplier(name=name, rating=rating))
        db.session.commit()
    page = read(logged_in(app, "editor").get("/admin/own_suppliers/?sort=name").text)
    cells = page.all("td", **{"data-label": "Rating"})
    tones = [[badge.attributes["class"] for badge in cell.all("span") if badge.text] for cell in cells]
    assert tones == [["badge bad"], ["badge warn"], [], []]
    assert [cell.text for cell in cells] == ["0.0", "1.5", "2.25", "—"]


@pytest.mark.parametrize(
    ("tones", "told"),
    [
        ({"name": {0: "bad"}}, "names name, which is no number in column_list"),
        ({"city": {0: "bad"}}, "names city, which is no number"),
        ({"rating": {0: "red"}}, "gives rating up to 0 the tone 'red'"),
        ({"rating": {"0": "bad"}}, "gives rating up to '0' the tone 'bad'"),
    ],
)
def test_tones_of_what_has_none_stop_the_start(
    console: With, tones: dict[str, dict[object, str]], told: str
) -> None:
    view = type("Wrong", (Rated,), {"column_tones": tones})
    with pytest.raises(ValueError, match=re.escape(told)):
        console(lambda: view(Supplier))
