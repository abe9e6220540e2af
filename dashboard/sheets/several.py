"""Several texts in one cell: separated by semicolons, in double quotes where a text holds one itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

SEPARATOR, QUOTE = ";", '"'
ITEM = re.compile(r'[^\S\n]*(?:"((?:[^"]|"")*)"[^\S\n]*(?=[;\n]|\Z)|([^;\n]*))(?:[;\n]|\Z)')
"""A text and the sign behind it: a semicolon, a line break or the end of the cell."""


def joined(texts: Iterable[str]) -> str:
    """The cell that holds these texts, which `separated` makes of it again."""
    return f"{SEPARATOR} ".join(map(_quoted, texts))


def separated(cell: str) -> list[str]:
    """The texts in a cell, without blank ones; a line break separates them too."""
    found, at = list[str](), 0
    while at < len(cell) and (item := ITEM.match(cell, at)):
        at = item.end()
        quoted, plain = item.groups()
        text = plain.strip() if quoted is None else " ".join(quoted.replace('""', QUOTE).splitlines())
        if text:
            found.append(text)
    return found


def _quoted(text: str) -> str:
    is_plain = not text.startswith(QUOTE) and text == text.strip() and not {SEPARATOR, "\n"} & {*text}
    return text if is_plain else f'"{text.replace(QUOTE, QUOTE * 2)}"'
