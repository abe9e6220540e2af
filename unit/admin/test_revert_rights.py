"""Who may revert which changes, and changes that do not exist."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.history.models import Action
from dashboard.history.recording import Entry, record
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_product
from unit.admin.conftest import Write
from unit.admin.reverting import LIST, REVERT, first_change
from unit.conftest import ClientAs, Submit


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 200), ("admin", 200)])
def test_reverting_needs_the_permission_to_change_the_record(
    client_as: ClientAs, edited: int, submit: Submit, role: str, status: int
) -> None:
    client = client_as(role)
    assert client.get(f"{REVERT}?set={edited}").status_code == status
    answer = submit(client, REVERT, set=edited).status_code
    assert answer == (403 if status == 403 else 303)
    offered = "Revert" in client.get(f"{LIST}details/?id={edited}").text
    assert offered == (status == 200)


def test_changes_of_users_are_reverted_by_their_managers(
    app: Flask, client_as: ClientAs, write: Write, submit: Submit
) -> None:
    write(lambda: an_account("viewer", email="x@example.test"))

    def promote() -> None:
        db.session.scalars(select(User).where(User.email == "x@example.test")).one().role = "editor"

    change_set = write(promote)
    assert client_as("editor").get(f"{REVERT}?set={change_set}").status_code == 403
    submit(client_as("admin"), REVERT, set=change_set)
    with app.app_context():
        assert db.session.scalars(select(User).where(User.email == "x@example.test")).one().role == "viewer"


def test_admin_gets_404_for_reverting_changes_of_owners(
    client_as: ClientAs, write: Write, submit: Submit
) -> None:
    change_set = write(lambda: an_account("owner"))
    admin = client_as("admin")
    assert admin.get(f"{REVERT}?set={change_set}").status_code == 404
    assert submit(admin, REVERT, set=change_set).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        "set=",
        "set=99",
        "set=x",
        "set=1&change=99",
        "set=1&change=x",
        "set=1&change=1&field=password_hash",
    ],
)
def test_unknown_change_is_404(editor: FlaskClient, lamp: int, query: str) -> None:
    assert editor.get(f"{REVERT}?{query}").status_code == 404


def test_change_of_another_set_is_404(app: Flask, editor: FlaskClient, edited: int) -> None:
    assert editor.get(f"{REVERT}?set=1&change={first_change(app, edited)}").status_code == 404


def test_set_with_records_of_a_removed_plugin_cannot_be_reverted(
    client_as: ClientAs, write: Write, submit: Submit
) -> None:
    entry = Entry("suppliers", 1, Action.CREATE, 1, {"name": (None, "Acme")})
    key = write(lambda: (a_product("Oak Lamp"), db.session.flush(), record(db.session, [entry])))
    owner = client_as("owner")
    assert "Acme" not in owner.get(f"{LIST}details/?id={key}").text
    assert owner.get(f"{REVERT}?set={key}").status_code == 403
    assert submit(owner, REVERT, set=key).status_code == 403
