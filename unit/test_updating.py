"""Very many rows that are changed by one statement have what a statement for each row would give them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum as Choice
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
    bindparam,
    event,
    func,
    insert,
    select,
    types,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from dashboard.database.types import Money, UTCDateTime
from dashboard.database.updating import update_rows
from dashboard.extensions import db
from dashboard.search.keys import SortKey

MOMENTS = st.datetimes().filter(lambda moment: moment.year > 999)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
TRAPS = st.sampled_from(
    ["", "null", "\\u0000", '"', "[1]", "1", "1.0", " x ", "\\", "\n\r\t\x01", "{}", "灯"]
)
WHOLE = st.integers(-(2**63), 2**63 - 1)


class Size(Choice):
    SMALL = "small"
    LARGE = "large"


class Loud(types.TypeDecorator[str]):
    """A type that is written by an expression."""

    impl = String
    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> Any:
        """Write capitals."""
        return func.upper(bindvalue, type_=String)


KINDS: Mapping[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "line": (String(40), TEXTS | TRAPS),
    "words": (Text(), TEXTS | TRAPS),
    "sort": (SortKey(), TEXTS | TRAPS),
    "small": (Integer(), st.integers(-(2**31), 2**31 - 1)),
    "big": (BigInteger(), WHOLE),
    "money": (Money(), st.decimals("-9999999999.9999", "9999999999.9999", places=4)),
    "amount": (Numeric(20, 6), st.decimals("-99999999.999999", "99999999.999999", places=6)),
    "rate": (Float(), st.floats(allow_nan=False)),
    "is_open": (Boolean(), st.booleans()),
    "day": (Date(), st.dates()),
    "made": (DateTime(), MOMENTS),
    "seen": (UTCDateTime(), MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC))),
    "size": (Enum(Size, native_enum=False), st.sampled_from(Size)),
    "native": (Enum(Size, name="size_of_things"), st.sampled_from(Size)),
    "token": (Uuid(), st.uuids()),
    "photo": (LargeBinary(), st.binary(max_size=9)),
    "facts": (JSON(), st.dictionaries(TEXTS, TEXTS | st.integers(0, 9), max_size=2)),
    "loud": (Loud(), st.text("abc", max_size=3)),
}
METADATA = MetaData()
THINGS = Table(
    "things",
    METADATA,
    Column("id", Integer, primary_key=True),
    *(Column(name, kind) for name, (kind, _) in KINDS.items()),
    Column("code", Integer, unique=True),
    Column("changes", Integer, nullable=False, default=0),
    Column("touched", Integer, onupdate=lambda: 7),
)
ROWS = st.lists(
    st.fixed_dictionaries({}, optional={name: st.none() | values for name, (_, values) in KINDS.items()}),
    min_size=1,
    max_size=4,
)


@pytest.fixture
def things(context: Flask) -> Iterator[None]:
    """Four rows of things."""
    METADATA.create_all(db.engine)
    db.session.execute(insert(THINGS), [{"id": key, "code": key} for key in range(1, 5)])
    db.session.commit()
    yield
    db.session.rollback()
    METADATA.drop_all(db.engine)


def rows() -> list[tuple[Any, ...]]:
    """All things as they are stored, with JSON as text."""
    names = [each.cast(Text) if each.name == "facts" else each for each in THINGS.columns]
    return [tuple(row) for row in db.session.execute(select(*names).order_by(THINGS.c.id))]


@pytest.mark.both_databases
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(new=ROWS)
def test_rows_get_values_of_any_type_to_the_letter(new: list[dict[str, Any]], things: None) -> None:
    db.session.rollback()
    changed = [(key, values) for key, values in enumerate(new, 1) if values]
    for key, values in changed:
        one = {"key": key, **{f"new_{name}": value for name, value in values.items()}}
        its = {name: bindparam(f"new_{name}", type_=THINGS.c[name].type) for name in values}
        each = update(THINGS).where(THINGS.c.id == bindparam("key")).values({**its, "changes": 1})
        db.session.connection().execute(each, one)
    expected = rows()
    db.session.rollback()
    update_rows(db.session.connection(), THINGS, changed, changes=THINGS.c.changes + 1)
    assert rows() == expected
    db.session.rollback()


def statements(changed: list[tuple[int, dict[str, Any]]]) -> int:
    """How many statements change these rows."""
    seen = []
    connection = db.session.connection()

    def note(_connection: Any, _cursor: Any, _statement: str, given: Any, _context: Any, many: bool) -> None:
        seen.append(len(given) if many else 1)

    event.listen(connection, "after_cursor_execute", note)
    update_rows(connection, THINGS, changed)
    return sum(seen)


@pytest.mark.both_databases
def test_rows_that_change_the_same_columns_take_one_statement(things: None) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    new = {"line": "x", "money": Decimal("1.5"), "seen": moment, "size": Size.LARGE, "small": 1}
    assert statements([(key, {**new, "small": key}) for key in range(1, 5)]) == 1
    assert statements([(1, {"line": "x"}), (2, {"small": 2}), (3, {"line": "y"})]) == 2


@pytest.mark.both_databases
@pytest.mark.parametrize("odd", [{"photo": b"x"}, {"rate": 0.1}, {"loud": "a"}])
def test_values_that_json_would_change_take_a_statement_each(things: None, odd: dict[str, Any]) -> None:
    assert statements([(key, odd) for key in (1, 2, 3)]) == 3


@pytest.mark.sqlite
def test_text_with_a_nul_is_stored_whole(things: None) -> None:
    update_rows(db.session.connection(), THINGS, [(1, {"words": "a\0b"})])
    assert db.session.scalar(select(THINGS.c.words).where(THINGS.c.id == 1)) == "a\0b"


@pytest.mark.both_databases
def test_taken_value_and_number_out_of_range_are_refused(things: None) -> None:
    with pytest.raises(IntegrityError):
        update_rows(db.session.connection(), THINGS, [(1, {"code": 9}), (2, {"code": 3})])
    db.session.rollback()
    with pytest.raises((DBAPIError, OverflowError)):
        update_rows(db.session.connection(), THINGS, [(1, {"big": 2**63})])
    db.session.rollback()
    assert [row.code for row in db.session.execute(select(THINGS).order_by(THINGS.c.id))] == [1, 2, 3, 4]


@pytest.mark.postgresql
def test_text_longer_than_its_column_is_refused_and_not_cut(things: None) -> None:
    with pytest.raises(DBAPIError):
        update_rows(db.session.connection(), THINGS, [(1, {"line": "x" * 41})])
