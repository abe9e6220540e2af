"""The command line: one file a command group."""

from __future__ import annotations

import click

from dashboard.cli.db import db_commands
from dashboard.cli.doctor import doctor
from dashboard.cli.history import history
from dashboard.cli.products import products
from dashboard.cli.serve import serve
from dashboard.cli.sessions import sessions
from dashboard.cli.users import users


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """A staff console for products and people."""


for command in (serve, users, products, history, sessions, db_commands, doctor):
    main.add_command(command)
