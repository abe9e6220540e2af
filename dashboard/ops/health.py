"""Health checks: whether the process is alive, and whether it can do its work."""

from __future__ import annotations

from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from dashboard.accounts.models import User
from dashboard.extensions import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether the database answers with a migrated schema: 200, or 503."""
    try:
        db.session.execute(select(User.id).limit(1))
    except DBAPIError:
        return jsonify(status="unavailable", database="unavailable"), 503
    return jsonify(status="ok", database="ok")


def init_health(app: Flask) -> None:
    """Register the health checks."""
    app.register_blueprint(bp)
