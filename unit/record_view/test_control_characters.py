"""A NUL character, which PostgreSQL stores in no text, is refused in plain words beside its field."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from wtforms import StringField, TextAreaField

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import field_errors, record_form
from unit.record_view.bulk_editing import edit as edit_many
from unit.record_view.clubs import ClubView, members
from unit.record_view.clubs import edit as edit_club
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Club, Member, Supplier
from unit.record_view.stored import SUPPLIERS, cell_of, rows

pytestmark = pytest.mark.both_databases
REFUSED = "Remove the control characters."


class SupplierView(RecordView):
    """Suppliers with fields of every kind for texts."""

    column_editable_list = ("city",)
    form_overrides = {"notes": type("OwnField", (TextAreaField,), {})}  # noqa: RUF012
    form_extra_fields = {"reason": StringField("Reason")}  # noqa: RUF012

    def on_model_change(self, form, model, is_created):  # type: ignore[no-untyped-def]
        model.notes = form.reason.data or model.notes


@pytest.fixture
def app(console: With) -> Flask:
    """A console with a supplier."""
    app = console(lambda: SupplierView(Supplier))
    with app.app_context():
        db.session.add(Supplier(name="Oak"))
        db.session.commit()
    return app


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(app, "editor")


@pytest.mark.parametrize("path", ["new/", "edit/?id=1"])
@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "a\0b"),
        ("city", "\0"),
        ("notes", "a\r\n\0"),
        ("reason", "\0"),
        ("extra", '{"a": ["\\u0000"]}'),
        ("extra", '["\\\\\\u0000"]'),
    ],
)
def test_nul_in_a_form_is_refused_beside_its_field(
    app: Flask, editor: FlaskClient, path: str, field: str, text: str
) -> None:
    before = rows(app, Supplier)
    form = record_form(editor.get(f"{SUPPLIERS}/{path}").text)
    answer = editor.post(f"{SUPPLIERS}/{path}", data={**form, "name": "Elm", field: text})
    assert answer.status_code == 200
    assert field_errors(answer.text) == {field: REFUSED}
    assert rows(app, Supplier) == before


def test_words_about_nul_in_json_are_no_nul(app: Flask, editor: FlaskClient) -> None:
    form = record_form(editor.get(f"{SUPPLIERS}/edit/?id=1").text)
    editor.post(f"{SUPPLIERS}/edit/?id=1", data={**form, "extra": '["\\\\u0000"]'})
    assert rows(app, Supplier)[0]["extra"] == ["\\u0000"]


def test_nul_in_a_cell_is_refused(app: Flask, editor: FlaskClient) -> None:
    answer = editor.post(f"{SUPPLIERS}/cell/", data=cell_of(editor, SUPPLIERS, "city", "a\0"))
    assert answer.status_code == 422
    assert REFUSED in answer.text
    assert rows(app, Supplier)[0]["city"] is None


@pytest.mark.parametrize("field", ["city", "dashboard-note"])
def test_nul_for_many_records_is_refused_beside_its_field(
    app: Flask, editor: FlaskClient, field: str
) -> None:
    answer = edit_many(editor, 1, **{"city-how": "set", "city": "Bonn", field: "\0", "stage": "preview"})
    assert field_errors(answer.text) == {field: REFUSED}


@pytest.mark.parametrize("row", ["1", "+1"])
def test_nul_in_a_row_is_refused_beside_its_field(console: With, row: str) -> None:
    app = console(lambda: ClubView(Club))
    with app.app_context():
        db.session.add(Club(name="Chess"))
        db.session.flush()
        db.session.add(Member(name="Ann", club_id=1))
        db.session.commit()
    answer = edit_club(logged_in(app, "editor"), **{f"members-{row}-name": "a\0b"})
    assert field_errors(answer.text) == {f"members-{row}-name": REFUSED}
    assert members(app) == ["Ann"]
