"""The address at which the input of a reference finds records."""

from typing import Any

import pytest
from flask import Flask

from dashboard.admin.record_view.relations.together import FEW
from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form
from unit.record_view.conftest import As, Secretive, With, logged_in
from unit.record_view.kinds import Country, Supplier, Ticket
from unit.record_view.stored import COUNTRIES, SUPPLIERS, rows

pytestmark = pytest.mark.both_databases


def found(client: Any, query: str, at: str = SUPPLIERS) -> list[tuple[str, str]]:
    """The names that a query finds, each with the text that the input takes."""
    answer = client.get(f"{at}/lookup/", query_string={"q": query})
    return [(each["label"], each["text"]) for each in answer.json["items"]]


def test_records_are_found_by_parts_of_their_names(as_role: As) -> None:
    viewer = as_role("viewer")
    assert found(viewer, "oak") == [("Oak & Sons", "Oak & Sons")]
    assert found(viewer, "SONS") == [("Oak & Sons", "Oak & Sons")]
    assert found(viewer, "nothing") == []
    assert [label for label, _ in found(viewer, "")] == ["Ash", "Birch", "Elm", "Oak & Sons"]


def test_record_is_found_by_its_key_before_all_others(as_role: As) -> None:
    assert found(as_role("viewer"), "2")[0] == ("Elm", "Elm")
    assert found(as_role("viewer"), "de", COUNTRIES) == [("Germany", "Germany")]


def test_exact_name_comes_first_then_those_that_begin_with_the_query(console: With) -> None:
    app = console(lambda: RecordView(Supplier))
    with app.app_context():
        db.session.add_all([Supplier(name="A oak"), Supplier(name="Oakwood")])
        db.session.commit()
    viewer = logged_in(app, "viewer")
    assert [label for label, _ in found(viewer, "oak")] == ["Oakwood", "A oak"]
    with app.app_context():
        db.session.add_all([Supplier(name=f"A oak {number:02}") for number in range(25)])
        db.session.add(Supplier(name="Oak"))
        db.session.commit()
    assert found(viewer, "Oak")[0] == ("Oak", "Oak")


@pytest.mark.parametrize(
    "query", ["", "%", "_", "\0", "x" * 5000, "99999999999999999999", "a b c d e f g h i j"]
)
def test_any_query_has_an_answer(as_role: As, query: str) -> None:
    answer = as_role("viewer").get(f"{SUPPLIERS}/lookup/", query_string={"q": query})
    assert (answer.status_code, answer.json["more"]) == (200, False)


def test_at_most_twenty_records_are_found(console: With) -> None:
    app = console(lambda: RecordView(Supplier))
    with app.app_context():
        db.session.add_all([Supplier(name=f"Oak {number:02}") for number in range(21)])
        db.session.commit()
    answer = logged_in(app, "viewer").get(f"{SUPPLIERS}/lookup/?q=oak").json
    assert (len(answer["items"]), answer["more"]) == (20, True)
    assert answer["items"][0] == {
        "label": "Oak 00",
        "hint": "no. 1",
        "text": "Oak 00",
        "key": "1",
    }


def test_name_that_could_mean_another_record_is_taken_by_its_key(console: With) -> None:
    app = console(lambda: RecordView(Country))
    with app.app_context():
        rows = {"de": "Germany", "xx": "Germany", "yy": "de", "zz": " Blank  "}
        db.session.add_all([Country(code=code, name=name) for code, name in rows.items()])
        db.session.commit()
    viewer = logged_in(app, "viewer")
    assert sorted(found(viewer, "germany", COUNTRIES)) == [("Germany", "de"), ("Germany", "xx")]
    assert sorted(found(viewer, "de", COUNTRIES)) == [("Germany", "de"), ("de", "yy")]
    assert found(viewer, "blank", COUNTRIES) == [(" Blank  ", "zz")]


def test_record_without_a_name_is_found_by_its_key(console: With) -> None:
    app = console(lambda: RecordView(Ticket))
    with app.app_context():
        db.session.add(ticket := Ticket(weight=1))
        db.session.flush()
        key = str(ticket.number)
        db.session.commit()
    assert found(logged_in(app, "viewer"), key, "/admin/own_tickets") == [(key, key)]


def test_records_that_the_user_may_not_see_are_not_found(guarded: Flask, console: With) -> None:
    assert found(logged_in(guarded, "owner"), "") == [("Oak", "Oak")]
    assert found(logged_in(guarded, "owner"), "2") == []


@pytest.mark.parametrize(("is_seen", "text"), [(False, "2"), (True, "3")])
def test_only_a_key_that_the_user_may_see_makes_a_name_unclear(
    guarded: Flask, is_seen: bool, text: str
) -> None:
    with guarded.app_context():
        db.session.add(Supplier(name="2"))
        db.session.get_one(Supplier, 2).active = is_seen
        db.session.commit()
    editor, address = logged_in(guarded, "editor"), f"{SUPPLIERS}/edit/?id=1"
    assert ("2", text) in found(editor, "2")
    fields = record_form(editor.get(address).text)
    assert is_redirect(editor.post(address, data={**fields, "parent_id": text}))
    assert rows(guarded, Supplier)[0]["parent_id"] == 3


def test_only_those_who_see_a_kind_find_its_records(console: With) -> None:
    app = console(lambda: Secretive(Country))
    assert logged_in(app, "editor").get(f"{COUNTRIES}/lookup/?q=de").status_code == 403
    assert logged_in(app, "admin").get(f"{COUNTRIES}/lookup/?q=de").status_code == 200


@pytest.mark.parametrize(("number", "tag"), [(FEW, "select"), (FEW + 1, "input")])
def test_input_of_many_records_says_where_a_script_finds_them(console: With, number: int, tag: str) -> None:
    app = console(lambda: RecordView(Supplier), lambda: RecordView(Country))
    with app.app_context():
        db.session.add_all([Country(code=f"c{each}", name=f"C{each}") for each in range(number)])
        db.session.commit()
    html = logged_in(app, "editor").get(f"{SUPPLIERS}/new/").text
    [field] = read(html).all(tag, id="country_code")
    assert field.attributes.get("data-source") == (f"{COUNTRIES}/lookup/" if tag == "input" else None)
    assert ("picker." in field.attributes.get("data-picker", "")) == (tag == "input")


def test_input_of_a_kind_that_the_user_may_not_see_has_no_script(console: With) -> None:
    app = console(lambda: RecordView(Supplier), lambda: Secretive(Country))
    with app.app_context():
        db.session.add_all([Country(code=f"c{each}", name=f"C{each}") for each in range(FEW + 1)])
        db.session.commit()
    assert "lookup" not in logged_in(app, "editor").get(f"{SUPPLIERS}/new/").text
