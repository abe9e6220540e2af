"""The command line with the commands that plug-ins add."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any

import click
from flask import Flask

from dashboard.cli.environment import build, context_of, has_plugins, read_settings
from dashboard.plugins import commands_of


class Commands(click.Group):
    """The commands of the console, then those of plug-ins.

    A plug-in is imported only where its commands are listed, or none of the console has the name.
    """

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with a name; ends with one line where it may be a plug-in's that cannot be used."""
        return super().get_command(ctx, cmd_name) or of_plugins().get(cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands; a line says why those of plug-ins are missing."""
        own = super().list_commands(ctx)
        try:
            return [*own, *sorted(of_plugins())]
        except click.ClickException as error:
            click.echo(f"The commands of plug-ins are not listed: {error.message}", err=True)
            return own


def of_plugins() -> dict[str, click.Command]:
    """The commands of plug-ins by their names; ends the command with one line where one cannot be used."""
    if not has_plugins():
        return {}
    app = build(read_settings())
    return {name: within(app, group) for name, group in commands_of(app).items()}


def within(app: Flask, command: click.Command) -> click.Command:
    """A copy of a command, or of a group with all its commands, that runs in the context of `app`."""
    own = copy(command)
    if isinstance(own, click.Group):
        own.commands = {name: within(app, each) for name, each in own.commands.items()}
    elif own.callback:
        own.callback = _in_context(app, own.callback)
    return own


def _in_context(app: Flask, callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def run(*arguments: Any, **options: Any) -> Any:
        with context_of(app):
            return callback(*arguments, **options)

    return run
