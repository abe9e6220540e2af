"""The account for which a command acts, with its permissions of now."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import select

from dashboard.accounts.models import EMAIL_LENGTH, User
from dashboard.cli.arguments import Text
from dashboard.extensions import db
from dashboard.log_lines import escaped
from dashboard.permissions import Role


def as_option(does: str) -> Any:
    """The option ``--as EMAIL`` of a command that `does` something for an account, such as ``imports``."""
    return click.option("--as", "email", type=Text(EMAIL_LENGTH), help=f"The account that {does}.")


def acting_account(email: str | None) -> int:
    """The number of an active account, the first owner where no email is given; ends the command else."""
    its = User.role == Role.OWNER if email is None else User.email == email
    key: int | None = db.session.scalar(select(User.id).where(User.active, its).order_by(User.id))
    if key is None:
        what = "No owner is active" if email is None else f"No active account has the email {escaped(email)}"
        raise click.ClickException(f"{what}. Name the account with --as.")
    return key
