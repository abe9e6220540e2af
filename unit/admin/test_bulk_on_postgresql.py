"""Bulk actions on all matching rows, on PostgreSQL, while another transaction writes."""

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
def test_rows_changed_by_another_transaction_stop_the_action(
    theirs: str, app: Flask, client_as: ClientAs, fill: Fill, submit: Submit, another_user: Connection
) -> None:
    fill("products", 3)
    editor = client_as("editor")
    form = question(editor, submit, "archived", "status=active")
    another_user.execute(text(theirs))
    blocked_by(another_user, lambda: editor.post(ACTION, data=form).status_code)
    assert told(editor) == [
        ("error", "The list changed at the same moment. Nothing was changed. Review it and try again.")
    ]
    assert "archived" not in statuses(app).values()
