"""Values that another program wrote in its own way are restored to the letter."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from dashboard.extensions import db
from dashboard.trash.kinds import Trashable
from unit.trash.crates import declared_crates, stored, there_and_back

OF_BOTH = {
    "facts": (
        '\'{"b":1,  "a" : [1.0]}\'',
        "'12345678901234567890123.10'",
        "'\"\\u00fc\"'",
        '\'{"a":1,"a":2}\'',
    ),
}
OF_SQLITE = {
    "made": ("'2026-01-31 09:30:00'", "'2026-01-31 09:30:00.5'"),
    "opens": ("'09:30'",),
    "lasts": ("'1970-01-01 01:00:00'",),
    "token": ("'0F0E0D0C0B0A49088706050403020100'",),
    "is_full": ("7",),
}
OF_POSTGRESQL = {"lasts": ("'1 year 2 mons 3 days'", "'-1 mons +1 day'")}


@pytest.fixture
def crates(context: Flask) -> Iterator[Trashable]:
    with declared_crates() as kind:
        yield kind


def restored(kind: Trashable, column: str, value: str) -> None:
    """Delete and restore a crate with a value that is written in SQL."""
    db.session.connection().execute(
        text(f"INSERT INTO crates (id, label, {column}) VALUES (7, 'Oak', {value})".replace(":", "\\:"))
    )
    before = stored()
    there_and_back(kind, 7)
    assert stored() == before


@pytest.mark.both_databases
@pytest.mark.parametrize("value", OF_BOTH["facts"])
def test_json_keeps_its_blanks_and_digits(crates: Trashable, value: str) -> None:
    restored(crates, "facts", value)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("column", "value"), [(name, each) for name, its in OF_SQLITE.items() for each in its]
)
def test_text_of_sqlite_is_restored(crates: Trashable, column: str, value: str) -> None:
    restored(crates, column, value)


@pytest.mark.postgresql
@pytest.mark.parametrize("value", OF_POSTGRESQL["lasts"])
def test_months_are_not_counted_in_days(crates: Trashable, value: str) -> None:
    restored(crates, "lasts", value)


@pytest.mark.both_databases
def test_rows_with_such_values_and_without_are_restored_together(crates: Trashable) -> None:
    for key, facts in ((7, "'[1,2]'"), (8, "'[1, 2]'"), (9, "'null'"), (10, "NULL")):
        db.session.connection().execute(
            text(f"INSERT INTO crates (id, label, facts) VALUES ({key}, '', {facts})")
        )
    before = stored()
    there_and_back(crates, 7, 8, 9, 10)
    assert stored() == before
