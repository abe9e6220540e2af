"""A check of the installation, one line for each part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError

from dashboard.accounts.authenticator.flows import number_outdated
from dashboard.catalogue.lookalikes import categories_alike
from dashboard.catalogue.models import Product
from dashboard.catalogue.skus import clashing
from dashboard.cli.environment import build, missing_table, of_another_version, one_line, read_settings
from dashboard.cli.login_checks import passkeys_told, provider_checked
from dashboard.cli.search_warnings import search_warnings
from dashboard.config import Settings
from dashboard.database.migrating import is_newest, more_migrations, revisions_of, unknown_revisions
from dashboard.database.url import shown, sqlite_path
from dashboard.extensions import db
from dashboard.files.store import files_store
from dashboard.files.trial import store_fault
from dashboard.log_lines import escaped
from dashboard.mail.outbox import number_not_sent
from dashboard.mail.smtp import NotSent, try_server
from dashboard.number_form import number_words
from dashboard.plugin_settings import settings_told
from dashboard.private_files import exposed_files
from dashboard.registry import registry
from dashboard.words import counted

NAMED = 10
OLDER_KEY = "warn  second factors: {} under an older key; run: dashboard users encrypt-factors"
KEY_GONE = (
    "FAIL  second factors: {} under a key that is gone, so no code can be checked; add it to the older keys "
    "again, or reset the second factors"
)
NOT_MIGRATED = "not migrated; run: dashboard db upgrade"


@click.command()
def doctor() -> None:
    """Check configuration and database; exits 1 if something needs mending."""
    settings = read_settings()
    app = build(settings)
    click.echo(f"ok    configuration: {settings.env}, registration {settings.registration}")
    for line in settings_told(app):
        click.echo(f"ok    setting: {line}")
    fault = database_fault(settings, more_migrations(app)) or table_fault(app)
    place = shown(settings.database_url)
    click.echo(f"{'FAIL' if fault else 'ok  '}  database: {place}{': ' + fault if fault else ''}")
    exposed = exposed_files(settings.instance, sqlite_path(settings.database_url))
    for file in exposed:
        name = escaped(str(file))
        click.echo(f"FAIL  privacy: any user of this machine can read or write {name}; run: chmod o= on it")
    unstored = _tell_of_files(app) if not (fault or exposed) else None
    unreachable = mail_fault(settings)
    if settings.mail:
        told = f": {unreachable}" if unreachable else f", from {settings.mail.sender}"
        click.echo(f"{'FAIL' if unreachable else 'ok  '}  mail: {settings.mail}{told}")
    provider_fault = _tell_of_provider(app)
    if fault or exposed:
        raise SystemExit(1)
    if passkeys := passkeys_told(app):
        works, line = passkeys
        click.echo(f"{'ok  ' if works else 'warn'}  {line}")
    unreadable = _tell_of_seeds(app)
    warnings = (warnings_of_searches, warnings_of_mail)
    for warning in [*catalogue_warnings(settings), *(line for warn in warnings for line in warn(app))]:
        click.echo(f"warn  {warning}")
    if unstored or unreachable or provider_fault or unreadable:
        raise SystemExit(1)


def _tell_of_files(app: Flask) -> str | None:
    """Print the line about the store of files; returns what is wrong."""
    with app.app_context():
        store = files_store()
    fault = store_fault(store)
    told = f": {one_line(fault)}" if fault else ""
    click.echo(f"{'FAIL' if fault else 'ok  '}  files: {escaped(str(store))}{told}")
    return fault


def _tell_of_provider(app: Flask) -> str:
    """Print the line about single sign-on, if it is on; returns what is wrong."""
    line, fault = provider_checked(app) or ("", "")
    if line:
        click.echo(f"{'FAIL' if fault else 'ok  '}  {line}{': ' + fault if fault else ''}")
    return fault


def _tell_of_seeds(app: Flask) -> int:
    """Print how many seeds need an older key, or one that is gone; returns the number of the latter."""
    with app.app_context():
        older, gone = number_outdated()
        db.session.remove()
        db.engine.dispose()
    for number, line in ((older, OLDER_KEY), (gone, KEY_GONE)):
        if number:
            click.echo(line.format(counted(number, "seed")))
    return gone


def mail_fault(settings: Settings) -> str | None:
    """Say why the mail server cannot be used; None if it can, or if there is no such server."""
    try:
        if settings.mail:
            try_server(settings.mail)
    except NotSent as error:
        return str(error)
    return None


def warnings_of_mail(app: Flask) -> list[str]:
    """Warn of mails that could not be sent."""
    with app.app_context():
        number = number_not_sent()
        db.session.remove()
        db.engine.dispose()
    return (
        [f"mail: {counted(number, 'mail')} could not be sent; see Unsent mail in the console"]
        if number
        else []
    )


def warnings_of_searches(app: Flask) -> list[str]:
    """Warn of search indexes that are missing or behind."""
    with app.app_context():
        with db.engine.connect() as connection:
            found = [*search_warnings(registry(), connection)]
        db.engine.dispose()
    return found


def table_fault(app: Flask) -> str | None:
    """Name a table of the registered records that the database lacks, in words; None if all exist."""
    with app.app_context():
        missing = missing_table(app)
        db.engine.dispose()
    return f"it has {missing}" if missing else None


def catalogue_warnings(settings: Settings) -> list[str]:
    """Warn of stored SKUs and names that are no longer accepted; only a user can correct them."""
    engine = create_engine(settings.database_url)
    with engine.connect() as connection:
        ids = clashing().subquery()
        its = select(Product.sku).where(Product.id.in_(select(ids.c[0]))).order_by(Product.sku_key)
        skus = connection.scalars(its).all()
        alike = [
            " and ".join(f"“{escaped(name)}”" for name in names) for names in categories_alike(connection)
        ]
    engine.dispose()
    return [
        *([f"products: SKUs that differ in case only: {in_short(skus)}"] if skus else []),
        *([f"categories: names that look the same: {in_short(alike)}"] if alike else []),
    ]


def in_short(names: Sequence[str]) -> str:
    """The first of several names, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {number_words(more)} more" if more > 0 else "")


def database_fault(settings: Settings, folders: Sequence[Path] = ()) -> str | None:
    """Say why the database cannot be used, or return None."""
    try:
        if file := sqlite_path(settings.database_url):
            file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return NOT_MIGRATED  # connecting would make an empty file
    except OSError as error:
        return one_line(error.strerror)
    engine = create_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            present = revisions_of(connection)
    except DBAPIError as error:
        return one_line(error.orig)
    finally:
        engine.dispose()
    if unknown := unknown_revisions(present, folders):
        return of_another_version(unknown)
    return None if is_newest(present, folders) else NOT_MIGRATED
