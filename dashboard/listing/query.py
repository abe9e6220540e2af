"""The text of a search, as an address may have it: cleaned, and of a bounded length."""

from __future__ import annotations

import re

from dashboard.search.text import asked

SEARCH_LENGTH = 200
CODES_LENGTH = 2_000
"""Characters of a search in a list, which may be many codes; of words, it takes the first eight."""
LAST_PART = re.compile(r"[^\s,;]*\Z")


def clean_query(text: str) -> str:
    """A search for words as it can be asked: without control characters, of a bounded length."""
    return asked(text, SEARCH_LENGTH)


def clean_search(text: str) -> tuple[str, str]:
    """A search in a list as it can be asked, and the last word of one that was too long, else nothing.

    The input takes no more characters than a search, so that one of this length may have lost its end. A part
    of a code is none: it is cut off.
    """
    whole = asked(text, CODES_LENGTH)
    if len(text) < CODES_LENGTH:
        return whole, ""
    kept = LAST_PART.sub("", whole).rstrip(" ,;") or whole
    last = LAST_PART.search(kept)
    return kept, last[0] if last else ""
