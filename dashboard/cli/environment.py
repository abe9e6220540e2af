"""What every command needs: the settings and the application, or one clear line and a non-zero exit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from alembic.util import CommandError
from flask import Flask
from sqlalchemy.exc import DBAPIError

from dashboard.config import Settings, SettingsError
from dashboard.database.migrating import upgrade
from dashboard.database.url import shown, sqlite_path
from dashboard.extensions import db
from dashboard.log_lines import escaped
from dashboard.private_files import tighten


def read_settings() -> Settings:
    """The settings of the environment; ends the command with a line for each that makes no sense."""
    try:
        return Settings.from_environment(os.environ)
    except SettingsError as error:
        raise click.ClickException("\n       ".join(error.lines)) from error


def is_embedded(settings: Settings) -> bool:
    """Whether the database is SQLite, which the commands migrate by themselves."""
    return sqlite_path(settings.database_url) is not None


def migrate(settings: Settings) -> None:
    """Bring the database to the newest schema, private; ends the command with one line where that fails."""
    tighten(settings.instance, sqlite_path(settings.database_url))
    with database_faults_in_words(settings):
        upgrade(settings.database_url)


@contextmanager
def database_faults_in_words(settings: Settings) -> Iterator[None]:
    """Turn a database that is locked, missing or not writable into one line naming it."""
    place = shown(settings.database_url)
    try:
        yield
    except DBAPIError as error:
        raise click.ClickException(f"The database {place} cannot be used: {one_line(error.orig)}") from error
    except CommandError as error:
        raise click.ClickException(
            f"The database {place} is not of this version: {one_line(error)}"
        ) from error
    except OSError as error:
        raise click.ClickException(f"The database {place} cannot be used: {error.strerror}") from error


def one_line(error: object) -> str:
    """The words of an error in one line; PostgreSQL's driver gives advice on lines of its own."""
    return escaped(" ".join(str(error).split()))


@contextmanager
def application() -> Iterator[Flask]:
    """The application over a migrated embedded database, with its context pushed."""
    from dashboard.app import create_app

    settings = read_settings()
    if is_embedded(settings):
        migrate(settings)
    with database_faults_in_words(settings):
        app = create_app(settings)
        with app.app_context():
            db.session.connection()  # a database that is away is told before anything else is said
            yield app
