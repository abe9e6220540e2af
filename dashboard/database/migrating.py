"""Bringing a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from dashboard.database.url import sqlite_path

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def upgrade(database_url: str) -> None:
    """Bring the database at `database_url` to the newest schema, making the folder of an embedded one.

    Raises `sqlalchemy.exc.OperationalError` where the database cannot be opened or written.
    """
    if file := sqlite_path(database_url):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = Config()
    # Doubled, for Alembic reads %(name)s as a reference to another setting.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = database_url
    command.upgrade(config, "head")
