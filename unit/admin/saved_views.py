"""Making and reading saved views."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.listing.models import SavedView
from dashboard.listing.views import open_with
from dashboard.testing.accounts import the_account
from unit.admin.reading import record_form
from unit.conftest import Submit
from unit.factories.listing import a_view

LIST = "/admin/products/"


def views(app: Flask) -> list[tuple[str, str, str | None]]:
    """Name, query and audience of every view."""
    with app.app_context():
        rows = db.session.execute(
            select(SavedView.name, SavedView.query, SavedView.audience).order_by(SavedView.id)
        )
        return [tuple(row) for row in rows]


def view_of(app: Flask, role: str, name: str = "Mine", opens_for: str = "", **fields: object) -> int:
    """Store a view of the user with `role`, and return its id."""
    with app.app_context():
        view = a_view(the_account(role), name=name, **fields)
        if opens_for:
            open_with(the_account(opens_for), view, on=True)
        db.session.commit()
        return view.id


def save(client: FlaskClient, submit: Submit, listed: str = LIST, **fields: str) -> object:
    return submit(client, f"{LIST}views/new/", next=listed, **fields)


def fields_of(text: str) -> dict[str, str]:
    """The fields that the form of a view sends, without the CSRF token."""
    return {name: value for name, value in record_form(text).items() if name != "csrf_token"}
