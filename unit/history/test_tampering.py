"""Statements against the tables of the history, and how verification finds them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, text

from dashboard.accounts.managing import record_export
from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.history.chain import OF_SET, digest, seal, verify
from dashboard.history.models import Action, Change, ChangeKind, ChangeSet, Origin
from dashboard.history.recording import Entry, describe, record
from dashboard.testing.accounts import an_account, the_account
from unit.history.erasing import a_person_who_left, erase
from unit.history.tampering import tamper

pytestmark = pytest.mark.security(82)

BLANK = "UPDATE changes SET fields = NULL, salt = NULL"


@pytest.fixture
def erased(written: Flask) -> int:
    """The id of a user who was deleted, and erased by an owner."""
    key = a_person_who_left()
    record_export([key])  # has no fields, so that nothing of it is erased
    db.session.commit()
    erase(key)
    db.session.commit()
    assert verify(db.session).faults == []
    return key


def faults() -> list[str]:
    db.session.rollback()
    return verify(db.session).faults


def changes_of(key: int) -> list[int]:
    """The ids of the changes of a user, the oldest first."""
    its = select(Change.id).where(Change.record_kind == "users", Change.record_id == key)
    return list(db.session.scalars(its.order_by(Change.id)))


def blank(*keys: int) -> list[str]:
    """The faults for changes that are blank without an erasure."""
    return [f"change {key} is blank, and the history tells of no erasure of it" for key in keys]


@pytest.mark.security(89)
@pytest.mark.both_databases
class TestErasuresThatAreNone:
    def test_blank_change_of_existing_user_is_found(self, written: Flask) -> None:
        tamper(f"{BLANK} WHERE record_kind = 'users'")
        verdict = verify(db.session)
        assert (verdict.erased, verdict.faults) == (0, blank(5))

    def test_blank_change_of_deleted_user_without_erasure_is_found(self, written: Flask) -> None:
        key = a_person_who_left()
        tamper(f"{BLANK} WHERE record_id = {key} AND record_kind = 'users'")
        assert faults() == blank(*changes_of(key))

    def test_erasure_counts_for_its_own_user_only(self, erased: int) -> None:
        other = a_person_who_left()
        tamper(f"{BLANK} WHERE record_id = {other} AND record_kind = 'users'")
        assert faults() == blank(*changes_of(other))

    def test_erasure_of_existing_user_does_not_count(self, erased: int) -> None:
        db.session.add(User(id=erased, email="back@example.test", password_hash="", name=""))
        db.session.commit()
        assert faults()[:4] == blank(*changes_of(erased)[:4])

    def test_erasure_without_author_does_not_count(self, written: Flask) -> None:
        key = a_person_who_left()
        before = changes_of(key)
        describe(db.session, kind=ChangeKind.ERASE)
        record(db.session, [Entry("users", key, Action.CHANGE, None, {})])
        db.session.commit()
        tamper(f"{BLANK} WHERE id IN ({', '.join(map(str, before))})")
        assert faults() == blank(*before)

    def test_erasure_does_not_cover_later_changes(self, erased: int) -> None:
        record(db.session, [Entry("users", erased, Action.CHANGE, None, {"name": ("a", "b")})])
        db.session.commit()
        *_, named, later = changes_of(erased)
        tamper(f"{BLANK} WHERE id IN ({named}, {later})")
        assert faults() == blank(named, later)

    def test_blank_export_is_found(self, erased: int) -> None:
        export = db.session.scalars(select(Change.id).where(Change.action == Action.EXPORT)).one()
        tamper(f"{BLANK} WHERE id = {export}")
        assert faults() == blank(export)

    def test_restored_text_of_erased_change_is_found(self, written: Flask) -> None:
        key = a_person_who_left()
        change = db.session.get_one(Change, changes_of(key)[0])
        values = {"key": change.id, "fields": change.fields, "salt": change.salt}
        erase(key)
        db.session.commit()
        tamper("UPDATE changes SET fields = :fields, salt = :salt WHERE id = :key", **values)
        assert faults() == [f"change {values['key']} says again what was erased"]

    def test_erasure_by_an_older_release_counts(self, written: Flask) -> None:
        """It took away what was said before it wrote that down; what it left is the same."""
        key, owner = a_person_who_left(), the_account("owner")
        db.session.commit()
        author = owner.id
        tamper(f"{BLANK} WHERE record_id = {key} AND record_kind = 'users'")
        describe(db.session, kind=ChangeKind.ERASE, author_id=author)
        record(db.session, [Entry("users", key, Action.CHANGE, None, {})])
        db.session.commit()
        verdict = verify(db.session)
        assert (verdict.erased, verdict.faults) == (4, [])


HALVES = ["fields = NULL", "salt = NULL", "fields = '{}'", "fields = '{}', salt = NULL"]


@pytest.mark.parametrize("half", HALVES)
def test_half_erased_change_is_found(erased: int, half: str) -> None:
    other = an_account()
    db.session.commit()
    (key,) = changes_of(other.id)
    tamper(f"UPDATE changes SET {half} WHERE id = {key}")
    assert faults() == [f"change {key} does not say what it said"]


SET_3 = "change set 3 is not what was sealed (seal 3)"
STATEMENTS = {
    "DELETE FROM change_sets WHERE id = 3": [
        "the change set of the seal 3 is gone",
        "the change set of change 5 is gone",
    ],
    "DELETE FROM changes WHERE change_set_id = 3": [SET_3],
    "DELETE FROM change_seals WHERE id = 3": ["change set 3 was never sealed"],
    "INSERT INTO changes SELECT 77, 999, record_kind, record_id, action, version, fields, salt, digest,"
    " record_key FROM changes WHERE id = 5": ["the change set of change 77 is gone"],
    "INSERT INTO changes SELECT 77, 3, record_kind, record_id, action, version, fields, salt, digest,"
    " record_key FROM changes WHERE id = 5": [SET_3],
    "INSERT INTO change_seals SELECT 77, 999, changes, hash FROM change_seals WHERE id = 3": [
        "the change set of the seal 77 is gone"
    ],
    "UPDATE changes SET change_set_id = 999 WHERE id = 5": [SET_3, "the change set of change 5 is gone"],
    "UPDATE change_seals SET id = id + 100 WHERE id = 1": [
        "change set 2 is not what was sealed (seal 2)",
        "change set 1 is not what was sealed (seal 101)",
    ],
    "UPDATE changes SET id = 99 WHERE id = 5": [SET_3],
    "UPDATE changes SET salt = digest, digest = salt WHERE id = 5": [
        SET_3,
        "change 5 does not say what it said",
    ],
    "UPDATE change_sets SET at = '2020-01-01 00:00:00+00:00' WHERE id = 3": [SET_3],
    "UPDATE change_sets SET author_id = 9 WHERE id = 3": [SET_3],
    "UPDATE change_sets SET kind = 'export' WHERE id = 3": [SET_3],
    "UPDATE change_sets SET origin = 'form' WHERE id = 3": [SET_3],
    "UPDATE change_sets SET request_id = 'x' WHERE id = 3": [SET_3],
    "UPDATE change_sets SET note = 'x' WHERE id = 3": [SET_3],
    "UPDATE change_sets SET reverts_id = 1 WHERE id = 3": [SET_3],
    "UPDATE changes SET record_kind = 'products' WHERE id = 5": [SET_3],
    "UPDATE changes SET record_id = 9 WHERE id = 5": [SET_3],
    "UPDATE changes SET action = 'delete' WHERE id = 5": [SET_3],
    "UPDATE changes SET version = NULL WHERE id = 5": [SET_3],
    # An invalid value is a fault like others, and no error of the check.
    "UPDATE change_sets SET kind = 'nonsense' WHERE id = 3": [SET_3],
    "UPDATE changes SET action = 'nonsense' WHERE id = 5": [SET_3],
}


def without_foreign_keys(statement: str) -> None:
    """Switch the foreign keys off, as the owner of the database can; in SQLite they are off by default."""
    if db.engine.dialect.name == "sqlite":
        tamper()
        db.session.rollback()
        db.session.connection().connection.driver_connection.execute("ROLLBACK")
        db.session.connection().connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
        db.session.connection().connection.driver_connection.execute("BEGIN IMMEDIATE")
        db.session.execute(text(statement))
        db.session.commit()
    else:
        tamper(statement)


@pytest.mark.both_databases
@pytest.mark.parametrize(("statement", "found"), STATEMENTS.items(), ids=list(STATEMENTS))
def test_every_tampering_statement_is_found(written: Flask, statement: str, found: list[str]) -> None:
    without_foreign_keys(statement)
    assert faults() == found


GARBAGE = {
    "UPDATE change_sets SET at = 'never' WHERE id = 3": [SET_3],
    "UPDATE change_sets SET at = 5 WHERE id = 3": [SET_3],
    "UPDATE change_sets SET author_id = 'x' WHERE id = 3": [SET_3],
    "UPDATE change_sets SET note = x'00ff' WHERE id = 3": [SET_3],
    "UPDATE changes SET version = 1.5 WHERE id = 5": [SET_3],
    "UPDATE changes SET digest = 'x' WHERE id = 5": [SET_3, "change 5 does not say what it said"],
    "UPDATE changes SET salt = 'x' WHERE id = 5": ["change 5 does not say what it said"],
    "UPDATE changes SET fields = x'00ff' WHERE id = 5": ["change 5 does not say what it said"],
    "UPDATE change_seals SET hash = 'x' WHERE id = 3": [SET_3],
    "UPDATE change_seals SET hash = 5, changes = 'x' WHERE id = 3": [SET_3],
}


@pytest.mark.sqlite
@pytest.mark.parametrize(("statement", "found"), GARBAGE.items(), ids=list(GARBAGE))
def test_invalid_value_in_a_column_is_found(written: Flask, statement: str, found: list[str]) -> None:
    tamper(statement)
    assert faults() == found


def test_sealed_change_set_without_changes_is_found(written: Flask) -> None:
    values: dict[str, Any] = {"kind": ChangeKind.EDIT, "origin": Origin.FORM}
    row = db.session.execute(insert(ChangeSet).values(values).returning(*OF_SET)).one()
    seal(db.session, row)
    db.session.commit()
    assert faults() == [f"change set {row.id} holds no changes"]


@pytest.mark.parametrize("says", ['{"stock":["7","4"]}', "{}"])
def test_fields_salt_and_digest_forged_together_are_found(written: Flask, says: str) -> None:
    """They fit each other; only the seal covers the former digest."""
    salt = bytes(16)
    last = select(Change.id, Change.change_set_id).order_by(Change.id.desc())
    key, change_set = db.session.execute(last).first() or (0, 0)
    forged = {"fields": says, "salt": salt, "digest": digest(salt, says)}
    tamper(f"UPDATE changes SET fields = :fields, salt = :salt, digest = :digest WHERE id = {key}", **forged)
    assert faults() == [f"change set {change_set} is not what was sealed (seal {change_set})"]
