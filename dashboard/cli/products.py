"""Commands for products."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click
from werkzeug.datastructures import MultiDict

from dashboard.admin.screens.products import ProductView
from dashboard.cli.arguments import not_empty
from dashboard.cli.environment import application
from dashboard.cli.replacing import output_to
from dashboard.config import Settings
from dashboard.database.url import sqlite_path
from dashboard.extensions import db
from dashboard.listing.export import csv_lines
from dashboard.listing.state import read_state
from dashboard.log_lines import escaped
from dashboard.private_files import private_files
from dashboard.sheets.csv_text import BOM
from dashboard.words import counted


@click.group()
def products() -> None:
    """Look after products."""


@products.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, allow_dash=True), callback=not_empty)
@click.option("--bom", is_flag=True, help="Begin with a byte order mark, for Excel.")
def export(file: str, bom: bool) -> None:
    """Write every product to FILE as CSV, the same as the console's export; ``-`` is standard output."""
    with application() as app:
        refuse_own_file(file, app.extensions["settings"])
        try:
            with click.open_file("-", "w", encoding="utf-8") if file == "-" else output_to(file) as output:
                output.write(BOM if bom else "")
                lines = write_lines(output)
        except OSError as error:
            raise click.ClickException(f"{escaped(file)} cannot be written: {error.strerror}") from error
    click.echo(f"{counted(lines, 'product')} written.", err=True)


def refuse_own_file(file: str, settings: Settings) -> None:
    """End the command with one line if FILE is the console's database or key."""
    own = private_files(settings.instance, sqlite_path(settings.database_url))
    if Path(file).exists() and any(Path(file).samefile(each) for each in own):
        raise click.ClickException(f"{escaped(file)} belongs to the console. Choose another file.")


def write_lines(output: IO[str]) -> int:
    """Write the header and a line for each product; return the number of products."""
    listing = ProductView.listing
    lines = -1  # the header is not a product
    for line in csv_lines(db.session, listing, read_state(listing, MultiDict())):
        output.write(line)
        lines += 1
    return lines
