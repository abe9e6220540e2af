"""Clubs, whose members are edited in their form."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import record_form
from unit.record_view.kinds import Member

CLUBS = "/admin/own_clubs"
EDIT = f"{CLUBS}/edit/?id=1"
NAMES = ["Ann", "Bob"]


class ClubView(RecordView):
    """Clubs with their members."""

    inline_models = (Member,)


def edit(client: FlaskClient, **fields: str) -> TestResponse:
    """The answer to the form of the first club, as it is shown but for `fields`."""
    return client.post(EDIT, data={**record_form(client.get(EDIT).text), **named(fields)})


def named(fields: dict[str, str]) -> dict[str, str]:
    """Fields of rows as a form has them: ``members_1_name``, and of new ones ``members_new1_name``."""
    return {name.replace("_", "-").replace("new", "+"): text for name, text in fields.items()}


def members(app: Flask) -> list[str]:
    """The names of the members of the first club, in their order."""
    with app.app_context():
        found = select(Member.name).where(Member.club_id == 1).order_by(Member.place, Member.id)
        return [*db.session.scalars(found)]
