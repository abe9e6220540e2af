"""The extensions, not bound to an application; ``app.py`` does that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, current_app, has_request_context, request
from flask_compress import Compress
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine

from dashboard.database.base import Base
from dashboard.database.engine import configure_engine
from dashboard.database.sqlite_file import DatabaseFile
from dashboard.database.transactions import READS, TRANSACTION, refuse_commit

READING = "reading_engine"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RequestSession(Session):
    """A session that opens no transaction on PostgreSQL for a request that only reads.

    In either case each statement sees the data that is stored when it begins; beginning and ending a
    transaction takes as long as two statements of a page. Writing requires `begin_write`.
    """

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """Return the engine of a statement; see `sqlalchemy.orm.Session.get_bind`."""
        reading = current_app.extensions.get(READING) if self._reads() else None
        return reading or super().get_bind(*args, **kwargs)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write the changes; raises RuntimeError in a request that only reads."""
        if self._reads() and (self.new or self.dirty or self.deleted):
            raise RuntimeError("A request that reads has to begin_write before it changes something.")
        super().flush(objects)

    def commit(self) -> None:
        """Commit; raises CommitError within a change that is committed as a whole."""
        refuse_commit(self)
        super().commit()

    def _reads(self) -> bool:
        return has_request_context() and request.method in SAFE_METHODS and TRANSACTION not in self.info


db = SQLAlchemy(model_class=Base, session_options={"class_": RequestSession})
login_manager = LoginManager()
csrf = CSRFProtect()
compress = Compress()


def init_database(app: Flask) -> None:
    """Bind the database and prepare its engine before the first connection."""
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
        if db.engine.dialect.name == "sqlite":
            DatabaseFile(str(db.engine.url.database)).watch(db.engine)
        elif db.engine.dialect.name == "postgresql":
            app.extensions[READING] = db.engine.execution_options(**{READS: True})
