"""Records whose key is no plain integer: the history finds them, seals them and erases them as all others."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from dashboard.database.keys import read_key
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.erase import erase_person, says_anything
from dashboard.history.models import Change, ChangeKind
from dashboard.history.recording import describe
from dashboard.history.since import changed_since, position
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_product
from dashboard.trash.flows import of_records, purge, put_back, take, trash_records
from dashboard.trash.sweeping import find_in_trash
from unit.history.foreign import Guest, Parcel, Voucher, declared_kinds
from unit.history.tampering import tamper

pytestmark = pytest.mark.both_databases

PERSON = UUID("0a52bb11-4f2e-4a8f-8b54-6a6a5c0f5c1d")
RECORDS = [
    (lambda label: Voucher(code="A/B & 007", label=label), "A/B & 007"),
    (lambda label: Voucher(code="007", label=label), "007"),
    (lambda label: Parcel(number=2**40, label=label), "1099511627776"),
    (lambda label: Parcel(number=-1, label=label), "-1"),
    (lambda label: Guest(uuid=PERSON, label=label), str(PERSON)),
]


@pytest.fixture
def kinds(context: Flask) -> Iterator[None]:
    """A console that keeps the history of the kinds."""
    with declared_kinds():
        yield


def added(record: Any) -> Any:
    """A record that was added and committed."""
    db.session.add(record)
    db.session.commit()
    return record


def changes_of(record: Any) -> list[Change]:
    """The changes of a record, the oldest first."""
    declared = registry().of(type(record))
    its = Change.of(declared.kind, declared.key_of(record))
    return list(db.session.scalars(select(Change).where(its).order_by(Change.id)))


@pytest.mark.parametrize(("make", "key"), RECORDS)
def test_record_is_followed_by_the_text_of_its_key(kinds: None, make: Any, key: str) -> None:
    added(a_product())
    record = added(make("Oak"))
    record.label = "Elm"
    db.session.commit()
    created, changed = changes_of(record)
    assert (created.key, created.record_id, created.version) == (key, 0, None)
    assert changed.pairs == {"label": ("Oak", "Elm")}
    db.session.delete(record)
    db.session.commit()
    assert [change.action for change in changes_of(record)] == ["create", "change", "delete"]
    assert verify(db.session).faults == []


@pytest.mark.parametrize(("make", "key"), RECORDS[:-1])
def test_record_goes_to_the_trash_and_back_under_its_key(kinds: None, make: Any, key: str) -> None:
    record = added(make("Oak"))
    kind, value = registry().of(type(record)).trash, inspect(record).identity[0]
    its = of_records(kind, [value])
    assert trash_records(kind, [value]) == 1
    db.session.commit()
    found = find_in_trash(kind.kind, value, 30)
    assert found
    assert (found.record_key, found.title) == (key, "Oak")
    assert put_back(kind, take(kind, its)) == 1
    db.session.commit()
    assert trash_records(kind, [value]) == 1
    db.session.commit()
    assert purge(of_records(kind, [value])) == 1
    db.session.commit()
    found_changes = db.session.scalars(
        select(Change).where(Change.of(kind.kind, key)).order_by(Change.id)
    ).all()
    assert [each.action for each in found_changes] == ["create", "delete", "create", "delete", "purge"]
    assert verify(db.session).faults == []


def test_keys_that_differ_in_zeros_alone_are_two_records(kinds: None) -> None:
    first, second = added(Voucher(code="7", label="One")), added(Voucher(code="07", label="Two"))
    assert [change.pairs["label"][1] for change in changes_of(first)] == ["One"]
    assert [change.pairs["label"][1] for change in changes_of(second)] == ["Two"]


def test_key_too_long_for_the_history_is_refused(kinds: None) -> None:
    added(Voucher(code="x" * 200, label="Fits"))
    db.session.add(Voucher(code="x" * 201, label="Too long"))
    with pytest.raises(Refusal, match="keys of up to 200 characters"):
        db.session.commit()
    db.session.rollback()
    assert db.session.scalars(select(Voucher.label)).all() == ["Fits"]


@pytest.mark.parametrize(("make", "key"), RECORDS)
def test_altered_key_is_found_by_verifying(kinds: None, make: Any, key: str) -> None:
    added(make("Oak"))
    tamper("UPDATE changes SET record_key = 'other'")
    assert verify(db.session).faults == ["change set 1 is not what was sealed (seal 1)"]


def test_key_given_to_a_change_that_had_none_is_found_by_verifying(kinds: None) -> None:
    added(a_product())
    tamper("UPDATE changes SET record_key = '1'")
    assert verify(db.session).faults == ["change set 1 is not what was sealed (seal 1)"]


def test_key_cannot_be_changed_by_a_statement(kinds: None) -> None:
    added(Voucher(code="A", label="Oak"))
    with pytest.raises(Exception, match="the history cannot be changed"):
        db.session.execute(text("UPDATE changes SET record_key = 'B'"))
    db.session.rollback()


def test_changes_since_a_position_are_found_by_key(kinds: None) -> None:
    first, second = added(Voucher(code="A", label="One")), added(Voucher(code="B", label="Two"))
    seen = position(db.session)
    second.label = "Three"
    db.session.commit()
    assert changed_since(db.session, "vouchers", ["A", "B"], seen) == {"B"}
    assert changed_since(db.session, "parcels", ["B"], seen) == set()
    assert first.label == "One"


def an_erasure(kind: str, key: str) -> int:
    """Erase as an owner does."""
    owner = an_account("owner")
    db.session.commit()
    describe(db.session, author_id=owner.id)
    number = erase_person(db.session, kind, key)
    db.session.commit()
    return number


@pytest.mark.security(89)
def test_person_of_another_kind_is_erased_and_the_chain_holds(kinds: None) -> None:
    guest, other = added(Guest(uuid=PERSON, label="Ada")), added(Guest(label="Bob"))
    db.session.delete(guest)
    db.session.commit()
    assert an_erasure("guests", str(PERSON)) == 2
    assert not says_anything(db.session, "guests", str(PERSON))
    assert changes_of(other)[0].pairs == {"label": (None, "Bob")}
    verdict = verify(db.session)
    assert (verdict.erased, verdict.faults) == (2, [])


@pytest.mark.security(89)
def test_person_who_is_still_there_is_not_erased(kinds: None) -> None:
    added(Guest(uuid=PERSON, label="Ada"))
    with pytest.raises(Refusal, match="still exists"):
        an_erasure("guests", str(PERSON))
    db.session.rollback()
    assert says_anything(db.session, "guests", str(PERSON))


@pytest.mark.security(89)
def test_blank_change_of_a_record_about_nobody_is_found(kinds: None) -> None:
    """The database takes the erasure for one, since it does not know which kinds are about people."""
    voucher = added(Voucher(code="A", label="Oak"))
    db.session.delete(voucher)
    db.session.commit()
    owner = an_account("owner")
    db.session.commit()
    describe(db.session, kind=ChangeKind.ERASE, author_id=owner.id)
    added(Voucher(code="A", label="Elm"))
    db.session.execute(text("UPDATE changes SET fields = NULL, salt = NULL WHERE id = 1"))
    db.session.commit()
    assert verify(db.session).faults == [
        "change 1 is blank, and the history tells of no erasure of it",
    ]


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("parcels", "12", 12),
        ("parcels", "-12", -12),
        ("parcels", "012", None),
        ("parcels", "+12", None),
        ("parcels", "1_2", None),
        ("parcels", "١٢", None),
        ("parcels", str(2**63), None),
        ("parcels", "", None),
        ("guests", str(PERSON), PERSON),
        ("guests", str(PERSON).upper(), None),
        ("guests", PERSON.hex, None),
        ("guests", "12", None),
        ("vouchers", "A/B ü", "A/B ü"),
        ("vouchers", "", ""),
        ("vouchers", "A\0", None),
        ("products", "12", 12),
        ("products", str(2**31), None),
        ("products", "1,2", None),
    ],
)
def test_text_of_a_key_has_one_value_or_none(kinds: None, kind: str, given: str, value: Any) -> None:
    assert read_key(registry()[kind].key.type, given) == value
