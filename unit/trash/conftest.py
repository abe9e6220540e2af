"""Consoles with kinds of records of the tests' own."""

from collections.abc import Iterator

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.registry import Record
from unit.trash.shops import Label, declared_shops


@pytest.fixture
def shops(context: Flask) -> Iterator[Record]:
    """A console that keeps the history of shops."""
    with declared_shops() as record:
        db.session.add_all([Label(code="x"), Label(code="y"), Label(code="z")])
        db.session.commit()
        yield record
