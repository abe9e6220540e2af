"""Values of every type are restored from the trash exactly."""

import json
from collections.abc import Iterator
from datetime import date, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    Computed,
    Date,
    DateTime,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Time,
    Uuid,
    insert,
    null,
    select,
    text,
)
from sqlalchemy.types import NullType

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.trash.flows import of_records, put_back, take, trash_records
from dashboard.trash.kinds import Trashable
from dashboard.trash.models import Trashed
from dashboard.trash.rows import RowFormat, codec_of
from unit.trash.crates import CRATES, TAGS, Crate, Lot, declared_crates, stored, there_and_back

ONE_DATABASE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture
def crates(context: Flask) -> Iterator[Trashable]:
    with declared_crates() as kind:
        yield kind


@pytest.mark.both_databases
@settings(max_examples=40, deadline=None, suppress_health_check=ONE_DATABASE)
@given(values=CRATES)
def test_every_value_is_restored_exactly(values: dict[str, Any], crates: Trashable) -> None:
    db.session.connection().execute(insert(Crate.__table__), [{"id": 7, **values}])
    before = stored()
    there_and_back(crates, 7)
    assert stored() == before
    db.session.rollback()


@pytest.mark.both_databases
def test_null_of_sql_and_null_of_json_are_distinguished(crates: Trashable) -> None:
    for key, facts in ((1, "NULL"), (2, "'null'"), (3, "'[null]'"), (4, "'\"null\"'")):
        db.session.connection().execute(
            text(f"INSERT INTO crates (id, label, facts) VALUES ({key}, '', {facts})")
        )
    before = stored()
    assert [row[-1] for row in before] == [None, "null", "[null]", '"null"']
    there_and_back(crates, 1, 2, 3, 4)
    assert stored() == before


@pytest.mark.both_databases
def test_owned_rows_are_restored_with_their_record(crates: Trashable) -> None:
    connection = db.session.connection()
    connection.execute(insert(Crate.__table__), [{"id": key, "label": f"No. {key}"} for key in (1, 2)])
    connection.execute(
        insert(Lot.__table__),
        [{"id": 10 * key, "crate_id": key, "seal": bytes([0, 255, key])} for key in (1, 2)],
    )
    connection.execute(insert(TAGS), [{"crate_id": 1, "tag": tag} for tag in ("x", "y")])
    before = stored()
    there_and_back(crates, 1, 2)
    assert stored() == before


def test_rows_of_other_records_are_unchanged(crates: Trashable) -> None:
    connection = db.session.connection()
    connection.execute(insert(Crate.__table__), [{"id": key, "label": ""} for key in (1, 2)])
    connection.execute(insert(TAGS), [{"crate_id": key, "tag": "x"} for key in (1, 2)])
    trash_records(crates, [1])
    assert [row for row in stored() if len(row) == 2] == [(2, "x")]


@pytest.mark.both_databases
def test_reference_to_missing_record_becomes_null_and_others_stay(crates: Trashable) -> None:
    add = insert(Crate.__table__)
    for key, inside in ((1, None), (2, None), (3, 1), (4, 2), (5, 4)):
        db.session.connection().execute(add.values(id=key, label="", inside_id=inside))
    trash_records(crates, [5])
    trash_records(crates, [4, 3])
    trash_records(crates, [1])
    put_back(crates, take(crates, of_records(crates, [3, 4, 5])))
    found = db.session.connection().execute(text("SELECT id, inside_id FROM crates ORDER BY id"))
    assert [*found] == [(2, None), (3, None), (4, 2), (5, 4)]


@pytest.mark.both_databases
def test_row_of_a_megabyte_is_restored(crates: Trashable) -> None:
    long = {"id": 1, "label": "x" * 300, "note": 'é\\"' * 400_000, "secret": bytes(range(256)) * 2_000}
    db.session.connection().execute(insert(Crate.__table__), [long])
    before = stored()
    there_and_back(crates, 1)
    assert stored() == before


