"""Alembic's environment: which models, which database, and how SQLite tables are altered."""

from __future__ import annotations

from functools import partial

from alembic import context
from sqlalchemy import create_engine

import dashboard.accounts.models
import dashboard.catalogue.models
import dashboard.listing.models  # noqa: F401 - registers its tables
from dashboard.database import WRITES, configure_engine
from dashboard.extensions import db
from dashboard.search.schema import is_declared


def run() -> None:
    """Migrate the database whose address the caller gave."""
    engine = create_engine(context.config.attributes["url"])
    configure_engine(engine)
    try:
        # Two starts at once: the second waits for the lock and finds everything done.
        with engine.connect().execution_options(**{WRITES: True}) as connection:
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                render_as_batch=engine.dialect.name == "sqlite",  # SQLite alters a table by copying it
                compare_type=True,
                include_name=partial(is_declared, db.metadata),
                transactional_ddl=True,  # SQLite can; a migration that fails leaves nothing behind
            )
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


run()
