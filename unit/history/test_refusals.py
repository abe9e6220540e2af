"""Refusals of the ledger: unrecorded statements, changes to it, and changes that it cannot record."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from werkzeug.exceptions import InternalServerError

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product
from dashboard.extensions import db
from dashboard.history.models import Action, Change, ChangeKind
from dashboard.history.recording import Entry, LedgerError, describe, record
from dashboard.permissions import Role
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_product
from unit.conftest import ClientAs, Submit
from unit.history.reading import lines
from unit.history.refusing import allow_inserts, refuse_inserts


@pytest.mark.parametrize(
    "statement",
    [
        lambda: update(Product).values(stock=0),
        lambda: delete(Product),
        lambda: update(User).values(role=Role.OWNER),
        lambda: delete(Category),
    ],
)
def test_statement_without_ledger_is_refused(context: Flask, statement: Any) -> None:
    with pytest.raises(RuntimeError, match="without recording it"):
        db.session.execute(statement())


@pytest.mark.security(82)
@pytest.mark.both_databases
@pytest.mark.parametrize("table", ["change_sets", "changes", "change_seals"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 100", "DELETE FROM {}"])
def test_database_refuses_to_change_the_history(context: Flask, table: str, statement: str) -> None:
    a_product()
    db.session.commit()
    with pytest.raises(Exception, match="the history cannot be changed"):
        db.session.execute(text(statement.format(table)))
    db.session.rollback()
    assert len(lines()) == 1


@pytest.mark.security(82)
def test_history_of_a_product_cannot_be_erased(context: Flask) -> None:
    a_product()
    db.session.commit()
    with pytest.raises(Exception, match="the history cannot be changed"):
        db.session.execute(text("UPDATE changes SET fields = NULL, salt = NULL"))


@pytest.mark.security(89)
@pytest.mark.both_databases
@pytest.mark.parametrize("also", ["record_id = 99", "action = 'delete'", "version = 7", "digest = salt"])
def test_erasing_a_person_blanks_only_their_values(context: Flask, also: str) -> None:
    an_account()
    db.session.commit()
    describe(db.session, kind=ChangeKind.ERASE, author_id=7)
    record(db.session, [Entry("users", 1, Action.CHANGE, None, {})])
    db.session.commit()
    with pytest.raises(Exception, match="the history cannot be changed"):
        db.session.execute(text(f"UPDATE changes SET fields = NULL, salt = NULL, {also} WHERE id = 1"))
    db.session.rollback()
    db.session.execute(text("UPDATE changes SET fields = NULL, salt = NULL WHERE id = 1"))
    db.session.commit()
    assert [change.is_erased for change in db.session.scalars(select(Change).order_by(Change.id))] == [
        True,
        False,
    ]


@pytest.mark.security(82)
@pytest.mark.both_databases
@pytest.mark.parametrize("table", ["change_sets", "changes", "change_seals"])
def test_change_that_cannot_be_recorded_is_not_made(
    app: Flask, client_as: ClientAs, submit: Submit, table: str
) -> None:
    editor = client_as("editor")
    with app.app_context():
        refuse_inserts(table)
        before = len(lines())
    answer = submit(editor, "/admin/categories/new/", name="Lamps")
    assert "could not be recorded in the history, so it was not made" in answer.text
    assert 'value="Lamps"' in answer.text  # the form still has the input
    with app.app_context():
        assert db.session.scalars(select(Category)).all() == []
        assert len(lines()) == before
        allow_inserts(table)


def test_ledger_error_has_its_own_page() -> None:
    assert issubclass(LedgerError, InternalServerError)
