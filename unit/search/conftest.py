"""Searches to try."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import scoped_session

from dashboard.extensions import db
from dashboard.search.index import SearchIndex
from unit.search.searching import INDEX, Find, matching_by, names


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Any]]:
    """A session over an empty catalogue."""
    with app.app_context():
        yield db.session
        db.session.rollback()


@pytest.fixture
def find(session: scoped_session[Any]) -> Find:
    """`find(query)` names the products that fit, in order; both ways to find them have to agree."""

    def find(query: str, index: SearchIndex = INDEX) -> list[str]:
        words = index.words(query)
        matching, containing = (
            names(session, condition)
            for condition in (matching_by(index, session, words), index.containing(words))
        )
        assert matching == containing
        return matching

    return find
