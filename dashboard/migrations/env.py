"""Alembic's environment: which models, which database, and how SQLite tables are altered."""

from __future__ import annotations

from functools import partial
from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine

import dashboard.accounts.leases
import dashboard.accounts.models
import dashboard.background.models
import dashboard.catalogue.models
import dashboard.history.models
import dashboard.jobs.models
import dashboard.listing.models
import dashboard.trash.models  # noqa: F401 - registers its tables
from dashboard.database.engine import configure_engine
from dashboard.database.transactions import WRITES
from dashboard.extensions import db
from dashboard.search.schema import is_declared


def _refuse_lost_rows(connection: Connection) -> None:
    # The tables of other programs in the same database may have had such rows for years.
    for table, _, missing, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        if table in db.metadata.tables:
            raise RuntimeError(f"The migration would leave a row of {table} without its {missing}.")


def run() -> None:
    """Migrate the database at the address that the caller gave."""
    engine = create_engine(context.config.attributes["url"])
    configure_engine(engine)
    try:
        # Of two starts at once, the second waits for the lock and finds nothing left to do.
        with engine.connect().execution_options(**{WRITES: True}) as connection:
            is_sqlite = engine.dialect.name == "sqlite"
            if is_sqlite:  # replacing a table drops it for a moment, and that must not delete rows of others
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA foreign_keys=OFF")
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                render_as_batch=is_sqlite,  # SQLite alters a table by copying it
                compare_type=True,
                include_name=partial(is_declared, db.metadata),
                transactional_ddl=True,  # SQLite can; a migration that fails leaves nothing behind
            )
            with context.begin_transaction():
                context.run_migrations()
                if is_sqlite:
                    _refuse_lost_rows(connection)
    finally:
        engine.dispose()


run()
