"""Commands for products."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click
from werkzeug.datastructures import MultiDict

from dashboard.admin.products import ProductView
from dashboard.cli.arguments import not_empty
from dashboard.cli.environment import application
from dashboard.extensions import db
from dashboard.listing.export import csv_lines
from dashboard.listing.state import read_state


@click.group()
def products() -> None:
    """Look after products."""


@products.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, allow_dash=True), callback=not_empty)
def export(file: str) -> None:
    """Write every product to FILE as CSV, the same as the console's export; ``-`` is standard output."""
    with application():
        try:
            with click.open_file(file, "w", encoding="utf-8", atomic=is_replaceable(file)) as output:
                lines = write_lines(output)
        except OSError as error:
            raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{lines:,} products written.", err=True)


def is_replaceable(file: str) -> bool:
    """Whether FILE is written beside and then put in place, so that a fault leaves yesterday's as it was.

    A device or a pipe must be written to as it is; replacing it would take it away.
    """
    return file != "-" and (not Path(file).exists() or Path(file).is_file())


def write_lines(output: IO[str]) -> int:
    """Write the header and a line for each product; returns the number of products."""
    listing = ProductView.listing
    lines = -1  # the header is no product
    for line in csv_lines(db.session, listing, read_state(listing, MultiDict())):
        output.write(line)
        lines += 1
    return lines
