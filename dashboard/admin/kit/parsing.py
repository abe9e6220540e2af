"""Reading ids from requests."""

from __future__ import annotations

from collections.abc import Iterable

MAXIMUM_ID = 2**31 - 1  # PostgreSQL's integer
ID_DIGITS = 10
NUMBER_DIGITS = 18


def read_id(text: str) -> int | None:
    """The id in `text`, in plain digits; None where no record could have it."""
    if not (len(text) <= ID_DIGITS and text.isascii() and text.isdigit()):
        return None
    return int(text) if int(text) <= MAXIMUM_ID else None


def read_number(text: str) -> int | None:
    """The number of a change or a change set, which may be larger than an id; None for other texts."""
    return int(text) if len(text) <= NUMBER_DIGITS and text.isascii() and text.isdigit() else None


def read_ids(texts: Iterable[str], most: int) -> list[int]:
    """The first `most` ids among `texts`, each once; other texts are ignored."""
    ids = (read_id(text) for text in texts)
    return list(dict.fromkeys(key for key in ids if key is not None))[:most]
