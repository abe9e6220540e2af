"""The page with the texts that were typed into the form of a record which is deleted: nothing is lost."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.extensions import db
from unit.admin.reading import read, record_form
from unit.record_view.clubs import EDIT, named
from unit.record_view.kinds import Club, Member

pytestmark = pytest.mark.both_databases


def test_typed_rows_of_a_deleted_record_are_shown_for_copying(clubs: Flask, editor: FlaskClient) -> None:
    rows = named({"members_2_name": "Anna", "members_new1_email": "cleo@example.org"})
    form = {**record_form(editor.get(EDIT).text), "name": "Draughts", **rows}
    with clubs.app_context():
        for row in [*db.session.scalars(select(Member)), db.session.get_one(Club, 1)]:
            db.session.delete(row)
            db.session.flush()
        db.session.commit()
    answer = editor.post(EDIT, data=form)
    assert answer.status_code == 404
    versions = read(answer.text).all("div", class_="version")
    shown = [(each.all("dt")[0].text, each.all("dd")[0].text) for each in versions]
    assert ("Name", "Draughts") in shown
    assert ("Removed member, name", "Anna") in shown
    assert ("New member, email", "cleo@example.org") in shown
    assert "New member, name" not in [label for label, _ in shown]  # it was left blank


def test_form_of_a_record_that_never_was_is_not_found(editor: FlaskClient) -> None:
    assert editor.get(f"{EDIT}9").status_code == 404
    assert "Your unsaved changes" not in editor.get(f"{EDIT}9").text
