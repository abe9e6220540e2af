"""Commands for products."""

from __future__ import annotations

from typing import TextIO

import click
from werkzeug.datastructures import MultiDict

from dashboard.admin.products import ProductView
from dashboard.cli.environment import application
from dashboard.extensions import db
from dashboard.listing.export import csv_lines
from dashboard.listing.state import read_state


@click.group()
def products() -> None:
    """Look after products."""


@products.command()
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False))
def export(file: TextIO) -> None:
    """Write every product to FILE as CSV, the same as the console's export; ``-`` is standard output."""
    with application():
        listing = ProductView.listing
        lines = -1  # the header is no product
        for line in csv_lines(db.session, listing, read_state(listing, MultiDict())):
            file.write(line)
            lines += 1
    click.echo(f"{lines:,} products written.", err=True)
