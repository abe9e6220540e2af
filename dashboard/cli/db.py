"""Commands for the database."""

from __future__ import annotations

import click

from dashboard.cli.environment import build, migrate, read_settings


@click.group("db")
def db_commands() -> None:
    """Look after the database."""


@db_commands.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the newest schema."""
    migrate(build(read_settings()))
    click.echo("The database is up to date.")
