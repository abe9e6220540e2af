"""The refusals of hooks are told beside a field or above the form, wherever a change is made."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from wtforms import ValidationError

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.bulk_editing import confirmed, edit
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Supplier
from unit.record_view.stored import SUPPLIERS, rows

pytestmark = pytest.mark.both_databases
EDIT = f"{SUPPLIERS}/edit/?id=1"
ANYWHERE = "No supplier is in <Nowhere>."
RATED = "A rating needs a city."


class Ruled(RecordView):
    """Suppliers with a rule about one field and a rule about the whole record."""

    column_editable_list = ("city", "rating", "notes")
    column_list = ("name", *column_editable_list)
    after: list[str] = []  # noqa: RUF012

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if model.city == "Nowhere":
            raise ValidationError(ANYWHERE)
        if model.rating and not model.city:
            raise Refusal(RATED, "rating")

    def after_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        self.after.append(model.name)
        model.notes = "Noted"


@pytest.fixture
def app(console: With) -> Flask:
    """A console with one supplier."""
    app = console(lambda: Ruled(Supplier))
    with app.app_context():
        db.session.add(Supplier(name="Oak", city="Bonn", rating=4.0))
        db.session.commit()
    Ruled.after.clear()
    return app


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(app, "editor")


def save(client: FlaskClient, field: str, value: str) -> Any:
    """The answer to a cell that is saved."""
    page = read(client.get(f"{SUPPLIERS}/").text)
    sent = {"id": "1", "version": page.all("table")[0].attributes["data-versions"], "field": field}
    token = page.fields["csrf_token"]
    return client.post(f"{SUPPLIERS}/cell/", data={**sent, "value": value, "csrf_token": token})


@pytest.mark.parametrize("address", [EDIT, f"{SUPPLIERS}/new/"], ids=["edit", "new"])
@pytest.mark.parametrize(
    ("typed", "beside", "above"),
    [
        ({"city": "", "rating": "3"}, {"rating": RATED}, False),
        ({"city": "Nowhere", "rating": ""}, {}, True),
    ],
    ids=["field", "form"],
)
def test_rule_is_told_in_the_form(
    address: str, typed: dict[str, str], beside: dict[str, str], above: bool, app: Flask, editor: FlaskClient
) -> None:
    before = rows(app, Supplier)
    form = record_form(editor.get(address).text)
    answer = editor.post(address, data={**form, "name": "Elm", "size": "3", **typed})
    assert field_errors(answer.text) == beside
    assert ("No supplier is in &lt;Nowhere&gt;." in answer.text) == above
    assert {name: record_form(answer.text)[name] for name in typed} == typed
    assert rows(app, Supplier) == before


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [("city", "Nowhere", ANYWHERE), ("city", "", f"Rating: {RATED}"), ("rating", "5", None)],
    ids=["no field", "another field", "allowed"],
)
def test_rule_is_told_in_the_cell(
    field: str, value: str, told: str | None, app: Flask, editor: FlaskClient
) -> None:
    before = rows(app, Supplier)
    answer = save(editor, field, value)
    assert (answer.status_code, answer.json.get("error")) == (422 if told else 200, told)
    assert (rows(app, Supplier) == before) == bool(told)


def test_rule_is_told_beside_the_field_of_a_cell(app: Flask, editor: FlaskClient) -> None:
    assert save(editor, "rating", "").status_code == 200
    assert save(editor, "city", "").status_code == 200
    assert save(editor, "rating", "3").json == {"error": RATED}


@pytest.mark.parametrize(
    ("changes", "beside", "above"),
    [
        ({"city-how": "clear"}, {"rating": f"“Oak”: {RATED}"}, ""),
        ({"city-how": "set", "city": "Nowhere"}, {}, "“Oak”: No supplier is in &lt;Nowhere&gt;."),
    ],
    ids=["field", "form"],
)
def test_rule_is_told_in_the_form_for_many(
    changes: dict[str, str], beside: dict[str, str], above: str, app: Flask, editor: FlaskClient
) -> None:
    before = rows(app, Supplier)
    answer = confirmed(editor, edit(editor, 1, **changes))
    assert field_errors(answer.text) == beside
    assert above in answer.text
    assert {name: record_form(answer.text)[name] for name in changes} == changes
    assert rows(app, Supplier) == before
    fixed = {**record_form(answer.text).to_dict(flat=False), "rating-how": "clear", "city": "Rome"}
    preview = editor.post(f"{SUPPLIERS}/action/", data=fixed)
    assert is_redirect(confirmed(editor, preview))


def test_hook_after_the_commit_is_called_for_a_cell(app: Flask, editor: FlaskClient) -> None:
    assert save(editor, "city", "Rome").status_code == 200
    assert Ruled.after == ["Oak"]
    assert [rows(app, Supplier)[0][name] for name in ("city", "notes")] == ["Rome", "Noted"]


def test_hook_after_the_commit_is_called_for_each_of_many(app: Flask, editor: FlaskClient) -> None:
    confirmed(editor, edit(editor, 1, **{"city-how": "set", "city": "Rome"}))
    assert Ruled.after == ["Oak"]
    assert [rows(app, Supplier)[0][name] for name in ("city", "notes")] == ["Rome", "Noted"]