@pytest.mark.both_databases
def test_row_is_restored_after_columns_were_added_and_dropped(crates: Trashable) -> None:
    add = insert(Crate.__table__)
    for key in (1, 2):
        db.session.connection().execute(add.values(id=key, label="", small=5))
    trash_records(crates, [1, 2])
    row = db.session.scalars(select(Trashed.row).where(Trashed.record_key == "1")).one()
    older = row.replace('"small":5', '"gone":"away"')
    db.session.connection().execute(
        text("UPDATE trash SET row = :row WHERE record_key = '1'"), {"row": older}
    )
    put_back(crates, take(crates, of_records(crates, [1, 2])))
    found = db.session.connection().execute(text("SELECT id, small FROM crates ORDER BY id"))
    assert [*found] == [(1, None), (2, 5)]


def unfolded(value: Any) -> Any:
    """A time as a database stores it, without the fold of a repeated hour."""
    return value.replace(fold=0)


ZONES = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Numeric(30, 12), st.decimals()),
        (DateTime(), st.datetimes().map(unfolded)),
        (DateTime(timezone=True), st.datetimes(timezones=ZONES).map(unfolded)),
        (Date(), st.dates()),
        (Time(), st.times(timezones=st.none() | ZONES).map(unfolded)),
        (Interval(), st.timedeltas()),
        (LargeBinary(), st.binary()),
        (Uuid(), st.uuids()),
        (ARRAY(Numeric), st.lists(st.none() | st.decimals(allow_nan=False), max_size=4)),
        (ARRAY(Date, dimensions=2), st.lists(st.lists(st.dates(), max_size=2), max_size=2)),
    ],
    ids=str,
)
def test_value_is_stored_exactly(kind: Any, values: Any) -> None:
    codec = codec_of(kind)

    @settings(max_examples=60, deadline=None)
    @given(value=values)
    def kept(value: Any) -> None:
        assert repr(codec.read(codec.write(value))) == repr(value)

    kept()


def test_column_of_two_names_is_stored_by_that_in_the_database() -> None:
    its = RowFormat(Table("t", MetaData(), Column("c", JSON, key="d"), Column("e", Integer)))
    assert its.write({"c": [1], "c is null": False, "e": 2}) == {"c": [[1]], "e": 2}
    assert {*its.to_insert({"c": None, "e": 2})} == {"d", "e"}


def test_derived_columns_are_not_stored() -> None:
    table = Table("t", MetaData(), Column("a", Text), Column("b", Text, Computed("a || a")))
    assert [*RowFormat(table).codecs] == ["a"]
    kept = RowFormat(Product.__table__).codecs
    assert {"sku", "price", "updated_at", "version"} <= {*kept}
    assert not {"name_key", "sku_key", "sku_twin", "price_key", "search_text"} & {*kept}


def test_stored_values_are_json() -> None:
    table = Table(
        "t", MetaData(), Column("a", Numeric), Column("b", Uuid), Column("c", Date), Column("d", Time)
    )
    row = {"a": Decimal("1.50"), "b": UUID(int=1), "c": date(2026, 1, 2), "d": time(3, 4)}
    kept = {"a": "1.50", "b": "00000000-0000-0000-0000-000000000001", "c": "2026-01-02", "d": "03:04:00"}
    assert RowFormat(table).write(row) == kept
    assert RowFormat(table).read(kept) == row
    assert RowFormat(table).read(dict.fromkeys(kept)) == dict.fromkeys(kept)


def test_none_in_json_column_is_null_of_sql() -> None:
    crates = RowFormat(Crate.__table__)
    values = crates.read({"facts": None})
    assert values == {"facts": None}
    assert crates.to_insert(values)["facts"].compare(null())


@pytest.mark.parametrize("value", [1, 1.5, "text", b"\x00\xff", ""])
def test_value_of_a_column_without_a_type_is_read_as_it_was(value: object) -> None:
    codec = codec_of(NullType())
    assert codec.read(json.loads(json.dumps(codec.write(value)))) == value
