"""Fields of forms that a view declares itself, and rules that arrange them."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_admin.form import FileUploadField, rules
from wtforms import BooleanField, EmailField, FileField, IntegerField, PasswordField, StringField
from wtforms.validators import Length, Optional

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Country, Supplier, Terms
from unit.record_view.stored import SUPPLIERS, rows

pytestmark = pytest.mark.both_databases
EDIT = f"{SUPPLIERS}/edit/?id=1"


class Own(RecordView):
    """Suppliers with fields of their own."""

    form_columns = ("name", "copies", "city", "terms", "size", "country", "motto")
    form_choices = {  # noqa: RUF012
        "city": [("Bonn", "Bonn on the Rhine"), ("Rome", "Rome")],
        "size": [(3, "Small"), (9, "Large")],
        "terms": [(Terms.net_60, "Sixty days")],
    }
    form_overrides = {"name": EmailField}  # noqa: RUF012
    form_extra_fields = {  # noqa: RUF012
        "copies": IntegerField("Copies", [Optional()]),
        "motto": StringField("Motto", [Length(max=5, message="Too long.")], description="For all."),
        "unused": BooleanField(),
    }
    got: list[Any] = []  # noqa: RUF012

    def on_form_prefill(self, form: Any, id: Any) -> None:  # noqa: A002
        form.motto.data = f"no. {id}"

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        self.got.append((form.copies.data, form.motto.data, model.city, is_created))


def with_one(console: With, view: type[RecordView], **values: Any) -> tuple[Flask, FlaskClient]:
    """A console with one supplier, and an editor's browser."""
    app = console(lambda: view(Supplier))
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.flush()
        db.session.add(Supplier(**{"name": "Oak", "city": "Bonn", **values}))
        db.session.commit()
    return app, logged_in(app, "editor")


class WithPassword(RecordView):
    """Suppliers whose form takes a password of the application."""

    form_extra_fields = {"password": PasswordField("Password")}  # noqa: RUF012


@pytest.mark.parametrize("page", ["new/", "edit/?id=1"])
def test_password_of_an_application_has_no_rules_of_the_console(console: With, page: str) -> None:
    _, client = with_one(console, WithPassword)
    answer = client.get(f"{SUPPLIERS}/{page}")
    assert answer.status_code == 200
    assert 'type="password"' in answer.text
    assert "requirements" not in answer.text


def labels(page: str) -> list[str]:
    """The labels of the fields of the form, in their order, before the reason of the change."""
    found = [label.text for label in read(page).all("form")[-1].all("label")]
    return found[: found.index("Reason")] if "Reason" in found else found


def test_form_has_declared_fields_in_the_declared_order(console: With) -> None:
    _, editor = with_one(console, Own)
    page = editor.get(EDIT).text
    assert labels(page) == ["Name", "Copies", "City", "Terms", "Size", "Country", "Motto"]
    assert 'type="email"' in page
    assert "Bonn on the Rhine" in page
    assert "For all." in page
    assert record_form(page)["motto"] == "no. 1"


def test_declared_fields_are_saved_and_given_to_the_hook(console: With) -> None:
    app, editor = with_one(console, Own)
    Own.got.clear()
    fields = record_form(editor.get(EDIT).text)
    sent = {**fields, "city": "Rome", "size": "9", "terms": "net_60", "copies": "2", "motto": "Hi"}
    assert is_redirect(editor.post(EDIT, data=sent))
    assert Own.got == [(2, "Hi", "Rome", False)]
    [row] = rows(app, Supplier)
    assert (row["name"], row["city"], row["size"], row["terms"]) == ("Oak", "Rome", 9, Terms.net_60)


def test_faults_in_declared_fields_are_told_beside_them(console: With) -> None:
    app, editor = with_one(console, Own)
    before, fields = rows(app, Supplier), record_form(editor.get(EDIT).text)
    answer = editor.post(EDIT, data={**fields, "city": "Oslo", "motto": "Too long", "size": "x"})
    assert field_errors(answer.text) == {
        "city": "Choose one of these.",
        "motto": "Too long.",
        "size": "Choose one of these.",
    }
    assert field_errors(editor.post(EDIT, data={**fields, "motto": "x" * 5001}).text)["motto"]
    assert rows(app, Supplier) == before


