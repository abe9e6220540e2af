"""The command line: one file a command group."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import click

from dashboard.cli.db import db_commands
from dashboard.cli.doctor import doctor
from dashboard.cli.exporting import export_command
from dashboard.cli.files import files_commands
from dashboard.cli.history import history
from dashboard.cli.importing import import_command
from dashboard.cli.jobs import jobs
from dashboard.cli.mail import mail_commands
from dashboard.cli.new import new
from dashboard.cli.plugins import Commands
from dashboard.cli.products import products
from dashboard.cli.serve import serve
from dashboard.cli.sessions import sessions
from dashboard.cli.trash import trash
from dashboard.cli.users import users
from dashboard.cli.worker import worker
from dashboard.private_files import UMASK


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """A staff console for products and people."""
    context.call_on_close(partial(os.umask, os.umask(UMASK)))


def run() -> None:
    """Run the command; plug-ins are also found in the folder that it runs in, as by ``python -m``."""
    sys.path.append(str(Path.cwd()))
    main()


COMMANDS = (
    serve,
    users,
    products,
    import_command,
    export_command,
    history,
    trash,
    sessions,
    jobs,
    worker,
    files_commands,
    db_commands,
    doctor,
    new,
    mail_commands,
)
for command in COMMANDS:
    main.add_command(command)
