"""Few and very many changes are written and sealed alike, and as plainly written code would do it."""

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from dashboard.database.copying import FEW, ROWS_AT_ONCE
from dashboard.database.keys import Key
from dashboard.extensions import db
from dashboard.history import chain
from dashboard.history.chain import Lines, verify
from dashboard.history.entries import Entry
from dashboard.history.models import Action, Change
from dashboard.history.recording import LedgerError, record
from dashboard.history.values import as_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
PAIRS = st.tuples(JSON_VALUES, JSON_VALUES) | st.tuples(JSON_VALUES, JSON_VALUES, st.just("by the database"))
NUMBERS = [1, FEW, FEW + 1, ROWS_AT_ONCE + 5]
ODD = ["oak", 'Eiche "Ö"\n\t\\', "灯\u2028", "\U0001f9c5", "\x7f\x01", "\\N", ""]


@given(st.dictionaries(TEXTS, PAIRS, max_size=4))
def test_text_of_fields_is_what_json_makes_of_them(fields: dict[str, tuple[Any, ...]]) -> None:
    plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)
    assert as_text(fields) == plain.encode(dict(sorted(fields.items())))


CHANGES = st.tuples(
    st.integers(),
    TEXTS,
    st.integers(),
    TEXTS,
    st.none() | st.integers(),
    st.binary(max_size=9),
    st.none() | TEXTS,
)


@given(CHANGES)
def test_sealed_line_of_a_change_is_what_json_makes_of_it(change: Any) -> None:
    lines = Lines()
    lines.add([change])
    *values, digest, key = change
    named = [] if key is None else ["record_key", key]
    expected = json.dumps([*values, digest.hex(), *named], separators=(",", ":")).encode() + b"\n"
    assert (bytes(lines.text), lines.number, lines.is_whole) == (expected, 1, True)


def test_values_of_other_types_are_read_before_they_are_sealed() -> None:
    lines = Lines()
    lines.add([(1, "products", 1, "change", 1.5, b"", None)])
    assert (lines.is_whole, bytes(lines.text)) == (False, b"")


def entries(keys: list[Key]) -> list[Entry]:
    """A change of each of these records, with texts that need care."""
    return [
        Entry("products", key, Action.CHANGE, at or None, {"name": (ODD[at % len(ODD)], f"{at}\r")})
        for at, key in enumerate(keys)
    ]


@pytest.mark.both_databases
@pytest.mark.parametrize("number", NUMBERS)
def test_many_changes_are_stored_and_sealed_like_few(context: Flask, number: int) -> None:
    keys: list[Key] = [at + 1 if at % 2 else f"key {ODD[at % len(ODD)]}" for at in range(number)]
    change_set = record(db.session, entries(keys))
    record(db.session, entries(keys[:2]))
    db.session.commit()
    found = db.session.scalars(select(Change).order_by(Change.id)).all()
    told = [(each.key, each.version, each.pairs) for each in found]
    expected = [(each.key, each.version, each.fields) for each in [*entries(keys), *entries(keys[:2])]]
    assert told == expected
    assert {each.change_set_id for each in found} == {change_set}
    assert {each.action for each in found} == {Action.CHANGE}
    verdict = verify(db.session)
    assert (verdict.faults, verdict.changes) == ([], len(found))


@pytest.mark.both_databases
@pytest.mark.parametrize("number", NUMBERS)
def test_changes_of_a_savepoint_rolled_back_are_not_sealed(context: Flask, number: int) -> None:
    record(db.session, entries([1, 2]))
    savepoint = db.session.begin_nested()
    record(db.session, entries([*range(3, 3 + number)]))
    savepoint.rollback()
    record(db.session, entries([*range(1, 1 + number)]))
    db.session.commit()
    verdict = verify(db.session)
    assert (verdict.faults, verdict.changes) == ([], 2 + number)


@pytest.mark.both_databases
def test_more_changes_than_memory_may_hold_are_sealed(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "BYTES_KEPT", 2_000)
    for first in (1, 101, 201):
        record(db.session, entries([*range(first, first + 100)]))
    db.session.commit()
    verdict = verify(db.session)
    assert (verdict.faults, verdict.changes) == ([], 300)


@pytest.mark.both_databases
def test_later_changes_have_greater_numbers(context: Flask) -> None:
    for number in (3, 3 * FEW, 2, 3 * FEW):
        record(db.session, entries([*range(number)]))
        db.session.commit()
    found = db.session.execute(select(Change.change_set_id).order_by(Change.id)).scalars().all()
    assert found == sorted(found)
    assert verify(db.session).faults == []


@pytest.mark.postgresql
@pytest.mark.parametrize("number", NUMBERS)
def test_changes_that_the_database_refuses_are_a_ledger_error(context: Flask, number: int) -> None:
    refused = [*entries([*range(number)])[1:], Entry("p" * 64, 1, Action.CHANGE, 1, {})]
    with pytest.raises(LedgerError):
        record(db.session, refused)
    db.session.rollback()
    record(db.session, entries([1]))
    db.session.commit()
    assert verify(db.session).faults == []
