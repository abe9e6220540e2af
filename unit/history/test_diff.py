"""Two texts compared word by word."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.history.diff import MOST_PIECES, UNCHANGED_WORDS, Mark, Piece, condensed, differences_in

ADDED, UNCHANGED, LEFT_OUT, REMOVED = Mark.ADDED, Mark.UNCHANGED, Mark.LEFT_OUT, Mark.REMOVED
LONGEST = 5_000
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(["oak", "lamp", " ", "  ", "\n", ".", ",", "é", "a", "b"]), max_size=40).map(
        "".join
    ),
)


def text_of(pieces: list[Piece], *marks: Mark) -> str:
    return "".join(piece.text for piece in pieces if piece.mark in marks)


@given(old=TEXTS, new=TEXTS)
def test_pieces_make_up_the_old_and_the_new_text(old: str, new: str) -> None:
    pieces = differences_in(old, new)
    assert text_of(pieces, UNCHANGED, REMOVED) == old
    assert text_of(pieces, UNCHANGED, ADDED) == new
    assert all(piece.text for piece in pieces)


@given(old=TEXTS, new=TEXTS)
def test_shortening_keeps_every_change(old: str, new: str) -> None:
    pieces = differences_in(old, new)
    short = condensed(pieces, words=4)
    assert [p for p in short if p.mark in (ADDED, REMOVED)] == [
        p for p in pieces if p.mark in (ADDED, REMOVED)
    ]
    assert all(len(p.text.split()) <= 4 for p in short if p.mark is UNCHANGED) or len(pieces) == 1


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("A lamp", "A lamp", [(UNCHANGED, "A lamp")]),
        ("", "A lamp", [(ADDED, "A lamp")]),
        ("A lamp", "", [(REMOVED, "A lamp")]),
        ("A lamp.", "A lamp of oak.", [(UNCHANGED, "A lamp"), (ADDED, " of oak"), (UNCHANGED, ".")]),
        (
            "An oak lamp",
            "An elm lamp",
            [(UNCHANGED, "An "), (REMOVED, "oak"), (ADDED, "elm"), (UNCHANGED, " lamp")],
        ),
        # Only blanks between two changes: they are shown as one.
        ("a b", "c d", [(REMOVED, "a b"), (ADDED, "c d")]),
        (
            "same old end",
            "same new end",
            [(UNCHANGED, "same "), (REMOVED, "old"), (ADDED, "new"), (UNCHANGED, " end")],
        ),
        ("<b>x</b>", "<i>x</b>", [(UNCHANGED, "<"), (REMOVED, "b"), (ADDED, "i"), (UNCHANGED, ">x</b>")]),
    ],
)
def test_texts_are_compared_word_by_word(old: str, new: str, pieces: list[tuple[Mark, str]]) -> None:
    assert differences_in(old, new) == pieces


def test_changed_word_in_long_text_is_shown_with_words_around_it() -> None:
    before = " ".join(f"word{n}" for n in range(40))
    pieces = condensed(differences_in(before, before.replace("word20 ", "other ")))
    assert [piece.mark for piece in pieces] == [LEFT_OUT, UNCHANGED, REMOVED, ADDED, UNCHANGED, LEFT_OUT]
    assert text_of(pieces, UNCHANGED).split() == [f"word{n}" for n in (*range(14, 20), *range(21, 27))]


def test_long_text_between_changes_keeps_both_ends() -> None:
    middle = " ".join(f"word{n}" for n in range(UNCHANGED_WORDS + 8))
    pieces = condensed(differences_in(f"a {middle} b", f"c {middle} d"))
    assert [piece.mark for piece in pieces] == [
        REMOVED,
        ADDED,
        UNCHANGED,
        LEFT_OUT,
        UNCHANGED,
        REMOVED,
        ADDED,
    ]
    assert [len(p.text.split()) for p in pieces if p.mark is UNCHANGED] == [UNCHANGED_WORDS // 2] * 2


def test_unchanged_text_is_not_shortened() -> None:
    pieces = [Piece(UNCHANGED, "word " * 50)]
    assert condensed(pieces) == pieces


def test_rewritten_text_is_one_removal_and_one_addition() -> None:
    old = " ".join(f"a{n} b" for n in range(150))
    new = " ".join(f"c{n} b" for n in range(150))
    assert [piece.mark for piece in differences_in(old, new)] == [REMOVED, ADDED, UNCHANGED]
    scattered = " ".join(f"{n} x y" for n in range(45)), " ".join(f"{n} x z" for n in range(45))
    assert len(differences_in(*scattered)) <= MOST_PIECES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a ", "b "),
        ("x b ", "x c "),
        ("a b ", "b a "),
        ("word ", "word other "),
        ("é.", "é,"),
        ("a", "b"),
        (" ", "\n"),
    ],
)
@pytest.mark.parametrize("length", [130, 280, 600, LONGEST])
def test_longest_texts_take_some_milliseconds(one: str, other: str, length: int) -> None:
    old, new = (one * LONGEST)[:length], (other * LONGEST)[:length]
    started = process_time()
    differences_in(old + "x", new)
    assert process_time() - started < 0.1
