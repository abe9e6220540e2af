"""Rows of tables that nobody described are not lost with a record that they would go with."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, Table, text

from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.registry import registry
from unit.trash.mailboxes import MAPPING, Folder, Letter, Mailbox, Remark, declared_mailboxes, stored

pytestmark = pytest.mark.both_databases


@pytest.fixture(params=["CASCADE", "SET NULL"])
def mailbox(context: Flask, request: pytest.FixtureRequest) -> Iterator[None]:
    """A mailbox with a letter that rows of an undescribed table refer to, and another mailbox."""
    with declared_mailboxes(Mailbox, Letter, Folder, Remark):
        db.session.add_all([Mailbox(id=1, name="A"), Mailbox(id=2, name="B")])
        db.session.flush()
        db.session.add(Letter(id=1, name="x", mailbox_id=1))
        db.session.flush()
        of = f"integer REFERENCES letters ON DELETE {request.param}"
        execute = db.session.connection().execute
        execute(text(f'CREATE TABLE "Stamps of mail" (id integer PRIMARY KEY, "For" {of})'))
        execute(text('INSERT INTO "Stamps of mail" VALUES (7, 1)'))
        db.session.commit()
        try:
            yield
        finally:
            db.session.rollback()
            db.session.connection().execute(text('DROP TABLE "Stamps of mail"'))
            db.session.commit()


def stamps() -> list[Any]:
    """The rows that nobody described."""
    return [tuple(row) for row in db.session.execute(text('SELECT * FROM "Stamps of mail"'))]


@pytest.mark.parametrize(("kind", "keys"), [("letters", [1]), ("mailboxes", [1]), ("mailboxes", [1, 2])])
def test_record_is_not_deleted_with_rows_that_could_not_be_restored(
    mailbox: None, kind: str, keys: list[int]
) -> None:
    before = stored()
    with pytest.raises(
        Refusal, match=r"can't be deleted: 1 row of Stamps of mail would go with it, and could"
    ):
        registry()[kind].reverting.remove(keys)
    db.session.rollback()
    assert (stored(), stamps()) == (before, [(7, 1)])


def test_record_that_no_such_row_refers_to_is_deleted(mailbox: None) -> None:
    registry()["mailboxes"].reverting.remove([2])
    db.session.commit()
    assert stored()["mailboxes"] == [(1, "A")]
    assert stamps() == [(7, 1)]


@pytest.fixture
def described(mailbox: None) -> Iterator[None]:
    """The table of stamps with classes that do not tell that it refers to letters."""
    table = Table("Stamps of mail", MAPPING.metadata, Column("id", Integer, primary_key=True))
    table.append_column(Column("For", Integer))
    try:
        yield
    finally:
        MAPPING.metadata.remove(table)


@pytest.mark.parametrize(("kind", "keys"), [("letters", [1]), ("mailboxes", [1])])
def test_described_rows_whose_reference_is_not_are_not_lost_either(
    described: None, kind: str, keys: list[int]
) -> None:
    with pytest.raises(Refusal, match="1 row of Stamps of mail would go with it"):
        registry()[kind].reverting.remove(keys)
    db.session.rollback()
    assert stamps() == [(7, 1)]
