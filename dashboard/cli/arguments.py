"""Arguments and options that have to say something: what a script passes may be a variable nobody set."""

from __future__ import annotations

import re

import click

SEAL = re.compile(r"[1-9][0-9]*:[0-9a-f]{64}")
NO_SEAL = "none"
"""How the last seal of an empty history is told."""


def not_empty(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Give back `value` where it is left out or says something; raises click.BadParameter otherwise."""
    if value is not None and not value.strip():
        raise click.BadParameter("It is empty.")
    return value


def read_seal(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The seal that was noted, None where none was there to note; raises click.BadParameter for no seal."""
    noted = not_empty(context, parameter, value)
    if noted is None or noted == NO_SEAL:
        return None
    if not SEAL.fullmatch(noted):
        raise click.BadParameter(
            f"{noted!r} is no seal. Give the last one that an earlier run told, a number, a colon and "
            f"64 digits, or {NO_SEAL!r}."
        )
    return noted
