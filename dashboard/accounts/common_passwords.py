"""Common passwords, also as people lengthen them until a rule accepts them; without a network.

Usual lists hold only tens of passwords that are as long as production demands. So the list is derived from
what comes with zxcvbn (MIT licence): 30,000 passwords from breaches that were published, and 64,000 words and
names. It has each of them, repeated, and with a common ending or beginning of digits and symbols. It is not
written out: a text is taken apart and its parts are looked up, which takes no memory and a few milliseconds
at most.
"""

from __future__ import annotations

import re

from zxcvbn.matching import RANKED_DICTIONARIES

LISTS = tuple(RANKED_DICTIONARIES.values())  # each text is in the one where it is most common
SHORTEST_WORD = 4  # characters
FEW_DIGITS = 4  # of any kind, such as a year
FEW_SYMBOLS = 4
LONGEST_ENDING = 24  # digits and symbols
SIGNS = re.compile(r"[\W\d_]*")


def is_common(password: str) -> bool:
    """Whether `password`, in its normal form, is a common one, or made of one in a common way."""
    text = password.lower()
    if _is_listed(text):
        return True
    # The common password may have digits and symbols of its own at either end.
    before, after = SIGNS.match(text), SIGNS.match(text[::-1])
    ends = range(len(text), len(text) - _length(after) - 1, -1)
    starts = [start for start in range(_length(before) + 1) if _is_usual(text[:start])]
    return any(
        _is_word(text[start:end]) for end in ends if _is_usual(text[end:]) for start in starts if start < end
    )


def _length(edge: re.Match[str] | None) -> int:
    """Return how many digits and symbols may be taken away at an edge."""
    return min(edge.end(), LONGEST_ENDING) if edge else 0


def _is_word(text: str) -> bool:
    return len(text) >= SHORTEST_WORD and _is_listed(text)


def _is_usual(ending: str) -> bool:
    """Whether people add such digits and symbols: few, or a common number, or two of these."""
    digits = "".join(filter(str.isdecimal, ending))
    few_symbols = len(ending) - len(digits) <= FEW_SYMBOLS
    cuts = range(len(digits) + 1)
    return few_symbols and any(_is_number(digits[:cut]) and _is_number(digits[cut:]) for cut in cuts)


def _is_number(digits: str) -> bool:
    return len(digits) <= FEW_DIGITS or _is_listed(digits)


def _is_listed(text: str) -> bool:
    """Whether `text` is a common password or word that stands once or repeatedly."""
    size = (text + text).find(text, 1)
    piece = text[:size]
    return any(piece * number in each for number in (1, 2, 3) for each in LISTS)
