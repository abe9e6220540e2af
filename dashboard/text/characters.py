"""Characters that are invisible, that change the text around them, or that are not assigned."""

from __future__ import annotations

from itertools import chain
from unicodedata import category

# Unicode Character Database, DerivedCoreProperties.txt: Default_Ignorable_Code_Point as of Unicode 14, as far
# as it is not of the category Cf. Fillers of Hangul, variation selectors and the like.
IGNORABLE = frozenset(
    chain(
        (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0),
        range(0x180B, 0x1810),
        range(0xFE00, 0xFE10),
        range(0xFFF0, 0xFFF9),
        range(0xE0000, 0xE1000),
    )
)
EMPTY = dict.fromkeys(map(ord, "\u2800\ufffc\U00013441\U00013442\U0001d159"), " ")
"""Makes blanks of signs that are drawn as one though no property says so: empty braille, the place of an
object, two Egyptian blanks, an empty note."""
TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""They turn the direction of text up to the end of the paragraph (Unicode Standard Annex 9, 2.1 to 2.5)."""
HALF = "It holds half of a character, which no database stores. Type it again."
"""Told of a text that is not Unicode."""
CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})


def is_invisible(character: str) -> bool:
    """Whether a character shows nothing and takes no room, such as a joiner or a soft hyphen."""
    return category(character) == "Cf" or ord(character) in IGNORABLE


def is_control(character: str) -> bool:
    """Whether it is a control character, a line break or half of a surrogate pair."""
    return category(character) in CONTROL


def is_unicode(text: str) -> bool:
    """Whether `text` is Unicode; in what the system hands over, bytes that are not UTF-8 are surrogates."""
    return not any("\ud800" <= each <= "\udfff" for each in text)


def visible(text: str) -> str:
    """`text` without the characters that show nothing."""
    return "".join(c for c in text if c.isascii() or not is_invisible(c))
