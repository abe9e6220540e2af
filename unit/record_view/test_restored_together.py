"""Records of several kinds that are selected in the trash come back together, whatever refers to what."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import Branch, stored, with_branches
from unit.record_view.kinds import Country, Supplier
from unit.record_view.stored import SUPPLIERS, confirm

pytestmark = pytest.mark.both_databases
TRASH = "/admin/trash/"


@pytest.fixture
def app(console: With) -> Flask:
    """A console with branches, which come before the suppliers that they have to have."""
    return with_branches(
        console(*(lambda model=model: RecordView(model) for model in (Branch, Supplier, Country)))
    )


def all_restored(client: FlaskClient, *keys: str) -> str:
    """The page after all records in the trash, or those with these keys, were restored."""
    sent = {"csrf_token": read(client.get(TRASH).text).fields["csrf_token"], "action": "restore"}
    chosen = {"rowid": [*keys]} if keys else {"matching": ""}
    question = client.post(f"{TRASH}action/", data={**sent, **chosen})
    assert is_redirect(client.post(f"{TRASH}action/", data=record_form(question.text)))
    return str(client.get(TRASH).text)


@pytest.mark.parametrize("keys", [(), ("1", "2", "3"), ("3", "2", "1")])
def test_record_and_those_that_need_it_are_restored_together(app: Flask, keys: tuple[str, ...]) -> None:
    editor, before = logged_in(app, "editor"), stored(app)
    for address in ("/admin/own_branches/delete/?id=1", "/admin/own_branches/delete/?id=2"):
        assert is_redirect(confirm(editor, address))
    assert is_redirect(confirm(editor, f"{SUPPLIERS}/delete/?id=1"))
    assert len(stored(app)["suppliers"]) == len(before["suppliers"]) - 1
    assert "3 records restored" in all_restored(editor, *keys)
    assert stored(app) == before
