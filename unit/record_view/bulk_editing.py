"""Editing suppliers together: the form, and its confirmation."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from unit.admin.reading import read, record_form
from unit.record_view.stored import SUPPLIERS


def edit(client: FlaskClient, *keys: int, **changes: str) -> TestResponse:
    """The answer to the form that edits suppliers together."""
    token = read(client.get(f"{SUPPLIERS}/").text).fields["csrf_token"]
    chosen = {"csrf_token": token, "action": "edit", "rowid": [str(key) for key in keys]}
    form = client.post(f"{SUPPLIERS}/action/", data=chosen)
    return client.post(f"{SUPPLIERS}/action/", data={**record_form(form.text).to_dict(flat=False), **changes})


def confirmed(client: FlaskClient, preview: TestResponse) -> TestResponse:
    """The answer to a preview that is confirmed."""
    fields = record_form(preview.text).to_dict(flat=False)
    return client.post(f"{SUPPLIERS}/action/", data={**fields, "confirm": "1"})
