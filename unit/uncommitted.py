"""A database that nobody commits to, for properties with many examples, each of which brings its own rows."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from dashboard.catalogue.models import Product
from dashboard.database.engine import configure_engine


@pytest.fixture(scope="session")
def engine_over_sqlite() -> Iterator[Engine]:
    """A database in memory, with the product's tables and SQLite's settings."""
    engine = create_engine("sqlite://")
    configure_engine(engine)
    Product.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def engine_over_postgresql(uncommitted_postgres: URL) -> Iterator[Engine]:
    """A database of PostgreSQL, with the console's tables."""
    engine = create_engine(uncommitted_postgres)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def engine(backend: str, request: pytest.FixtureRequest) -> Engine:
    """The database that the test runs over."""
    found: Engine = request.getfixturevalue(f"engine_over_{backend}")
    return found


@pytest.fixture(scope="session")
def shared_session(engine: Engine) -> Iterator[Session]:
    """One session for the many examples of a property test, each of which brings its own rows."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def session(shared_session: Session) -> Iterator[Session]:
    """The same over empty tables."""
    shared_session.rollback()
    yield shared_session
    shared_session.rollback()
