"""The history records exports of users: who exported whom."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.admin.features.export_history import ExportHistory
from dashboard.admin.kit.screens import screens_of
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.exports import ExportedFile
from dashboard.history.models import ChangeKind
from dashboard.testing.accounts import an_account, email_of
from unit.conftest import ClientAs, Submit
from unit.digest import HISTORY, database_digest
from unit.history.reading import change_sets, lines
from unit.history.refusing import allow_inserts, refuse_inserts

EXPORT = "/admin/users/export/csv/"


@pytest.fixture
def admin(app: Flask, client_as: ClientAs) -> FlaskClient:
    """An administrator in a console with an owner and three people more."""
    with app.app_context():
        for name in ("ada", "ben", "eva"):
            an_account(email=f"{name}@example.test")
        an_account("owner", email="owner@example.test")
        db.session.commit()
    return client_as("admin")


def exported(app: Flask) -> set[str]:
    """The emails of all users whose export the history has."""
    with app.app_context():
        keys = [key for kind, key, action, *_ in lines() if (kind, action) == ("users", "export")]
        return set(db.session.scalars(select(User.email).where(User.id.in_(keys))))


@pytest.mark.security(89)
def test_export_of_users_is_recorded_with_author_and_subjects(app: Flask, admin: FlaskClient) -> None:
    before = database_digest(app, but=HISTORY)
    text = admin.get(EXPORT).text
    assert "ada@example.test" in text
    assert exported(app) == {f"{name}@example.test" for name in ("ada", "ben", "eva", "admin")}
    assert database_digest(app, but=HISTORY) == before
    with app.app_context():
        last = change_sets()[-1]
        admin_id = db.session.scalars(select(User.id).where(User.email == email_of("admin"))).one()
        assert (last.kind, last.author_id) == (ChangeKind.EXPORT, admin_id)
        assert verify(db.session).faults == []


@pytest.mark.security(89)
def test_only_exported_users_are_recorded(app: Flask, admin: FlaskClient) -> None:
    admin.get(f"{EXPORT}?q=eva")
    assert exported(app) == {"eva@example.test"}


def test_export_without_users_is_not_recorded(app: Flask, admin: FlaskClient) -> None:
    admin.get(f"{EXPORT}?q=nobody-like-it")
    assert exported(app) == set()


def test_head_request_exports_nobody(app: Flask, admin: FlaskClient) -> None:
    admin.head(EXPORT)
    assert exported(app) == set()


def test_export_that_cannot_be_recorded_is_refused(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        refuse_inserts("changes")
    answer = admin.get(EXPORT)
    assert answer.status_code == 500
    assert "ada@example.test" not in answer.text
    assert "could not be recorded in the history" in answer.text
    with app.app_context():
        allow_inserts("changes")


def test_export_is_in_the_timeline_of_the_user_and_the_history(admin: FlaskClient, app: Flask) -> None:
    admin.get(f"{EXPORT}?q=eva")
    with app.app_context():
        key = db.session.scalars(select(User.id).where(User.email == "eva@example.test")).one()
    assert "Exported" in admin.get(f"/admin/users/history/?id={key}").text
    assert "Exported account eva@example.test" in admin.get("/admin/history/?kind=export").text


def test_export_does_not_block_a_bulk_action(app: Flask, admin: FlaskClient, submit: Submit) -> None:
    with app.app_context():
        key = db.session.scalars(select(User.id).where(User.email == "eva@example.test")).one()
    asked = submit(admin, "/admin/users/action/", action="deactivate", rowid=key)
    assert asked.status_code == 200
    seen = asked.text.split('name="seen" value="')[1].split('"')[0]
    admin.get(EXPORT)
    submit(admin, "/admin/users/action/", action="deactivate", rowid=key, confirm="1", seen=seen, number="1")
    with app.app_context():
        assert db.session.get_one(User, key).active is False


def test_people_of_a_kind_without_a_function_are_recorded_one_by_one(app: Flask, admin: FlaskClient) -> None:
    [screen] = [each for each in screens_of(app) if each.endpoint == "users"]
    with app.app_context():
        history, keys = ExportHistory(screen), [*db.session.scalars(select(User.id))]
        history.record(ExportedFile(len(keys), "CSV"), keys if history.keeps_keys else [])
        db.session.commit()
        assert [line[1] for line in lines() if line[2] == "export"] == keys
