"""The session of a request: what only reads writes nothing."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard.catalogue.models import Category
from dashboard.database.transactions import begin_write
from dashboard.extensions import db


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_request_cannot_commit_a_change(app: Flask, method: str) -> None:
    with app.test_request_context(method=method):
        db.session.add(Category(name="Light"))
        with pytest.raises(RuntimeError, match="begin_write"):
            db.session.commit()
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(Category)) == 0


def test_request_that_begins_a_write_can_commit(app: Flask) -> None:
    with app.test_request_context():
        begin_write(db.session)
        db.session.add(Category(name="Light"))
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(Category)) == 1
