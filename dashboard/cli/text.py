"""Text on the command line, of a bounded length."""

from __future__ import annotations

import click

from dashboard.bounds import excess


class Text(click.ParamType[str]):
    """Text of at most `longest` characters."""

    name = "text"

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        """Return the text; ends the command with one line where it is too long."""
        if fault := excess(value, self.longest):
            raise click.ClickException(f"{param.human_readable_name if param else self.name}: {fault}")
        return value
