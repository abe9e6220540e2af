"""Which columns an address asks for, and in which order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from dashboard.listing.columns import Column

MISSING_SHOWN = 5
COLUMN_NAME = re.compile(r"[A-Za-z_]\w{0,62}", re.ASCII)


def chosen_columns(
    columns: Sequence[Column], asked: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the columns to show, the first one first, and of those asked for that do not exist."""
    names = [column.name for column in columns]
    chosen = [name for name in asked if name in names]
    missing = [name for name in dict.fromkeys(asked) if name not in names and COLUMN_NAME.fullmatch(name)]
    usual = tuple(column.name for column in columns if column.shown)
    return tuple(dict.fromkeys([names[0], *chosen])) if chosen else usual, tuple(missing[:MISSING_SHOWN])


def moved(columns: tuple[str, ...], args: MultiDict[str, str]) -> tuple[str, ...]:
    """The columns with one of them moved by a place, if `args` asks for it; the first one stays."""
    for way, step in (("earlier", -1), ("later", 1)):
        name = args.get(way, "")
        rest = [*columns[1:]]
        if name in rest:
            place = rest.index(name)
            rest.insert(max(0, place + step), rest.pop(place))
            return (columns[0], *rest)
    return columns
