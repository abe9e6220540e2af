"""Commands for products."""

from __future__ import annotations

from typing import Any

import click

from dashboard.cli.exporting import export_file, export_options
from dashboard.cli.importing import import_file, import_options

KIND = "products"


@click.group()
def products() -> None:
    """Look after products."""


@products.command()
@export_options
def export(file: str, bom: bool, email: str | None) -> None:
    """Write every product to FILE, the same as the console's export; ``-`` is standard output."""
    export_file(KIND, file, bom=bom, email=email)


@products.command("import")
@import_options
def import_command(**options: Any) -> None:
    """Import the rows of FILE as products: all of them, or no row.

    Exits with 0 only if every row went in. Refused rows go to a file beside FILE, with their reasons.
    """
    import_file(KIND, **options)
