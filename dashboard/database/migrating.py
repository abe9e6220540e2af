"""Brings a database to the newest schema."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from traceback import extract_tb

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from dashboard.database.url import sqlite_path

MIGRATIONS = Path(__file__).parent.parent / "migrations"
VERSIONS = MIGRATIONS / "versions"
MORE = "migrations"
"""The key in `app.extensions` of the folders with further migrations."""


class MigrationError(Exception):
    """A migration raised an error that is not the database's; `__cause__` is the error."""

    def __init__(self, error: Exception) -> None:
        frames = [frame.filename for frame in extract_tb(error.__traceback__)]
        place = next((Path(name).name for name in reversed(frames) if name.endswith(".py")), "")
        super().__init__(f"{place}: {type(error).__name__}: {error}")


def add_migrations(app: Flask, folder: Path) -> None:
    """Let upgrades of the database of `app` include the migrations in `folder`.

    Raises ValueError if the folder does not exist or if a revision has the number of another.
    """
    if not folder.is_dir():
        raise ValueError(f"There is no folder of migrations at {folder}.")
    known = {number for each in (VERSIONS, *more_migrations(app)) for number in _numbers(each)}
    if taken := sorted(known & _numbers(folder)):
        raise ValueError(f"The revision {taken[0]} is taken. Begin the numbers of a plug-in with its name.")
    app.extensions.setdefault(MORE, []).append(folder)


def more_migrations(app: Flask) -> list[Path]:
    """The folders of migrations that plug-ins added to `app`."""
    found: list[Path] = app.extensions.get(MORE, [])
    return found


def _numbers(folder: Path) -> set[str]:
    script = ScriptDirectory(str(MIGRATIONS), version_locations=[str(folder)])
    return {each.revision for each in script.walk_revisions()}


def scripts(folders: Sequence[Path] = ()) -> ScriptDirectory:
    """The migrations of the console and those in `folders`."""
    return ScriptDirectory(str(MIGRATIONS), version_locations=[str(VERSIONS), *map(str, folders)])


def revisions_of(connection: Connection) -> set[str]:
    """The revisions that a database has."""
    return {*MigrationContext.configure(connection).get_current_heads()}


def unknown_revisions(present: Iterable[str], folders: Sequence[Path] = ()) -> list[str]:
    """Those of the revisions `present` in a database that no migration has, neither ours nor in `folders`."""
    return sorted({*present} - {each.revision for each in scripts(folders).walk_revisions()})


def is_newest(present: Iterable[str], folders: Sequence[Path] = ()) -> bool:
    """Whether a database that has the revisions `present` needs no upgrade."""
    return {*present} == {*scripts(folders).get_heads()}


def upgrade(database_url: str, folders: Sequence[Path] = ()) -> None:
    """Bring the database at `database_url` to the newest schema, making the folder of an embedded one.

    The migrations in `folders` are separate branches. Raises `sqlalchemy.exc.OperationalError` if the
    database cannot be opened or written, and `MigrationError` for any other error of a migration.
    """
    if file := sqlite_path(database_url):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = Config()
    # Doubled, for Alembic reads %(name)s as a reference to another setting.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    locations = map(str, (VERSIONS, *folders))
    config.set_main_option("version_locations", "\n".join(locations).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["url"] = database_url
    try:
        command.upgrade(config, "heads")
    except (CommandError, DBAPIError):
        raise
    except Exception as error:
        raise MigrationError(error) from error
