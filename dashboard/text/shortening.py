"""Names in sentences, where long ones are cut; pages about a record show its name in full."""

from __future__ import annotations

from unicodedata import category

NAME_SHOWN = 60
JOINER = "\u200d"


def quoted(name: object) -> str:
    """A name as a sentence holds it: in quotation marks, and short."""
    return f"“{shortened(str(name))}”"


def shortened(text: str, most: int = NAME_SHOWN) -> str:
    """`text` in at most `most` characters; cut, with an ellipsis, where what people see as one sign ends."""
    if len(text) <= most:
        return text
    ends = (end for end in range(most - 1, most // 2, -1) if _may_end(text, end))
    return text[: next(ends, most - 1)].rstrip() + "…"


def _may_end(text: str, end: int) -> bool:
    """Whether a cluster of characters ends before `end` (the rules of UAX 29 that names need)."""
    return not (
        _continues(text[end])
        or text[end - 1] == JOINER
        or (_is_half_a_flag(text[end]) and len(_flags_before(text[:end])) % 2)
    )


def _continues(character: str) -> bool:
    """Whether a character belongs to the one before: accents, variations, joiners, tones of skin, jamo."""
    return (
        character == JOINER
        or category(character).startswith("M")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or "\u1160" <= character <= "\u11ff"
    )


def _is_half_a_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags_before(text: str) -> str:
    rest = text.rstrip("".join(map(chr, range(0x1F1E6, 0x1F200))))
    return text[len(rest) :]
