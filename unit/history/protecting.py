"""The protected tables, and the message of the refusal."""

from typing import Any

from sqlalchemy import text

from dashboard.extensions import db

REFUSAL = "the history cannot be changed"

TABLES = ("change_sets", "changes", "change_seals")


def everything() -> list[Any]:
    """Every row of the ledger."""
    return [db.session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all() for table in TABLES]
