"""Commands for the database."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard.cli.arguments import Text
from dashboard.cli.environment import build, context_of, migrate, read_settings
from dashboard.cli.search_index import chosen, folder_for, planned_index, refuse_unneeded, write_migration
from dashboard.database.migrating import more_migrations
from dashboard.extensions import db
from dashboard.plugins import parts_with
from dashboard.registry import registry

KIND_LENGTH = 130  # characters: the names of a schema and of a table, and the dot between them


@click.group("db")
def db_commands() -> None:
    """Look after the database."""


@db_commands.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the newest schema."""
    migrate(build(read_settings()))
    click.echo("The database is up to date.")


@db_commands.command("index")
@click.argument("kind", type=Text(KIND_LENGTH))
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="The folder of migrations.")
def index_command(kind: str, folder: Path | None) -> None:
    """Write the migration that adds the search index of KIND, such as suppliers."""
    with context_of(build(read_settings())) as app:
        record = chosen(kind, [*registry()])
        index, folders = planned_index(record), more_migrations(app)
        place = folder_for(record.kind, parts_with(app, record.kind), folder)
        again = refuse_unneeded(index, db.session.connection(), folders)
        file = write_migration(index, place, folders, again=again)
    click.echo(f"The migration is in {file}.")
    if place.resolve() not in [each.resolve() for each in folders]:
        click.echo(f"Name its folder in the plug-in: console.migrations({str(place)!r})")
    click.echo("Add the index: dashboard db upgrade")
