"""How long what comes from outside may be; docs/bounds.md has a row for each input."""

from __future__ import annotations


def excess(text: str, longest: int, written: int = 1) -> str | None:
    """Say in plain words that `text` is longer than `longest` characters, or None.

    Text that is still to be trimmed or brought to Unicode's composed form may be `written` times as long.
    """
    if len(text) <= longest * written:
        return None
    return f"Use at most {longest:,} characters; this has {len(text):,}."