def test_stored_value_that_is_no_choice_survives_a_save(console: With) -> None:
    app, editor = with_one(console, Own, city="Oslo", size=4, terms=Terms.net_30)
    fields = record_form(editor.get(EDIT).text)
    assert (fields["city"], fields["size"]) == ("Oslo", "4")
    assert is_redirect(editor.post(EDIT, data={**fields, "name": "Elm", "motto": ""}))
    [row] = rows(app, Supplier)
    assert (row["name"], row["city"], row["size"]) == ("Elm", "Oslo", 4)


def test_declared_fields_survive_a_merge(console: With) -> None:
    app, editor = with_one(console, Own)
    Own.got.clear()
    mine = {**record_form(editor.get(EDIT).text), "size": "9", "motto": "Mine", "copies": "4"}
    other = logged_in(app, "admin")
    other.post(EDIT, data={**record_form(other.get(EDIT).text), "name": "Elm", "motto": ""})
    merge = editor.post(EDIT, data=mine)
    assert merge.status_code == 409
    assert is_redirect(editor.post(EDIT, data=record_form(merge.text)))
    assert Own.got[-1] == (4, "Mine", "Bonn", False)
    assert [(row["name"], row["size"]) for row in rows(app, Supplier)] == [("Elm", 9)]


class Arranged(RecordView):
    """Suppliers whose form is arranged by rules."""

    form_rules = (
        rules.FieldSet(("name", rules.Field("city")), "Who & where"),
        rules.Header("More"),
        rules.Text("<All> else."),
        rules.Row("country", "rating"),
    )
    form_create_rules = ("name",)


def test_rules_arrange_the_form_and_choose_its_fields(console: With) -> None:
    app, editor = with_one(console, Arranged)
    page = editor.get(EDIT).text
    form = read(page).all("form")[-1]
    assert labels(page) == ["Name", "City", "Country", "Rating"]
    assert [head.text for head in form.all("h2")] == ["Who & where", "More"]
    assert "&lt;All&gt; else." in page
    assert is_redirect(editor.post(EDIT, data={**record_form(page), "city": "Rome", "rating": "4"}))
    assert [(row["city"], row["rating"]) for row in rows(app, Supplier)] == [("Rome", 4)]
    new = editor.get(f"{SUPPLIERS}/new/").text
    assert labels(new) == ["Name"]
    assert is_redirect(editor.post(f"{SUPPLIERS}/new/", data={**record_form(new), "name": "Ash"}))


@pytest.mark.parametrize(
    ("attributes", "line"),
    [
        (
            {"form_overrides": {"name": PasswordField}},
            "form_overrides has PasswordField for name. "
            "Use a field whose data is str and that sends it as one text.",
        ),
        (
            {"form_overrides": {"rating": StringField}},
            "form_overrides has StringField for rating. "
            "Use a field whose data is float or None and that sends it as one text.",
        ),
        (
            {"form_overrides": {"nme": StringField}},
            "form_overrides names nme, which is no column of Supplier.",
        ),
        (
            {"form_choices": {"size": [("x", "X")]}},
            "form_choices for size has to be pairs of a value of this column and a label.",
        ),
        (
            {"form_choices": {"city": ["Bonn"]}},
            "form_choices for city has to be pairs of a value of this column and a label.",
        ),
        (
            {"form_extra_fields": {"city": StringField()}},
            "form_extra_fields has city, which is taken. Use another name.",
        ),
        (
            {"form_extra_fields": {"data": StringField()}},
            "form_extra_fields has data, which is taken. Use another name.",
        ),
        ({"form_extra_fields": {"more": "More"}}, "form_extra_fields has no field called more."),
        (
            {"form_extra_fields": {"more": FileField()}},
            "form_extra_fields has more, which takes a file. Forms take texts.",
        ),
        (
            {"form_extra_fields": {"city": FileUploadField()}},
            "form_extra_fields has city, which takes a file. Forms take texts.",
        ),
        (
            {"form_overrides": {"city": FileUploadField}},
            "form_overrides has a FileUploadField for city, which takes a file. Forms take texts.",
        ),
        (
            {"form_rules": ["name", rules.Macro("x.y")]},
            "form_rules has a Macro. Use names, Header, FieldSet, Row and Text.",
        ),
        ({"form_rules": ["nme"]}, "form_rules names nme, which is no column of Supplier."),
    ],
)
def test_fields_that_cannot_be_are_refused(context: Flask, attributes: dict[str, Any], line: str) -> None:
    with pytest.raises(ValueError, match=f"^Wrong.{line}$"):
        type("Wrong", (RecordView,), attributes)(Supplier)
