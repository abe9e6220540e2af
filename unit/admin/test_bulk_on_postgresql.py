"""Bulk actions on everything that a list shows, on PostgreSQL, where others write at the same moment."""

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from unit.admin.conftest import Fill
from unit.admin.everything import ACTION, question, statuses, told
from unit.conftest import ClientAs, Submit
from unit.postgres.blocking import blocked_by

pytestmark = pytest.mark.postgresql


@pytest.mark.parametrize(
    "theirs",
    [
        "DELETE FROM products WHERE name = 'Lamp 02'",
        "UPDATE products SET status = 'draft', version = version + 1 WHERE name = 'Lamp 02'",
    ],
)
def test_what_others_take_away_while_it_is_being_changed_leaves_all_as_it_was(
    theirs: str, app: Flask, client_as: ClientAs, fill: Fill, submit: Submit, somebody_else: Connection
) -> None:
    fill("products", 3)
    editor = client_as("editor")
    form = question(editor, submit, "archived", "status=active")
    somebody_else.execute(text(theirs))
    blocked_by(somebody_else, lambda: editor.post(ACTION, data=form).status_code)
    assert told(editor) == [
        ("error", "The list has just changed. Nothing was changed. Review it and try again.")
    ]
    assert "archived" not in statuses(app).values()
