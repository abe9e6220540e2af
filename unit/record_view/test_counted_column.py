"""The choices of a column above the list of a plug-in's kind, each with the number of its rows."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read, row_titles
from unit.conftest import CountQueries
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Supplier
from unit.record_view.stored import SUPPLIERS


class Counted(RecordView):
    """Suppliers with their grades above the list."""

    column_counted = "grade"
    column_filters = ("city",)


@pytest.fixture
def viewer(console: With) -> FlaskClient:
    """A browser of a viewer, with four suppliers."""
    app = console(lambda: Counted(Supplier))
    grades = {"Oak": "FIRST", "Elm": "SECOND", "Ash": "FIRST", "Box": None}
    with app.app_context():
        db.session.add_all([Supplier(name=name, grade=grade) for name, grade in grades.items()])
        db.session.commit()
    return logged_in(app, "viewer")


def row(client: FlaskClient, query: str = "") -> dict[str, str]:
    """The texts above the list, each with its address."""
    nav = read(client.get(f"{SUPPLIERS}/{query}").text).all("nav", aria_label="Rows by grade")[0]
    return {link.text: link.attributes["href"] for link in nav.all("a")}


@pytest.mark.both_databases
def test_choices_stand_above_the_list_with_their_rows(viewer: FlaskClient) -> None:
    assert [*row(viewer)] == ["All 4", "First choice 2", "Second 1", "Is empty 1"]
    assert [*row(viewer, "?q=as")] == ["All 1", "First choice 1", "Second 0", "Is empty 0"]


@pytest.mark.both_databases
def test_rows_of_several_codes_are_counted(viewer: FlaskClient) -> None:
    assert [*row(viewer, "?q=oak,elm,box")] == ["All 3", "First choice 1", "Second 1", "Is empty 1"]
    chosen = row(viewer, "?q=oak,elm,box&grade=FIRST")
    assert [*chosen] == ["All 3", "First choice 1", "Second 1", "Is empty 1"]


@pytest.mark.both_databases
def test_link_shows_the_rows_that_it_counts(viewer: FlaskClient) -> None:
    for words, address in row(viewer).items():
        assert len(row_titles(viewer.get(address).text)) == int(words.split()[-1])


def test_chosen_link_is_the_current_one(viewer: FlaskClient) -> None:
    page = read(viewer.get(f"{SUPPLIERS}/?grade=FIRST").text)
    links = page.all("nav", aria_label="Rows by grade")[0].all("a")
    assert [link.text for link in links if "aria-current" in link.attributes] == ["First choice 2"]


def test_list_with_the_row_takes_six_statements(viewer: FlaskClient, count_queries: CountQueries) -> None:
    viewer.get(f"{SUPPLIERS}/")
    with count_queries() as statements:
        viewer.get(f"{SUPPLIERS}/")
    assert len(statements) <= 6, "\n".join(statements)


TOWNS = [(f"town-{number}", f"Town {number}") for number in range(13)]


def towns(most: int) -> type[RecordView]:
    """A view that counts suppliers by their city, of which so many are labelled; it may also be empty."""
    return type("Towns", (RecordView,), {"column_counted": "city", "column_choices": {"city": TOWNS[:most]}})


@pytest.mark.both_databases
def test_labelled_values_are_counted_up_to_twelve_besides_empty_ones(console: With) -> None:
    app = console(lambda: towns(12)(Supplier))
    with app.app_context():
        db.session.add_all([Supplier(name="Oak", city="town-0"), Supplier(name="Elm")])
        db.session.commit()
    nav = read(logged_in(app, "viewer").get(f"{SUPPLIERS}/").text).all("nav", aria_label="Rows by city")[0]
    told = [link.text for link in nav.all("a")]
    assert (len(told), told[0], told[1], told[-1]) == (14, "All 2", "Town 0 1", "Is empty 1")
    with app.app_context(), pytest.raises(ValueError, match="Name a column with up to 12 choices"):
        towns(13)(Supplier)


@pytest.mark.parametrize("name", ["city", "country", "rating", "extra"])
def test_column_without_few_choices_is_refused(app: Flask, name: str) -> None:
    view = type("Wrong", (RecordView,), {"column_counted": name})
    with app.app_context(), pytest.raises(ValueError, match=r"Wrong\.column_counted names") as refused:
        view(Supplier)
    assert str(refused.value).endswith("Name a column with up to 12 choices.")
