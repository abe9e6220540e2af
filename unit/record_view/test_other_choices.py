"""A stored value that is none of the choices of its column: pages show it as it is, and it stays."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form, row_titles
from unit.record_view.bulk_editing import confirmed, edit
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import undone
from unit.record_view.kinds import Supplier
from unit.record_view.stored import SUPPLIERS, cell_of, confirm

pytestmark = pytest.mark.both_databases


class Graded(RecordView):
    """Suppliers by grade, of which a row is counted above the list."""

    column_list = ("name", "grade", "terms")
    column_counted = "grade"
    column_filters = ("grade",)
    column_editable_list = ("grade",)


def store(app: Flask) -> None:
    """Give Elm a grade that is no choice, as another program would."""
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("ALTER TYPE grade ADD VALUE IF NOT EXISTS 'third_best'"))
            db.session.commit()
        db.session.execute(text("UPDATE own_suppliers SET grade = 'third_best' WHERE name = 'Elm'"))
        db.session.commit()


@pytest.fixture
def stored(console: With) -> Flask:
    """A console with three suppliers, one of which has a grade that no choice stands for."""
    app = console(lambda: Graded(Supplier))
    with app.app_context():
        db.session.add_all(
            [
                Supplier(id=1, name="Oak", grade="FIRST"),
                Supplier(id=2, name="Elm"),
                Supplier(id=3, name="Ash"),
            ]
        )
        db.session.commit()
    store(app)
    return app


@pytest.fixture
def owner(stored: Flask) -> FlaskClient:
    """A browser of an owner."""
    return logged_in(stored, "owner")


def grade(app: Flask, name: str = "Elm") -> str:
    """The grade that the database holds."""
    with app.app_context():
        query = text("SELECT grade FROM own_suppliers WHERE name = :name")
        return str(db.session.execute(query, {"name": name}).scalar())


def test_list_shows_it_and_counts_it_among_no_choice(owner: FlaskClient) -> None:
    page = owner.get(f"{SUPPLIERS}/?sort=name").text
    assert row_titles(page) == ["Ash", "Elm", "Oak"]
    assert "Third best" in page
    nav = read(page).all("nav", aria_label="Rows by grade")[0]
    assert [link.text for link in nav.all("a")] == ["All 3", "First choice 1", "Second 0", "Is empty 1"]
    nav = read(owner.get(f"{SUPPLIERS}/?grade=FIRST").text).all("nav", aria_label="Rows by grade")[0]
    assert nav.all("a")[0].text == "All 3"


@pytest.mark.parametrize("order", ["grade", "-grade"])
def test_list_sorted_by_it_has_each_row_once(stored: Flask, owner: FlaskClient, order: str) -> None:
    with stored.app_context():
        db.session.add_all([Supplier(id=9 + number, name=f"S{number:02}") for number in range(12)])
        db.session.commit()
        db.session.execute(text("UPDATE own_suppliers SET grade = 'third_best' WHERE name LIKE 'S%'"))
        db.session.commit()
    seen, address = list[str](), f"{SUPPLIERS}/?size=10&sort={order}"
    while address and len(seen) < 50:
        page = owner.get(address).text
        seen += row_titles(page)
        links = read(page).all("a", **{"aria-label": "Next page"})
        address = links[0].attributes["href"] if links else ""
    assert sorted(seen) == ["Ash", "Elm", "Oak", *(f"S{number:02}" for number in range(12))]


def test_page_file_and_palette_of_the_record_open(owner: FlaskClient) -> None:
    assert "third_best" in owner.get(f"{SUPPLIERS}/details/?id=2").text
    assert "third_best" in owner.get(f"{SUPPLIERS}/export/csv/").text
    assert owner.get(f"{SUPPLIERS}/?q=elm").status_code == 200


def test_saved_form_leaves_it_and_takes_a_choice(stored: Flask, owner: FlaskClient) -> None:
    fields = record_form(owner.get(f"{SUPPLIERS}/edit/?id=2").text)
    assert fields["grade"] == "third_best"
    answer = owner.post(f"{SUPPLIERS}/edit/?id=2", data={**fields, "city": "Ulm"})
    assert is_redirect(answer)
    assert grade(stored) == "third_best"
    fields = record_form(owner.get(f"{SUPPLIERS}/edit/?id=2").text)
    assert is_redirect(owner.post(f"{SUPPLIERS}/edit/?id=2", data={**fields, "grade": "SECOND"}))
    assert grade(stored) == "SECOND"
    assert "Third best" in owner.get("/admin/history/?record=own_suppliers:2").text


def test_other_value_that_is_not_stored_is_refused(stored: Flask, owner: FlaskClient) -> None:
    fields = record_form(owner.get(f"{SUPPLIERS}/edit/?id=1").text)
    answer = owner.post(f"{SUPPLIERS}/edit/?id=1", data={**fields, "grade": "third_best"})
    assert answer.status_code == 200
    assert "Choose one of these." in answer.text
    assert grade(stored, "Oak") == "FIRST"


def test_it_comes_back_from_the_trash(stored: Flask, owner: FlaskClient) -> None:
    assert is_redirect(confirm(owner, f"{SUPPLIERS}/delete/?id=2"))
    assert grade(stored) == "None"
    assert is_redirect(confirm(owner, "/admin/trash/restore/?id=1"))
    assert grade(stored) == "third_best"


def test_cell_takes_choices_alone(stored: Flask, owner: FlaskClient) -> None:
    sent = cell_of(owner, SUPPLIERS, "grade", "third_best")
    assert owner.post(f"{SUPPLIERS}/cell/", data=sent).status_code == 422
    assert grade(stored, "Oak") == "FIRST"
    answer = owner.post(f"{SUPPLIERS}/cell/", data={**sent, "id": "2", "value": "FIRST"})
    assert answer.status_code == 200
    assert grade(stored) == "FIRST"


def test_undone_change_brings_it_back(stored: Flask, owner: FlaskClient) -> None:
    fields = record_form(owner.get(f"{SUPPLIERS}/edit/?id=2").text)
    answer = owner.post(f"{SUPPLIERS}/edit/?id=2", data={**fields, "grade": "SECOND"})
    undone(owner, answer.location)
    assert grade(stored) == "third_best"


def test_records_are_edited_together_beside_it(stored: Flask, owner: FlaskClient) -> None:
    assert is_redirect(confirmed(owner, edit(owner, 1, 2, **{"city-how": "set", "city": "Ulm"})))
    assert (grade(stored), grade(stored, "Oak")) == ("third_best", "FIRST")
    assert is_redirect(confirmed(owner, edit(owner, 1, 2, **{"grade-how": "set", "grade": "SECOND"})))
    assert (grade(stored), grade(stored, "Oak")) == ("SECOND", "SECOND")


def test_list_of_others_counts_and_shows_it(console: With) -> None:
    class Parents(RecordView):
        column_list = ("name", "parent.grade")
        column_filters = ("parent.grade",)

    app = console(lambda: Parents(Supplier))
    with app.app_context():
        db.session.add_all([Supplier(id=1, name="Elm"), Supplier(id=2, name="Ash", parent_id=1)])
        db.session.commit()
    store(app)
    page = logged_in(app, "viewer").get(f"{SUPPLIERS}/").text
    assert sorted(row_titles(page)) == ["Ash", "Elm"]
    assert "Third best" in page
