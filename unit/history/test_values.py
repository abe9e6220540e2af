"""Values of every type are written to the ledger and read again to the letter, on both databases."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
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
    Date,
    DateTime,
    Float,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    PickleType,
    String,
    Time,
    Uuid,
    null,
    select,
    text,
    types,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from dashboard.database.types import Money, UTCDateTime
from dashboard.extensions import db
from dashboard.history.codecs import ledger_codec
from dashboard.history.models import Change
from dashboard.history.values import as_text, value_of
from dashboard.registry import Record
from unit.trash.crates import JSON_VALUES, TEXTS
from unit.trash.shops import Colour, Shop, Size, declared_shops

ONE_DATABASE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
MOMENTS = st.datetimes().map(lambda moment: moment.replace(fold=0))
ZONES = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)


@pytest.fixture
def shops(context: Flask) -> Iterator[Record]:
    """A console that keeps the history of shops."""
    with declared_shops() as record:
        yield record


SHOPS = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "code": st.none() | st.text("ab", max_size=3),
        "big": st.none() | st.integers(-(2**63), 2**63 - 1),
        "weight": st.none() | st.floats(allow_nan=False),
        "tiny": st.none() | st.floats(-1e30, 1e30).filter(lambda number: abs(number) > 1e-30),
        "amount": st.none() | st.decimals("-99999999.99", "99999999.99", places=2),
        "exact": st.none() | st.decimals("-9999.99999999", "9999.99999999", places=8),
        "is_open": st.none() | st.booleans(),
        "size": st.none() | st.sampled_from(Size),
        "colour": st.none() | st.sampled_from(Colour),
        "made": st.none() | MOMENTS,
        "seen": st.none() | MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC)),
        "day": st.none() | st.dates(),
        "opens": st.none() | st.times(),
        "lasts": st.none() | st.timedeltas(timedelta(days=-9000), timedelta(days=9000)),
        "token_id": st.none() | st.uuids(),
        "facts": st.just(JSON.NULL) | st.just(null()) | JSON_VALUES.filter(lambda value: value is not None),
    }
)


def rows() -> list[Any]:
    """Every shop as the database has it, with JSON as text."""
    found = db.session.execute(text("SELECT *, CAST(facts AS TEXT) FROM shops ORDER BY id"))
    return [tuple(row) for row in found]


@pytest.mark.both_databases
@settings(max_examples=60, deadline=None, suppress_health_check=ONE_DATABASE)
@given(first=SHOPS, second=SHOPS)
def test_record_can_be_replayed_from_its_lines(
    first: dict[str, Any], second: dict[str, Any], shops: Record
) -> None:
    db.session.rollback()
    shop = Shop(id=UUID(int=1), **first)
    db.session.add(shop)
    db.session.flush()
    before = rows()
    db.session.expire_all()
    for name, value in second.items():
        setattr(shop, name, value)
    db.session.flush()
    after = rows()
    created, *changes = db.session.scalars(select(Change).order_by(Change.id)).all()
    for side, expected in ((0, before), (1, after)):
        read_back(shops, created, changes, side)
        assert rows() == expected


def read_back(shops: Record, created: Change, changes: list[Change], side: int) -> None:
    """Store the values that the ledger has before or after the changes."""
    stored = {name: pair[1] for name, pair in created.pairs.items()}
    for change in changes:
        assert {name: stored.get(name) for name in change.pairs} == {k: v[0] for k, v in change.pairs.items()}
        stored |= {name: pair[1] for name, pair in change.pairs.items()} if side else {}
    values = {name: value_of(shops, name, stored.get(name)) for name in shops.fields if name != "labels"}
    values = {**values, "facts": null() if values["facts"] is None else values["facts"]}
    columns = {Shop.__mapper__.columns[name]: value for name, value in values.items()}
    db.session.connection().execute(Shop.__table__.update().values(columns))


class Words(types.TypeDecorator[list[str]]):
    """A list as one text, as many applications store it."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, _dialect: Any) -> str | None:
        return None if value is None else ",".join(value)

    def process_result_value(self, value: str | None, _dialect: Any) -> list[str] | None:
        return None if value is None else value.split(",")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Numeric(30, 12), st.decimals(allow_nan=False, allow_infinity=False, places=12)),
        (Numeric(), st.decimals(allow_nan=False, allow_infinity=False)),
        (Money(), st.decimals("-9999999999.9999", "9999999999.9999", places=4)),
        (Float(), st.floats(allow_nan=False)),
        (DateTime(), MOMENTS),
        (UTCDateTime(), MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC))),
        (Date(), st.dates()),
        (Time(), st.times()),
        (Interval(), st.timedeltas()),
        (Uuid(), st.uuids()),
        (Uuid(as_uuid=False), st.uuids().map(str)),
        (String(), TEXTS),
        (Integer(), st.integers()),
        (JSON(), JSON_VALUES.filter(lambda value: value is not None) | st.just(JSON.NULL)),
        (JSON(), st.dictionaries(st.sampled_from(["", "a"]), st.none() | st.just({"": None}))),
        (ARRAY(Numeric(8, 2)), st.lists(st.none() | st.decimals(-99, 99, places=2), max_size=4)),
        (ARRAY(Date, dimensions=2), st.lists(st.lists(st.dates(), max_size=2), max_size=2)),
        (Words(), st.lists(st.text("abc", min_size=1), min_size=1, max_size=3)),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, types.TypeEngine) else "",
)
def test_value_is_read_as_it_was_written(context: Flask, kind: Any, values: Any) -> None:
    codec = ledger_codec(kind)
    assert codec

    @settings(max_examples=80, deadline=None)
    @given(value=values)
    def recorded(value: Any) -> None:
        stored = json.loads(as_text({"f": (None, codec.write(value))}))["f"][1]
        assert codec.read(stored) == value
        assert codec.write(codec.read(stored)) == stored

    recorded()


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (Money(), Decimal("12.5"), "12.5000"),
        (Numeric(10, 2), Decimal("12.5"), "12.50"),
        (Numeric(10, 2), Decimal("12.345"), "12.35"),
        (Numeric(), Decimal("12.500"), "12.5"),
        (Float(), float("nan"), "nan"),
        (Float(), float("-inf"), "-inf"),
        (Float(), 3, 3.0),
        (Numeric(10, 2, asdecimal=False), 0.1, 0.1),
        (Interval(), timedelta(days=1, microseconds=1), "86400.000001"),
        (
            UTCDateTime(),
            datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2))),
            "2026-01-01T22:00:00+00:00",
        ),
        (JSON(), JSON.NULL, {"": None}),
        (JSON(), {"a": [1, None]}, {"a": [1, None]}),
    ],
    ids=str,
)
def test_equal_values_have_one_text(context: Flask, kind: Any, value: Any, stored: Any) -> None:
    codec = ledger_codec(kind)
    assert codec
    assert codec.write(value) == stored
    assert "NaN" not in as_text({"f": (None, codec.write(value))})


@pytest.mark.parametrize(
    "kind",
    [LargeBinary(), PickleType(), TSVECTOR(), ARRAY(LargeBinary)],
    ids=lambda kind: type(kind).__name__,
)
def test_types_that_cannot_be_read_again_are_not_recorded(context: Flask, kind: Any) -> None:
    assert ledger_codec(kind) is None


@pytest.mark.both_databases
def test_null_of_json_and_null_of_sql_are_two_values(shops: Record) -> None:
    shop = Shop(id=UUID(int=1), name="Oak", facts=JSON.NULL)
    db.session.add(shop)
    db.session.commit()
    for value in (null(), JSON.NULL, {"a": 1}, null(), JSON.NULL):
        shop.facts = value
        db.session.commit()
    db.session.delete(shop)
    db.session.commit()
    pairs = [change.pairs.get("facts") for change in db.session.scalars(select(Change).order_by(Change.id))]
    json_null = {"": None}
    assert pairs == [
        (None, json_null),
        (json_null, None),
        (None, json_null),
        (json_null, {"a": 1}),
        ({"a": 1}, None),
        (None, json_null),
        (json_null, None),
    ]
