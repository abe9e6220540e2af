"""The settings and the application for every command, or one clear line and a non-zero exit."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
from alembic.util import CommandError
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from dashboard.config import Settings
from dashboard.database.migrating import (
    MigrationError,
    is_newest,
    more_migrations,
    revisions_of,
    upgrade,
)
from dashboard.database.url import shown, sqlite_path
from dashboard.extensions import db
from dashboard.log_lines import escaped
from dashboard.plugins import are_there
from dashboard.private_files import tighten
from dashboard.registry import registry
from dashboard.variables import PREFIX, SettingsError

TAKEN_TABLE = re.compile(r'(?:table|relation) "?(\w+)"? already exists')
"""The error of SQLite and PostgreSQL where a migration makes a table that is there."""


def read_settings() -> Settings:
    """Return the settings of the environment; ends the command with a line for each invalid one."""
    with settings_faults_in_words():
        return Settings.from_environment(os.environ)


@contextmanager
def settings_faults_in_words() -> Iterator[None]:
    """End the command with a line for each invalid setting."""
    try:
        yield
    except SettingsError as error:
        raise click.ClickException("\n       ".join(error.lines)) from error


def has_plugins() -> bool:
    """Whether a plug-in is installed, or named by a setting that may be invalid."""
    return are_there(bool(os.environ.get(f"{PREFIX}PLUGINS", "").strip()))


def is_embedded(settings: Settings) -> bool:
    """Whether the database is SQLite, which the commands migrate by themselves."""
    return sqlite_path(settings.database_url) is not None


def build(settings: Settings) -> Flask:
    """Return the application; ends the command with one line if a plug-in cannot be used."""
    from dashboard.app import create_app

    with settings_faults_in_words():
        return create_app(settings)


def migrate(app: Flask) -> None:
    """Upgrade the database and make its files private; ends the command with one line if that fails."""
    settings: Settings = app.extensions["settings"]
    tighten(settings.instance, sqlite_path(settings.database_url))
    with database_faults_in_words(settings):
        upgrade(settings.database_url, more_migrations(app))


def missing_table(app: Flask) -> str | None:
    """Say which table of a registered record the database lacks, and what to do; None if all exist."""
    there = inspect(db.engine)
    tables = (inspect(record.model).local_table for record in registry())
    missing = next((str(table) for table in tables if not there.has_table(table.name, table.schema)), None)
    if missing is None:
        return None
    with db.engine.connect() as connection:
        present = revisions_of(connection)
    if is_newest(present, more_migrations(app)):
        return f"no table {missing}, and no migration makes it; its plug-in has to add one"
    return f"no table {missing}; run: dashboard db upgrade"


@contextmanager
def database_faults_in_words(settings: Settings) -> Iterator[None]:
    """Turn a database that is locked, missing or not writable into one line naming it."""
    place = shown(settings.database_url)
    try:
        yield
    except DBAPIError as error:
        told = _taken_table(error) or f"cannot be used: {one_line(error.orig)}"
        raise click.ClickException(f"The database {place} {told}") from error
    except CommandError as error:
        raise click.ClickException(f"The database {place} {_fault_of_revision(error)}") from error
    except MigrationError as error:
        raise click.ClickException(f"The database {place} was not upgraded: {one_line(error)}") from error
    except OSError as error:
        raise click.ClickException(f"The database {place} cannot be used: {error.strerror}") from error


def _taken_table(error: DBAPIError) -> str | None:
    """Say which table of the console another program has made; None for any other error."""
    found = TAKEN_TABLE.match(str(error.orig))
    if found is None:
        return None
    return (
        f"was not upgraded: it has a table {found[1]} already, which is not the console's. Rename it, or "
        "give the console a schema or a database of its own."
    )


def of_another_version(revisions: Sequence[str]) -> str:
    """Say that a database has these revisions, which no migration has."""
    return (
        f"has migrations of a newer version, or of a plug-in that is not loaded: {', '.join(revisions)}. "
        "Start that version, or name the plug-in in DASHBOARD_PLUGINS."
    )


def _fault_of_revision(error: CommandError) -> str:
    unknown = re.search(r"Can't locate revision identified by '([^']+)'", str(error))
    return of_another_version([unknown[1]]) if unknown else f"is not of this version: {one_line(error)}"


def one_line(error: object) -> str:
    """The words of an error in one line; PostgreSQL's driver gives advice on lines of its own."""
    return escaped(" ".join(str(error).split()))


@contextmanager
def application() -> Iterator[Flask]:
    """The application over a migrated embedded database, with its context pushed."""
    with context_of(build(read_settings())) as app:
        yield app


@contextmanager
def context_of(app: Flask) -> Iterator[Flask]:
    """Push the context of `app`, whose database is migrated first if it is embedded."""
    settings: Settings = app.extensions["settings"]
    if is_embedded(settings):
        migrate(app)
    with database_faults_in_words(settings), app.app_context():
        try:
            db.session.connection()  # reports a database that is away before the command prints anything
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()  # a program that runs a command may live on
