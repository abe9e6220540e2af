"""Keys of several columns as one text."""

from datetime import date
from enum import Enum
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Date, Integer, String, Uuid, literal, select
from sqlalchemy import Enum as Choice
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.database.composite_keys import CompositeKey, joined, text_of, unreadable_part
from dashboard.database.keys import read_key
from dashboard.extensions import db


class Size(Enum):
    """Whose values are not its names."""

    SMALL = 1


KIND = CompositeKey([Integer(), String(), Date(), Uuid(), Choice(Size)])
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(st.integers(-(2**31), 2**31 - 1), TEXTS, st.dates(), st.uuids())
def test_text_of_a_key_is_read_as_the_same_parts(number: int, text: str, day: date, uuid: UUID) -> None:
    values = [number, text, day, uuid, Size.SMALL]
    assert KIND.values_of(text_of(values)) == values
    assert read_key(KIND, text_of(values)) == text_of(values)


@given(st.lists(TEXTS, min_size=2, max_size=2), st.lists(TEXTS, min_size=2, max_size=2))
def test_different_parts_have_different_texts(one: list[str], other: list[str]) -> None:
    assert (text_of(one) == text_of(other)) is (one == other)


@pytest.mark.parametrize(
    "text",
    ["", "1", "{}", "[]", "[1]", '[1,"a","b"]', '["1","a"]', "[1,2]", '[1, "a"]', '[1.0,"a"]', '[true,"a"]',
     '[01,"a"]', '[1,null]', '[1,"\\u0061"]', '[1,"\\u0000"]', '[1,"\ud800"]', '[1,"a"', "[" * 5000,
     '[99999999999999999999999,"a"]', "[" + "9" * 5000 + ',"a"]', '[2147483648,"a"]'],
)  # fmt: skip
def test_text_that_no_key_has_is_no_key(text: str) -> None:
    assert read_key(CompositeKey([Integer(), String()]), text) is None


@pytest.mark.both_databases
def test_database_compares_and_reads_parts_of_any_type(context: Flask) -> None:
    values = [7, 'a,"b" \\ü\n\x1f/', date(2026, 5, 4), UUID(int=7)]
    parts = enumerate(zip(values, KIND.parts[:4], strict=True))
    table = select(*(literal(each, kind).label(f"c{at}") for at, (each, kind) in parts)).subquery()
    key, text = joined([*table.c]), text_of(values)
    other = text_of([8, *values[1:]])
    among = [key.in_([other, text]), key.in_([other]), key.in_([])]
    asked = select(key, key == text, key == other, *among, key > text)
    assert db.session.execute(asked).one() == (text, True, False, True, False, False, False)


def test_part_without_one_text_is_named(context: Flask) -> None:
    class Base(DeclarativeBase):
        pass

    class Price(Base):
        __tablename__ = "prices"

        product_id: Mapped[int] = mapped_column(primary_key=True)
        weight: Mapped[float] = mapped_column(primary_key=True)

    assert unreadable_part(Price) == "weight"
