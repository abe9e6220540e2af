"""Commands for accounts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select

from dashboard.accounts.authenticator.flows import encrypt_again, number_outdated
from dashboard.accounts.email_change.flows import replace_email
from dashboard.accounts.flows import create_account, find_account, lock_account
from dashboard.accounts.invitations.flows import invite
from dashboard.accounts.link_addresses import link_address
from dashboard.accounts.managing import (
    change_account,
    deactivate_accounts,
    log_out_everywhere,
    manage_accounts,
)
from dashboard.accounts.models import EMAIL_LENGTH, NAME_LENGTH, User
from dashboard.accounts.new_links import new_link, purpose_of_link
from dashboard.accounts.one_time_links import Purpose, expiry
from dashboard.accounts.password_policy import new_password_fault
from dashboard.accounts.passwords import MAXIMUM_LENGTH
from dashboard.accounts.second_factor.flows import reset_factors
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.bounds import TRIMMED
from dashboard.cli.arguments import Text
from dashboard.cli.environment import application
from dashboard.config import LOCAL_ADDRESS
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.log_lines import escaped
from dashboard.number_form import number_words
from dashboard.permissions import Role
from dashboard.refusal import Refusal
from dashboard.words import counted

ROWS = 1000  # read at once from the database
ADDRESS_LENGTH = 200
LINE_BYTES = 4 * TRIMMED * MAXIMUM_LENGTH + len("\r\n")  # a character has up to four in UTF-8


email_argument = click.argument("email", type=Text(EMAIL_LENGTH))
role_option = click.option(
    "--role", type=click.Choice([role.value for role in Role]), required=True, help="The role of the account."
)
name_option = click.option(
    "--name", default="", type=Text(NAME_LENGTH, may_be_empty=True), help="The person's name."
)
address_option = click.option(
    "--address",
    default=LOCAL_ADDRESS,
    show_default=True,
    type=Text(ADDRESS_LENGTH),
    help="Where the console is, unless DASHBOARD_BASE_URL says so.",
)


@click.group()
def users() -> None:
    """Look after accounts."""


@users.command()
@email_argument
@role_option
@name_option
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Make an account; asks for the password twice on a terminal."""
    with application():
        password = ask_password(password_stdin)
        if fault := new_password_fault(password, email=email, name=name):
            raise click.ClickException(fault)
        try:
            user = create_account(
                email, password, role=role, name=name, begin=lambda: begin_write(db.session)
            )
        except Refusal as error:
            raise click.ClickException(str(error)) from error
        log_event(Event.ACCOUNT_CREATED, user, role=role)
        db.session.commit()
        click.echo(f"Account {user.email} created with the role {user.role}.")


def ask_password(from_stdin: bool) -> str:
    """The password: the first line of standard input, or typed twice."""
    if from_stdin:
        try:
            line = sys.stdin.buffer.readline(LINE_BYTES + 1)
            if len(line) > LINE_BYTES:
                raise click.ClickException(f"Use at most {number_words(MAXIMUM_LENGTH)} characters.")
            return line.decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise click.ClickException("The password is not text in UTF-8.") from error
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="Repeat the password"))


@users.command("list")
def list_command() -> None:
    """List the accounts: email, role, state, when the user was last seen, and name."""
    with application():
        for user in db.session.scalars(select(User).order_by(User.email).execution_options(yield_per=ROWS)):
            seen = f"{user.last_seen_at:%Y-%m-%d}" if user.last_seen_at else "never"
            click.echo(f"{user.email}\t{user.role}\t{user.state}\t{seen}\t{user.name}".rstrip())


@users.command("invite")
@email_argument
@role_option
@name_option
@address_option
def invite_command(email: str, role: str, name: str, address: str) -> None:
    """Make an account without a password, and print the link with which its user joins."""
    with changing():
        user, token = invite(email, role=Role(role), name=name)
        tell_link(user, Purpose.INVITATION, token, address)


@users.command()
@email_argument
@address_option
def reset(email: str, address: str) -> None:
    """Print a link with which a user chooses a new password, or an invited one joins."""
    with changing():
        user = the_account(email)
        tell_link(user, purpose_of_link(user), new_link(None, user), address)


@users.command("set-role")
@email_argument
@click.argument("role", type=click.Choice([role.value for role in Role]))
def set_role(email: str, role: str) -> None:
    """Change the role of an account."""
    with changing():
        user = the_account(email)
        change_account(None, user, name=user.name, role=Role(role))
        click.echo(f"Account {user.email} has the role {role}.")


@users.command("set-email")
@email_argument
@click.argument("new_email", type=Text(EMAIL_LENGTH))
def set_email(email: str, new_email: str) -> None:
    """Change the email of an account, without a mail that checks the new one."""
    with changing():
        user = the_account(email)
        replace_email(user, new_email)
        click.echo(f"Account {user.email} is the one that was {escaped(email)}.")


@users.command()
@email_argument
def deactivate(email: str) -> None:
    """Deactivate an account and log its user out everywhere."""
    with changing():
        user = the_account(email)
        deactivate_accounts(None, [user])
        click.echo(f"Account {user.email} deactivated.")


@users.command("sign-out")
@email_argument
def log_out_command(email: str) -> None:
    """Log a user out of every browser."""
    with changing():
        user = the_account(email)
        number = log_out_everywhere(None, [user])
        click.echo(f"Account {user.email} logged out: {counted(number, 'session')} ended.")


@users.command("reset-factors")
@email_argument
def reset_factors_command(email: str) -> None:
    """Remove every second factor of a user who lost it, and log the user out everywhere."""
    with changing():
        user = the_account(email)
        reset_factors(None, [user])
        click.echo(f"Second factor of {user.email} reset.")


@users.command("encrypt-factors")
def encrypt_factors() -> None:
    """Encrypt the seeds of authenticator apps under the newest key."""
    with application():
        while encrypt_again():
            pass
        older, gone = number_outdated()
        if older or gone:
            raise click.ClickException(f"{counted(older + gone, 'seed')} could not be encrypted again.")
        click.echo("All seeds are encrypted under the newest key.")


@contextmanager
def changing() -> Iterator[None]:
    """Change accounts, and commit; ends the command with one line where a rule forbids it."""
    with application():
        begin_write(db.session)
        manage_accounts()
        try:
            yield
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
        db.session.commit()


def the_account(email: str) -> User:
    """The account with this email, locked; raises Refusal where there is none."""
    found = find_account(email)
    user = lock_account(found.id) if found else None
    if user is None:
        raise Refusal(f"There is no account {escaped(email)}.")
    return user


def tell_link(user: User, purpose: Purpose, token: str, address: str) -> None:
    """Print a link alone on standard output, and what it is for on standard error."""
    until = expiry(user, purpose)
    click.echo(f"For {user.email}. The link works once, until {until:%Y-%m-%d %H:%M} UTC:", err=True)
    click.echo(link_address(purpose, token, address))
