"""Setting a field of a plug-in's record back: by its form, with its hooks, without a version."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from wtforms import ValidationError

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.history.models import Change
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Country, Supplier
from unit.record_view.stored import SUPPLIERS

pytestmark = pytest.mark.both_databases


class Ruled(RecordView):
    """Suppliers that are in no place called Nowhere."""

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if model.city == "Nowhere":
            raise ValidationError("No supplier is in Nowhere.")


class Fixed(RecordView):
    """Suppliers that nobody edits."""

    can_edit = False


CHANGES = {
    "city": ("Bonn", "Ulm"),
    "rating": (4.5, None),
    "active": (True, False),
    "country_code": ("de", None),
    "notes": ("Long\ntext", "Short"),
    "name": ("Oak & <Sons>", "Oak"),
}


def changed(app: Flask, field: str, before: Any, after: Any) -> str:
    """The page to set a field of a new supplier back, after it was changed."""
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.flush()
        db.session.add(Supplier(**{"name": "Oak", field: before}))
        db.session.commit()
        setattr(db.session.get_one(Supplier, 1), field, after)
        db.session.commit()
        number = db.session.scalar(select(Change.id).order_by(Change.id.desc()))
        return f"{SUPPLIERS}/set-back/?id=1&change={number}&field={field}"


def confirm(client: FlaskClient, address: str) -> Any:
    """Press the button."""
    return client.post(address, data=record_form(client.get(address).text))


@pytest.mark.parametrize("field", CHANGES)
def test_values_of_every_type_are_set_back(field: str, console: With) -> None:
    app = console(lambda: Ruled(Supplier), lambda: RecordView(Country))
    address = changed(app, field, *CHANGES[field])
    assert is_redirect(confirm(logged_in(app, "editor"), address))
    with app.app_context():
        assert getattr(db.session.get_one(Supplier, 1), field) == CHANGES[field][0]


def test_hook_that_refuses_is_told_on_the_page(console: With) -> None:
    app = console(lambda: Ruled(Supplier), lambda: RecordView(Country))
    address = changed(app, "city", "Nowhere", "Ulm")
    answer = confirm(logged_in(app, "editor"), address)
    assert "No supplier is in Nowhere." in answer.text
    with app.app_context():
        assert db.session.get_one(Supplier, 1).city == "Ulm"


def test_record_that_nobody_edits_is_not_set_back(console: With) -> None:
    app = console(lambda: Fixed(Supplier), lambda: RecordView(Country))
    address, editor = changed(app, "city", "Bonn", "Ulm"), logged_in(app, "editor")
    assert "Set back" not in read(editor.get(f"{SUPPLIERS}/history/?id=1").text).text
    assert editor.get(address).status_code == 403
