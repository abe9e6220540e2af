"""Another user at the same moment, for databases that let only one connection write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import event, insert
from sqlalchemy.engine import Connection

from dashboard.catalogue.models import Category, Product
from dashboard.extensions import db

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@contextmanager
def before_each_statement(app: Flask, act: Callable[..., None]) -> Iterator[None]:
    """Call `act` with the arguments of SQLAlchemy's event before each statement of an application."""
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", act)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", act)


@contextmanager
def another_user_adds(app: Flask, model: type[Product] | type[Category], **values: Any) -> Iterator[None]:
    """Add a row between the application's read of a table and its INSERT."""
    theirs = [insert(model).values({"created_at": LONG_AGO, "updated_at": LONG_AGO, **values})]

    def add(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if theirs and statement.startswith("INSERT"):
            connection.execute(theirs.pop())

    with before_each_statement(app, add):
        yield
    assert not theirs, "nothing was inserted, so there was no race"
