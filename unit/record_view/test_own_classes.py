"""Fields of any class of WTForms that a view declares for columns of all types."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_admin.form.fields import JSONField
from sqlalchemy import func, select
from wtforms import (
    BooleanField,
    DateField,
    DateTimeField,
    DateTimeLocalField,
    DecimalField,
    FieldList,
    FloatField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.history.models import Change
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, record_form
from unit.record_view.bulk_editing import confirmed, edit
from unit.record_view.conftest import With, logged_in, with_supplier
from unit.record_view.kinds import Supplier, Terms
from unit.record_view.stored import COUNTRIES, SUPPLIERS, change_elsewhere, rows

pytestmark = pytest.mark.both_databases
EDIT = f"{SUPPLIERS}/edit/?id=1"
VALUES: dict[str, Any] = {
    "terms": Terms.net_60,
    "active": False,
    "rating": 0.1,
    "limit": Decimal("12.34"),
    "since": date(2026, 3, 31),
    "seen_at": datetime.fromisoformat("2026-03-31 09:30:15.250"),
    "opens": time(9, 30, 59),
    "extra": {"a": ["ü"]},
    "size": 7,
}
TYPED = {
    "terms": "net_30",
    "active": "y",
    "rating": "2.5",
    "limit": "99.90",
    "since": "31.12.1999",
    "seen_at": "1999-12-31T08:00:00",
    "opens": "08:15",
    "extra": '{"b": 1}',
    "size": "8",
}
STORED: dict[str, Any] = {
    "terms": Terms.net_30,
    "active": True,
    "rating": 2.5,
    "limit": Decimal("99.90"),
    "since": date(1999, 12, 31),
    "seen_at": datetime.fromisoformat("1999-12-31 08:00"),
    "opens": time(8, 15),
    "extra": {"b": 1},
    "size": 8,
}


class BlankJSONField(JSONField):
    """A value of JSON, which may be blank."""

    def _value(self) -> str:
        return "" if self.data is None and not self.raw_data else str(super()._value())


class Own(RecordView):
    """Suppliers with other classes of fields."""

    form_overrides = {  # noqa: RUF012
        "terms": RadioField,
        "active": BooleanField,
        "rating": FloatField,
        "limit": DecimalField,
        "since": DateField,
        "seen_at": DateTimeLocalField,
        "opens": TimeField,
        "extra": BlankJSONField,
        "size": IntegerField,
    }
    form_args = {  # noqa: RUF012
        "terms": {
            "choices": [SelectChoice(each.name, each.name) for each in Terms],
            "coerce": lambda t: Terms[str(t)],
        },
        "since": {"format": "%d.%m.%Y"},
    }


@pytest.fixture
def own(console: With) -> Flask:
    """A console with one supplier whose fields are of other classes."""
    return with_supplier(console, Own, **VALUES)


@pytest.fixture
def editor(own: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(own, "editor")


def changes(app: Flask) -> int:
    """The number of lines in the history."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Change)) or 0


def of(app: Flask, values: dict[str, Any]) -> dict[str, Any]:
    """The same columns of the supplier, as they are stored."""
    [row] = rows(app, Supplier)
    return {name: row[name] for name in values}


def test_untouched_values_stay_and_leave_no_line(own: Flask, editor: FlaskClient) -> None:
    before = changes(own)
    fields = record_form(editor.get(EDIT).text)
    assert (fields["since"], fields["size"], "active" in fields) == ("31.03.2026", "7", False)
    assert is_redirect(editor.post(EDIT, data=fields))
    assert of(own, VALUES) == VALUES
    assert changes(own) == before


def test_values_are_typed_in_the_way_of_their_fields(own: Flask, editor: FlaskClient) -> None:
    fields = record_form(editor.get(EDIT).text)
    assert is_redirect(editor.post(EDIT, data={**fields, **TYPED}))
    assert of(own, STORED) == STORED
    again = record_form(editor.get(EDIT).text)
    del again["active"]
    assert is_redirect(editor.post(EDIT, data=again))
    assert of(own, STORED) == {**STORED, "active": False}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        *(("size", text) for text in ("many", "2147483648", "9" * 5000)),
        *(("rating", text) for text in ("x", "inf", "nan")),
        *(("limit", text) for text in ("x", "NaN", "1.005", "1e30")),
        *(("since", "2026-02-30"), ("opens", "late"), ("extra", "{"), ("terms", "never")),
    ],
)
def test_text_that_the_column_cannot_have_is_refused(
    own: Flask, editor: FlaskClient, field: str, text: str
) -> None:
    fields = record_form(editor.get(EDIT).text)
    answer = editor.post(EDIT, data={**fields, field: text})
    assert [*field_errors(answer.text)] in ([field], [f"{field}-0"])
    assert of(own, VALUES) == VALUES


def test_values_are_merged(own: Flask, editor: FlaskClient) -> None:
    fields = record_form(editor.get(EDIT).text)
    change_elsewhere(own, Supplier, notes="New", size=9)
    merge = editor.post(EDIT, data={**fields, **TYPED, "size": "7"})
    assert merge.status_code == 409
    assert is_redirect(editor.post(EDIT, data=record_form(merge.text)))
    assert of(own, STORED) == {**STORED, "size": 9}


def test_values_survive_changes_elsewhere(own: Flask, editor: FlaskClient) -> None:
    preview = edit(editor, 1, **{"size-how": "set", "size": "8"})
    assert is_redirect(confirmed(editor, preview))
    assert of(own, VALUES) == {**VALUES, "size": 8}
    address = f"{COUNTRIES}/edit/?id=de"
    fields = record_form(editor.get(address).text)
    [name] = [each for each in fields if each.endswith("-1-rating") and "+" not in each]
    assert is_redirect(editor.post(address, data={**fields, name: "1.5"}))
    assert of(own, VALUES) == {**VALUES, "size": 8, "rating": 1.5}


@pytest.mark.parametrize(
    ("name", "field", "values"),
    [
        ("name", PasswordField, "str"),
        ("name", "Text", "str"),
        ("extra", JSONField, "JSON or None"),
        ("rating", StringField, "float or None"),
        ("rating", IntegerField, "float or None"),
        ("rating", FieldList, "float or None"),
        ("limit", FloatField, "Decimal or None"),
        ("active", SubmitField, "bool"),
        ("checked", BooleanField, "bool or None"),
        ("terms", StringField, "Terms"),
        ("called_at", DateTimeField, "datetime or None"),
        ("since", DateTimeField, "date or None"),
    ],
)
def test_class_that_cannot_hold_the_values_is_refused(
    context: Flask, name: str, field: Any, values: str
) -> None:
    called = field if isinstance(field, str) else field.__name__
    with pytest.raises(ValueError, match=called) as error:
        type("Wrong", (RecordView,), {"form_overrides": {name: field}})(Supplier)
    assert str(error.value) == (
        f"Wrong.form_overrides has {called} for {name}. "
        f"Use a field whose data is {values} and that sends it as one text."
    )


@pytest.mark.parametrize("field", [SelectField, SelectMultipleField, RadioField])
def test_class_without_choices_is_refused(context: Flask, field: Any) -> None:
    with pytest.raises(ValueError, match=f"has {field.__name__} for city. Use form_choices"):
        type("Wrong", (RecordView,), {"form_overrides": {"city": field}})(Supplier)


def test_class_for_a_reference_is_refused(context: Flask) -> None:
    line = "has StringField for country_code, which refers to another record"
    with pytest.raises(ValueError, match=line):
        type("Wrong", (RecordView,), {"form_overrides": {"country": StringField}})(Supplier)
