"""Who may revert what, and what there is to revert for nobody."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.testing.accounts import an_account
from unit.admin.conftest import Write
from unit.admin.reverting import LIST, REVERT, first_change
from unit.conftest import ClientAs, Submit


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 200), ("admin", 200)])
def test_it_takes_the_permission_to_change_the_record(
    client_as: ClientAs, edited: int, submit: Submit, role: str, status: int
) -> None:
    client = client_as(role)
    assert client.get(f"{REVERT}?set={edited}").status_code == status
    answer = submit(client, REVERT, set=edited).status_code
    assert answer == (403 if status == 403 else 303)
    offered = "Revert" in client.get(f"{LIST}details/?id={edited}").text
    assert offered == (status == 200)


def test_changes_of_accounts_are_reverted_by_those_who_manage_them(
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


def test_an_admin_reverts_nothing_of_an_owner_and_is_not_told_that_there_is_anything(
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
def test_what_names_nothing_is_404(editor: FlaskClient, lamp: int, query: str) -> None:
    assert editor.get(f"{REVERT}?{query}").status_code == 404


def test_a_change_of_another_set_is_404(app: Flask, editor: FlaskClient, edited: int) -> None:
    assert editor.get(f"{REVERT}?set=1&change={first_change(app, edited)}").status_code == 404
