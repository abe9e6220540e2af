"""A console for the tests of a plug-in, and who is logged in to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from dashboard.accounts import passwords
from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.database.migrating import more_migrations, upgrade
from dashboard.extensions import db
from dashboard.testing.clients import Client, log_in
from dashboard.testing.passwords import CHEAP_HASHER
from dashboard.testing.sqlite import wait_for_no_disk

SECRET_KEY = "3f9c1b7d5e2a48603f9c1b7d5e2a4860"


@contextmanager
def console_for_tests(
    folder: Path, *plugins: ModuleType, environment: Mapping[str, str] | None = None
) -> Iterator[Flask]:
    """Yield a console with `plugins` over a new SQLite file in `folder`, upgraded by their migrations.

    `environment` has the settings of the plug-ins. Raises SettingsError where a plug-in cannot be used.
    """
    url = f"sqlite:///{folder}/console.sqlite3"
    settings = Settings(
        secret_key=SECRET_KEY, database_url=url, instance=folder, environment=environment or {}
    )
    app = create_app(settings, plugins)
    upgrade(url, more_migrations(app))
    usual, passwords.hasher = passwords.hasher, CHEAP_HASHER
    with app.app_context():
        event.listen(db.engine, "connect", wait_for_no_disk)
    try:
        yield app
    finally:
        passwords.hasher = usual
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def store(app: Flask, *records: Any) -> None:
    """Store records, to arrange a test."""
    with app.app_context():
        db.session.add_all(records)
        db.session.commit()


def client_as(app: Flask, role: str | None) -> FlaskClient:
    """A client that is logged in as a user with a role; with None it is logged out."""
    client = Client(app, app.response_class)
    if role is not None:
        log_in(client, role)
    return client
