"""Arguments and options with a bound, which may be empty only if they say so.

A script may pass a variable that was never set.
"""

from __future__ import annotations

import re

import click

from dashboard.bounds import excess

SEAL = re.compile(r"[1-9][0-9]*:[0-9a-f]{64}")
NO_SEAL = "none"
"""The last seal of an empty history."""
EMPTY = "It is empty."


class Text(click.ParamType[str]):
    """Text of at most `longest` characters, which may be empty only where `may_be_empty` is set."""

    name = "text"

    def __init__(self, longest: int, *, may_be_empty: bool = False) -> None:
        self.longest, self.may_be_empty = longest, may_be_empty

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text; ends the command with one line if it is too long or empty."""
        if fault := excess(value, self.longest):
            raise click.ClickException(f"{param.human_readable_name if param else self.name}: {fault}")
        if not (self.may_be_empty or value.strip()):
            self.fail(EMPTY, param, ctx)
        return value


def read_seal(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Return the seal of an earlier run, None for an empty history; raises click.BadParameter otherwise."""
    if value is None or value == NO_SEAL:
        return None
    if not SEAL.fullmatch(value):
        raise click.BadParameter(
            f"{value!r} is not a seal. Give the last seal that an earlier run printed, a number, a colon and "
            f"64 digits, or {NO_SEAL!r}."
        )
    return value


def not_empty(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Return the path; raises click.BadParameter if it is empty, which would mean the current folder."""
    if not value.strip():
        raise click.BadParameter(EMPTY)
    return value
