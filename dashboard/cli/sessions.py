"""Commands for sessions."""

from __future__ import annotations

import click

from dashboard.accounts.sessions import cookie_contents, find_session
from dashboard.bounds import HEADER_BYTES
from dashboard.cli.arguments import Text
from dashboard.cli.environment import application


@click.group()
def sessions() -> None:
    """Look into sessions."""


@sessions.command()
@click.argument("cookie", type=Text(HEADER_BYTES))
def inspect(cookie: str) -> None:
    """Show what a session COOKIE holds, whether its signature is good, and whose live session it is."""
    with application() as app:
        contents = cookie_contents(app, cookie)
        if contents is None:
            click.echo("Signature: bad. The cookie was changed, or signed with another secret key.")
            raise SystemExit(1)
        click.echo("Signature: good.")
        token = str(contents.pop("_user_id", ""))
        click.echo(
            f"Contents:  {', '.join(sorted(contents)) or 'nothing'}{' and a session token' if token else ''}"
        )
        session = find_session(token) if token else None
        if session is None:
            click.echo("Session:   not live; a browser with this cookie is logged out.")
            raise SystemExit(1)
        click.echo(
            f"Session:   {session.user.email} ({session.user.role}), "
            f"last seen {session.last_seen_at:%Y-%m-%d %H:%M} UTC"
        )
