"""The form for editing many products, its preview and its confirmation."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from unit.admin.reading import record_form

ACTION = "/admin/products/action/"
LIST = "/admin/products/"


def fields(answer: TestResponse) -> dict[str, Any]:
    """The fields that the form of a page would send; several values of a name as a list."""
    assert answer.status_code == 200, answer.status_code
    return {
        name: values if len(values) > 1 else values[0] for name, values in record_form(answer.text).lists()
    }


def preview(editor: FlaskClient, form: dict[str, Any], **changes: Any) -> TestResponse:
    return editor.post(ACTION, data={**form, **changes})


def apply(editor: FlaskClient, form: dict[str, Any], **changes: Any) -> TestResponse:
    """Ask for the preview and confirm it."""
    return editor.post(ACTION, data={**fields(preview(editor, form, **changes)), "confirm": "1"})


def stored(app: Flask) -> list[Product]:
    with app.app_context():
        return list(db.session.scalars(select(Product).order_by(Product.id)))
