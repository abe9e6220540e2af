"""Commands for the trash."""

from __future__ import annotations

from collections.abc import Iterator

import click

from dashboard.cli.environment import application
from dashboard.trash.sweeping import sweep, trash_days
from dashboard.words import counted


@click.group()
def trash() -> None:
    """Look after the trash."""


@trash.command("purge")
def purge_command() -> None:
    """Permanently delete what was in the trash for longer than DASHBOARD_TRASH_DAYS."""
    with application():
        days = trash_days()
        number = sum(all_swept(days))
    if days:
        click.echo(f"{counted(number, 'record')} permanently deleted.")
    else:
        click.echo("Nothing was deleted: DASHBOARD_TRASH_DAYS is 0, which keeps the trash for ever.")


def all_swept(days: int) -> Iterator[int]:
    """Sweep until nothing is left; yields the number that each step deleted and saved."""
    while number := sweep(days):
        yield number
