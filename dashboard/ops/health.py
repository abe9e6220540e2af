"""Health checks: whether the process is alive, and whether it can do its work."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from math import inf
from time import monotonic

from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError

from dashboard.accounts.models import User
from dashboard.database.engine import CACHE_KIB
from dashboard.database.errors import Outage, outage_of
from dashboard.database.transactions import brief_write
from dashboard.extensions import db
from dashboard.web.assets import STYLE_SHEET
from dashboard.web.slots import Busy, Slots

OK = "ok"
WRITE_EVERY_SECONDS = 1.0
WRITE_BYTES = 128 * 1024
"""An index holds it too, so that 250 kB are written. A new product with its history takes half of that."""
ENLARGE = text("UPDATE alembic_version SET version_num = zeroblob(:bytes)")
WAIT_SECONDS = 1.0
"""How long a check waits for the one before it: checks of a database that hangs must not use up threads."""

bp = Blueprint("health", __name__)
log = logging.getLogger(__name__)


class Readiness:
    """Checks each part that pages need: "ok", or the fault of the part."""

    def __init__(self) -> None:
        self._one = Slots(1, WAIT_SECONDS)
        self._written_at = -inf
        self._refusal: Outage | None = None
        self._told: dict[str, str] = {}

    def check(self) -> dict[str, str]:
        """Check every part; log the result when it differs from the last one."""
        parts = {"assets": _assets(), "database": self._database()}
        if parts != self._told:
            level = logging.INFO if is_ready(parts) else logging.ERROR
            log.log(level, "Whether the console is ready for work: %s", parts)
        self._told = parts
        return parts

    def _database(self) -> str:
        try:
            with self._one:
                db.session.execute(select(User.id).limit(1))
                db.session.rollback()
                return str(self._write_refused() or OK)
        except Busy:
            return "no answer"
        except DBAPIError as error:
            return str(outage_of(error) or "unavailable")

    def _write_refused(self) -> Outage | None:
        if monotonic() - self._written_at >= WRITE_EVERY_SECONDS:
            self._refusal = _refusal(db.engine)
            self._written_at = monotonic()
        return self._refusal


def is_ready(parts: Mapping[str, str]) -> bool:
    """Whether every part works."""
    return set(parts.values()) == {OK}


def _assets() -> str:
    return OK if current_app.extensions["assets"].serves(STYLE_SHEET) else "missing"


def _refusal(engine: Engine) -> Outage | None:
    """Return the outage that prevents writing, or None; a lock of another connection is no outage here."""
    try:
        with brief_write(engine) as connection:
            _write_and_forget(connection)
    except DBAPIError as error:
        outage = outage_of(error)
        if outage is None:
            raise
        return None if outage is Outage.BUSY else outage
    return None


def _write_and_forget(connection: Connection) -> None:
    """Write more than an edit and its history do, and roll it back; raises DBAPIError if that fails."""
    if connection.dialect.name == "sqlite":
        # With a cache of one page, the other pages go to the disk now instead of at a commit.
        connection.exec_driver_sql("PRAGMA cache_size=1")
        try:
            connection.execute(ENLARGE, {"bytes": WRITE_BYTES})
        finally:
            if not connection.invalidated:  # a read-only one is closed already
                connection.exec_driver_sql(f"PRAGMA cache_size={-CACHE_KIB}")
    else:  # a read-only server refuses this, and it leaves no dead row for each check
        connection.exec_driver_sql("DELETE FROM alembic_version WHERE false")
    if transaction := connection.get_transaction():
        transaction.rollback()


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status=OK)


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether pages can be drawn, read and saved: 200, or 503 with the part that failed."""
    parts = current_app.extensions["readiness"].check()
    if is_ready(parts):
        return jsonify(status=OK, **parts)
    return jsonify(status="unavailable", **parts), 503


def init_health(app: Flask) -> None:
    """Register the health checks."""
    app.extensions["readiness"] = Readiness()
    app.register_blueprint(bp)
