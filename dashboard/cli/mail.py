"""Commands for mail."""

from __future__ import annotations

import click
from flask import current_app

from dashboard.accounts.letters import letter
from dashboard.accounts.models import EMAIL_LENGTH
from dashboard.cli.arguments import Text
from dashboard.cli.environment import build, read_settings
from dashboard.config import Settings
from dashboard.log_lines import escaped
from dashboard.mail.letters import message
from dashboard.mail.smtp import NotSent, deliver
from dashboard.web.pages import BRAND

NO_SERVER = "No mail is sent: DASHBOARD_MAIL_URL is not set."


@click.group("mail")
def mail_commands() -> None:
    """Try the settings of mail."""


@mail_commands.command("test")
@click.argument("address", type=Text(EMAIL_LENGTH))
def test_command(address: str) -> None:
    """Send a mail to an address now, and say how it went."""
    with build(read_settings()).app_context():
        settings: Settings = current_app.extensions["settings"]
        if settings.mail is None:
            raise click.ClickException(NO_SERVER)
        trial = letter(address, "A trial", "The settings of mail are right: this mail has arrived.")
        try:
            deliver(settings.mail, message(trial, settings.mail, BRAND))
        except (NotSent, ValueError) as error:
            raise click.ClickException(escaped(f"{error} (the server is {settings.mail})")) from error
        click.echo(f"Sent to {address} by {settings.mail}, from {settings.mail.sender}.")
