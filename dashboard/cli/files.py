"""Commands for the files of records."""

from __future__ import annotations

import re

import click

from dashboard.cli.arguments import Text
from dashboard.cli.environment import build, one_line, read_settings
from dashboard.cli.following import bar
from dashboard.files.moving import Moved, different_files, move_files, overlap
from dashboard.files.store import FOLDER, Store, StoreAway
from dashboard.files.trial import cause_of
from dashboard.log_lines import escaped
from dashboard.number_form import number_words
from dashboard.store_address import place_of, store_url_fault
from dashboard.variables import PREFIX, VALUE_LENGTH
from dashboard.words import counted

KEYS = re.compile(r"(?<=://)[^/@]*(?=@)")
SAME = "URL is the store in use, or in it. Nothing was copied."


@click.group("files")
def files_commands() -> None:
    """Look after the files of records."""


@files_commands.command("move")
@click.argument("url", type=Text(VALUE_LENGTH))
def move_command(url: str) -> None:
    """Copy every file from the store in use to the one at URL; nothing is deleted.

    It can be interrupted and started again.
    """
    if fault := store_url_fault(url):
        raise click.ClickException(f"URL {fault}")
    settings = read_settings()
    build(settings)  # which sets up the log
    usual = settings.instance / FOLDER
    if overlap(place_of(settings.files.url, usual), place_of(url, usual)):
        raise click.ClickException(SAME)
    source, target = Store.of(settings.files.url, usual), Store.of(url, usual)
    try:
        moved = _move(source, target)
        different = different_files(source, target)
    except StoreAway as away:
        cause = one_line(cause_of(away))
        raise click.ClickException(f"Not all files were copied: {cause}. Run it again to go on.") from away
    click.echo(
        f"{counted(moved.copied, 'file')} copied, {number_words(moved.there)} there already.", err=True
    )
    if different:
        raise click.ClickException(f"{counted(len(different), 'file')} changed while it ran. Run it again.")
    click.echo(f"Now set {PREFIX}FILES_URL={escaped(KEYS.sub('…', url))} and restart.")
    click.echo(f"The files in {escaped(str(source))} are still there.")


def _move(source: Store, target: Store) -> Moved:
    with bar() as progress:
        task = progress.add_task("Copying", total=None)
        return move_files(
            source, target, lambda done, total: progress.update(task, completed=done, total=total)
        )
