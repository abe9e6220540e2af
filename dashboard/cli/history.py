"""Commands for the history."""

from __future__ import annotations

import click

from dashboard.cli.arguments import Text, read_seal
from dashboard.cli.environment import application
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.number_form import number_words
from dashboard.words import counted

FAULTS_SHOWN = 20
SEAL_LENGTH = 100  # its number, a colon and 64 digits


@click.group()
def history() -> None:
    """Look after the history of every change."""


@history.command("verify")
@click.option(
    "--head",
    type=Text(SEAL_LENGTH),
    callback=read_seal,
    help="The last seal that an earlier run printed; it must still be there.",
)
def verify_command(head: str | None) -> None:
    """Check that the history is unchanged; print a line for each fault and exit 1 if it is not."""
    with application():
        verdict = verify(db.session, noted=head)
    for fault in verdict.faults[:FAULTS_SHOWN]:
        click.echo(fault, err=True)
    if verdict.faults:
        raise click.ClickException(f"The history was tampered with: {counted(len(verdict.faults), 'fault')}.")
    click.echo(
        f"The history is unchanged: {counted(verdict.sets, 'change set')} with "
        f"{counted(verdict.changes, 'change')}, {number_words(verdict.erased)} erased."
    )
    click.echo(f"The last seal is {verdict.head or 'none'}")
