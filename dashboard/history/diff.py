"""The differences between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, takewhile
from typing import NamedTuple

TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
WORD = re.compile(r"\S+")
MOST_COMPARED = 10_000
"""The most pairs of words that are compared, in some milliseconds; longer rewrites are shown whole."""
MOST_PIECES = 80
"""More changes than that are harder to read than both texts."""
UNCHANGED_WORDS = 12


class Mark(StrEnum):
    """The kind of a piece of text; a piece that is ``left out`` is unchanged and long."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left out"
    REMOVED = "removed"


class Piece(NamedTuple):
    """A piece of text and its kind."""

    mark: Mark
    text: str


def differences_in(old: str, new: str) -> list[Piece]:
    """The pieces from `old` to `new`: unchanged and removed ones make up `old`, unchanged and added `new`.

    The time is limited: where too much differs, the difference is one removal and one addition.
    """
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    head = _alike(before, after)
    rest, others = before[head:], after[head:]
    tail = _alike(rest[::-1], others[::-1])
    middle = _between(rest[: len(rest) - tail], others[: len(others) - tail])
    end = rest[len(rest) - tail :]
    return _joined(
        [Piece(Mark.UNCHANGED, "".join(before[:head])), *middle, Piece(Mark.UNCHANGED, "".join(end))]
    )


def condensed(pieces: Sequence[Piece], words: int = UNCHANGED_WORDS) -> list[Piece]:
    """The pieces, with the middle of long unchanged ones left out: the words beside a change remain."""
    last = len(pieces) - 1
    return [part for at, piece in enumerate(pieces) for part in _cut(piece, words, at == 0, at == last)]


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """The number of words that both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def _between(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    whole = _replaced(before, after)
    if len(before) * len(after) > MOST_COMPARED:
        return whole
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    pieces = [
        piece
        for code, i1, i2, j1, j2 in matcher.get_opcodes()
        for piece in (
            [Piece(Mark.UNCHANGED, "".join(before[i1:i2]))]
            if code == "equal"
            else _replaced(before[i1:i2], after[j1:j2])
        )
    ]
    return whole if len(pieces) > MOST_PIECES else pieces


def _replaced(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    return [Piece(Mark.REMOVED, "".join(before)), Piece(Mark.ADDED, "".join(after))]


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Join pieces: changes with only blanks between them become one."""
    found: list[Piece] = []
    changes: list[Piece] = []
    for piece in (piece for piece in pieces if piece.text):
        if piece.mark is Mark.UNCHANGED and (piece.text.strip() or not changes):
            found += [*_merged(changes), piece]
            changes = []
        else:
            changes.append(piece)
    return [
        Piece(mark, "".join(p.text for p in same))
        for mark, same in groupby([*found, *_merged(changes)], _mark)
    ]


def _merged(changes: Sequence[Piece]) -> Iterator[Piece]:
    blanks = [changes[-1]] if changes and changes[-1].mark is Mark.UNCHANGED else []
    inner = changes[: len(changes) - len(blanks)]
    for mark, other in ((Mark.REMOVED, Mark.ADDED), (Mark.ADDED, Mark.REMOVED)):
        if text := "".join(piece.text for piece in inner if piece.mark is not other):
            yield Piece(mark, text)
    yield from blanks


def _mark(piece: Piece) -> Mark:
    return piece.mark


def _cut(piece: Piece, words: int, is_first: bool, is_last: bool) -> list[Piece]:
    found = [*WORD.finditer(piece.text)]
    if piece.mark is not Mark.UNCHANGED or len(found) <= words or (is_first and is_last):
        return [piece]
    half = words // 2
    start = "" if is_first else piece.text[: found[half - 1].end()]
    end = "" if is_last else piece.text[found[-half].start() :]
    cut = [Piece(Mark.UNCHANGED, start), Piece(Mark.LEFT_OUT, " … "), Piece(Mark.UNCHANGED, end)]
    return [part for part in cut if part.text]
