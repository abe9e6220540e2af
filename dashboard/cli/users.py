"""Commands for accounts."""

from __future__ import annotations

import sys

import click
from flask import current_app

from dashboard.accounts.flows import create_account
from dashboard.accounts.models import EMAIL_LENGTH, NAME_LENGTH
from dashboard.accounts.passwords import MAXIMUM_LENGTH, password_fault
from dashboard.bounds import TRIMMED
from dashboard.cli.arguments import Text
from dashboard.cli.environment import application
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.refusal import Refusal

LINE_BYTES = 4 * TRIMMED * MAXIMUM_LENGTH + len("\r\n")  # a character has up to four in UTF-8


@click.group()
def users() -> None:
    """Look after accounts."""


@users.command()
@click.argument("email", type=Text(EMAIL_LENGTH))
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), required=True, help="The role of the account."
)
@click.option("--name", default="", type=Text(NAME_LENGTH, may_be_empty=True), help="The person's name.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Make an account; asks for the password twice on a terminal."""
    with application():
        password = ask_password(password_stdin)
        minimum = current_app.extensions["settings"].password_min_length
        if fault := password_fault(password, minimum=minimum, email=email, name=name):
            raise click.ClickException(fault)
        try:
            user = create_account(
                email, password, role=role, name=name, begin=lambda: begin_write(db.session)
            )
        except Refusal as error:
            raise click.ClickException(str(error)) from error
        db.session.commit()
        click.echo(f"Account {user.email} created with the role {user.role}.")


def ask_password(from_stdin: bool) -> str:
    """The password: the first line of standard input, or typed twice."""
    if from_stdin:
        try:
            line = sys.stdin.buffer.readline(LINE_BYTES + 1)
            if len(line) > LINE_BYTES:
                raise click.ClickException(f"Use at most {MAXIMUM_LENGTH:,} characters.")
            return line.decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise click.ClickException("The password is not text in UTF-8.") from error
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="Repeat the password"))
