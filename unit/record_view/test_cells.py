"""Cells of lists of own records: every column with a field for a short text, compared by its stored text."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.variables import SettingsError
from unit.admin.reading import read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Grade, Supplier
from unit.record_view.stored import change_elsewhere, rows

pytestmark = pytest.mark.both_databases
AT = "/admin/own_suppliers"
CELLS = ("city", "rating", "limit", "since", "seen_at", "active", "checked", "grade", "notes", "size")
LIST = f"{AT}/?" + "&".join(f"column={name}" for name in CELLS)
HOSTILE = "  -1 <b> “ü” '&amp;  "


def view(*names: str, **more: Any) -> Callable[[], RecordView]:
    """A view of suppliers whose cells in these columns can be edited."""
    made: type[RecordView] = type(
        "Cells", (RecordView,), {"column_editable_list": names, "column_list": ("name", *CELLS), **more}
    )
    return lambda: made(Supplier)


@pytest.fixture
def app(console: With) -> Flask:
    """A console with one supplier, whose cells of every type can be edited."""
    app = console(view(*CELLS))
    with app.app_context():
        db.session.add(
            Supplier(
                name="Oak",
                city=HOSTILE,
                seen_at=datetime.fromisoformat("2026-03-31 09:30"),
                limit=Decimal("1234.5"),
            )
        )
        db.session.commit()
    return app


@pytest.fixture
def elsewhere(app: Flask) -> Callable[..., None]:
    """`elsewhere(column=value)` is a change by another program."""
    return partial(change_elsewhere, app, Supplier)


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(app, "editor")


def texts(html: str) -> dict[str, str]:
    """The texts of the cells of the supplier that a list has."""
    found: dict[str, str] = json.loads(read(html).all("table")[0].attributes["data-texts"])["1"]
    return found


def save(client: FlaskClient, html: str, **fields: str) -> TestResponse:
    """The answer to a cell of the supplier that is saved from a list."""
    table, token = read(html).all("table")[0], read(html).fields["csrf_token"]
    sent = {"id": "1", "version": table.attributes["data-versions"], "csrf_token": token}
    return client.post(f"{AT}/cell/", data={**sent, **fields})


def test_list_has_the_texts_of_cells_as_their_fields_hold_them(editor: FlaskClient) -> None:
    assert texts(editor.get(LIST).text) == {
        "city": HOSTILE, "rating": "", "limit": "1234.50", "since": "", "seen_at": "2026-03-31 09:30",
        "active": "yes", "checked": "", "grade": "", "notes": "", "size": "3",
    }  # fmt: skip


def test_list_has_no_text_that_is_too_long_for_a_cell(
    editor: FlaskClient, elsewhere: Callable[..., None]
) -> None:
    for long in ("x" * 201, "One\nTwo", "One\r"):
        elsewhere(notes=long)
        assert texts(editor.get(LIST).text).keys() == {*CELLS} - {"notes"}


def test_viewer_gets_no_texts_of_cells(app: Flask) -> None:
    assert "data-texts" not in logged_in(app, "viewer").get(LIST).text


def test_choice_that_may_be_blank_is_offered_so(editor: FlaskClient) -> None:
    heads = [
        each.attributes for each in read(editor.get(LIST).text).all("th") if "data-edit" in each.attributes
    ]
    inputs = {each["field"]: each for each in (json.loads(head["data-edit"]) for head in heads)}
    assert inputs["checked"]["options"] == [["", "Not set"], ["yes", "Yes"], ["no", "No"]]
    assert (inputs["active"]["options"][0], inputs["city"]["options"]) == (["yes", "Yes"], [])


@pytest.mark.parametrize(
    ("name", "typed", "stored", "shown"),
    [
        ("city", "  Köln <i> ", "  Köln <i> ", "Köln <i>"),
        ("city", "", None, None),
        ("rating", "-4.5", -4.5, "-4.5"),
        ("limit", "99999.9", Decimal("99999.90"), "99,999.90"),
        ("limit", "1.234,5", Decimal("1234.50"), "1,234.50"),
        ("rating", "4,25", 4.25, "4.25"),
        ("rating", "1.1250", 1.125, "1.125"),
        ("size", "1,200", 1200, "1,200"),
        ("since", "2026-01-31", date(2026, 1, 31), "31 Jan 2026"),
        ("seen_at", "2027-04-01 08:00", datetime.fromisoformat("2027-04-01 08:00"), "1 Apr 2027"),
        ("seen_at", "", None, None),
        ("active", "no", False, "No"),
        ("checked", "yes", True, "Yes"),
        ("checked", "", None, None),
        ("grade", "SECOND", Grade.SECOND, "Second"),
        ("size", "-7", -7, "-7"),
    ],
)
def test_typed_cell_is_saved_and_shown_as_the_list_shows_it(
    name: str, typed: str, stored: Any, shown: str | None, app: Flask, editor: FlaskClient
) -> None:
    answer = save(editor, editor.get(LIST).text, field=name, value=typed)
    assert (answer.status_code, answer.json["shown"]) == (200, shown)
    assert rows(app, Supplier)[0][name] == stored
    cells = read(editor.get(LIST).text).all("tbody")[0].all("tr")[0].all("td")
    labelled = {cell.attributes.get("data-label", "").removesuffix(" (UTC)"): cell.text for cell in cells}
    label = name.replace("_", " ").capitalize()
    assert labelled[label] == (shown or "—")
    assert texts(editor.get(LIST).text) == answer.json["texts"]


@pytest.mark.parametrize(
    ("name", "typed", "problem"),
    [
        ("rating", "much", "Enter a number, such as 12.5."),
        ("rating", "1.125", "1.125 can mean 1125 or 1.125. Type 1125 or 1.1250."),
        ("limit", "1,200", "1,200 can mean 1200 or 1.2. Type 1200 or 1.2."),
        ("size", "1,5", "Enter a whole number, such as 12."),
        ("since", "soon", "Enter a date, such as 2026-03-31."),
        ("active", "", "Choose one of these."),
        ("grade", "third", "Choose one of these."),
        ("size", "", "Enter the size."),
        ("city", "x" * 81, "Use at most 80 characters; this has 81."),
    ],
)
def test_cell_that_cannot_be_saved_says_why(
    name: str, typed: str, problem: str, app: Flask, editor: FlaskClient
) -> None:
    before = rows(app, Supplier)
    answer = save(editor, editor.get(LIST).text, field=name, value=typed)
    assert (answer.status_code, answer.json["error"]) == (422, problem)
    assert rows(app, Supplier) == before


def test_form_says_so_where_a_column_cannot_be_blank(editor: FlaskClient, app: Flask) -> None:
    address = f"{AT}/edit/?id=1"
    answer = editor.post(address, data={**record_form(editor.get(address).text), "size": "", "city": "Rome"})
    assert "Size: Enter the size." in answer.text
    assert [rows(app, Supplier)[0][name] for name in ("size", "city")] == [3, HOSTILE]


@pytest.mark.parametrize("theirs", ["x" * 99 + "y", "x" * 98 + "  ", "x" * 90], ids=["end", "blank", "cut"])
def test_change_that_the_cut_text_of_a_cell_hides_is_a_conflict(
    theirs: str, app: Flask, editor: FlaskClient, elsewhere: Callable[..., None]
) -> None:
    elsewhere(notes="x" * 100)
    html = editor.get(LIST).text
    elsewhere(notes=theirs)
    late = save(editor, html, field="notes", value="mine")
    assert (late.status_code, late.json["texts"]["notes"]) == (409, theirs)
    assert rows(app, Supplier)[0]["notes"] == theirs
    again = save(editor, html, field="notes", value="mine", version=late.json["version"])
    assert (again.status_code, rows(app, Supplier)[0]["notes"]) == (200, "mine")


def test_change_of_another_column_is_no_conflict(
    app: Flask, editor: FlaskClient, elsewhere: Callable[..., None]
) -> None:
    html = editor.get(LIST).text
    elsewhere(city="Theirs", name="Elm")
    assert save(editor, html, field="notes", value="mine").status_code == 200
    [row] = rows(app, Supplier)
    assert [row[name] for name in ("notes", "city", "name")] == ["mine", "Theirs", "Elm"]


def test_conflict_over_a_cell_that_was_cleared_says_so(
    editor: FlaskClient, elsewhere: Callable[..., None]
) -> None:
    html = editor.get(LIST).text
    elsewhere(city=None)
    assert (
        save(editor, html, field="city", value="Bonn").json["error"] == "Another user changed this to blank."
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("name", "name, which is the link to the record: it is edited in the form."),
        ("extra", "extra, whose texts have several lines: it is edited in the form."),
        ("double", "double, which has no field in the form."),
        ("logo", "logo, which has no field in the form."),
    ],
)
def test_column_whose_cells_cannot_be_edited_stops_the_start(name: str, line: str, console: With) -> None:
    with pytest.raises(SettingsError, match=re.escape(f"Cells.column_editable_list names {line}")):
        console(view(name))
